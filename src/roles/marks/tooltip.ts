import { Facet, StateEffect, StateField } from '@codemirror/state';
import type { Extension, Transaction } from '@codemirror/state';
import { EditorView, hoverTooltip, showTooltip } from '@codemirror/view';
import type { Tooltip, TooltipView } from '@codemirror/view';

import type { IFinding } from '../../lint/finding';
import { findingsAt, findingsField, isSamePlaced, setFindings } from './state';
import type { IPlacedFinding } from './state';

/** What a tooltip offers to do. */
export interface IFindingActions {
  /** Draws findings: message, rule, buttons. */
  draw(findings: readonly IFinding[], close: () => void): HTMLElement;
}

/** Opens the keyboard's tooltip at a position, or closes all of them with null. */
const openTooltip = StateEffect.define<number | null>();

/** The tooltip that the keyboard opened. */
function keyTooltip(actions: IFindingActions): Extension {
  return StateField.define<Tooltip | null>({
    create: () => null,
    update: (tooltip, transaction) => {
      let next =
        tooltip &&
        (transaction.docChanged ||
          transaction.selection ||
          isSettled(transaction, tooltip))
          ? null
          : tooltip;
      for (const effect of transaction.effects) {
        if (effect.is(openTooltip)) {
          next =
            effect.value === null
              ? null
              : tooltipOf(
                  findingsAt(transaction.state, effect.value),
                  actions,
                  true
                );
        }
      }
      return next;
    },
    provide: field => showTooltip.from(field)
  });
}

/**
 * All that an editor of a cell needs to show findings.
 *
 * Tooltips come with styles, and for any styles that CodeMirror adds to an editor Chromium computes those of the whole page anew. An editor
 * gets them when it is first pointed at, or a finding in it is opened by keys.
 */
export function findingMarks(actions: IFindingActions): Extension {
  return [
    findingsField,
    tooltips.of([
      hoverTooltip(
        (view, at) => tooltipOf(findingsAt(view.state, at), actions, false),
        {
          hideOnChange: true,
          hideOn: (transaction, tooltip) =>
            isSettled(transaction, tooltip) ||
            transaction.effects.some(
              effect => effect.is(openTooltip) && effect.value === null
            )
        }
      ),
      keyTooltip(actions)
    ]),
    EditorView.domEventHandlers({
      mouseover: (_, view) => addTooltips(view),
      keydown: (event, view) => {
        if (event.key === 'Escape' && closeTooltip(view)) {
          event.stopPropagation();
          return true;
        }
        return false;
      }
    })
  ];
}

/** The tooltips that an editor can be given. */
const tooltips = Facet.define<Extension>();

/** The editors that have been given theirs. */
const hasTooltips = new WeakSet<EditorView>();

function addTooltips(view: EditorView): void {
  if (!hasTooltips.has(view)) {
    hasTooltips.add(view);
    view.dispatch({
      effects: StateEffect.appendConfig.of([...view.state.facet(tooltips)])
    });
  }
}

/** Open the tooltip of the findings at a position. */
export function openTooltipAt(view: EditorView, at: number): void {
  addTooltips(view);
  view.dispatch({ effects: openTooltip.of(at) });
}

/** What a tooltip shows. */
interface IShown {
  readonly placed: readonly IPlacedFinding[];
  /** Whether the keyboard opened it. */
  readonly takesFocus: boolean;
}

const shownBy = new WeakMap<Tooltip, IShown>();

/** Whether another result has come, without all that a tooltip shows: a fix by tags does not change the text. */
function isSettled({ effects, state }: Transaction, tooltip: Tooltip): boolean {
  if (!effects.some(effect => effect.is(setFindings))) {
    return false;
  }
  const now = state.field(findingsField, false) ?? [];
  return !shownBy
    .get(tooltip)
    ?.placed.every(each => now.some(other => isSamePlaced(each, other)));
}

/** Whether what the keyboard opens is open. */
export function isTooltipOpen(view: EditorView): boolean {
  // By the state: JupyterLab puts tooltips into the page's body, not into the editor.
  return view.state
    .facet(showTooltip)
    .some(tooltip => tooltip !== null && shownBy.get(tooltip)?.takesFocus);
}

/** Close what the keyboard opened. False when nothing was open. */
function closeTooltip(view: EditorView): boolean {
  if (!isTooltipOpen(view)) {
    return false;
  }
  view.dispatch({ effects: openTooltip.of(null) });
  return true;
}

function tooltipOf(
  placed: readonly IPlacedFinding[],
  actions: IFindingActions,
  takesFocus: boolean
): Tooltip | null {
  if (placed.length === 0) {
    return null;
  }
  const [{ from, to }] = placed;
  const tooltip: Tooltip = {
    pos: from,
    end: to,
    above: true,
    create: view => {
      const dom = actions.draw(
        placed.map(({ finding }) => finding),
        () => close(view)
      );
      return takesFocus ? keyboardCard(view, dom) : hoverCard(view, dom);
    }
  };
  shownBy.set(tooltip, { placed, takesFocus });
  return tooltip;
}

function close(view: EditorView): void {
  view.dispatch({ effects: openTooltip.of(null) });
  view.focus();
}

/** A card that has the keyboard, and gives it back to the editor when it goes. */
function keyboardCard(view: EditorView, dom: HTMLElement): TooltipView {
  let hasFocus = false;
  dom.classList.add('jp-mod-keyboard');
  dom.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close(view);
    } else if (event.key === 'Tab') {
      // It stands at the end of the page: from its last button the keyboard would get lost.
      event.preventDefault();
      goRound(dom, event.shiftKey ? -1 : 1);
    }
  });
  dom.addEventListener('focusin', () => {
    hasFocus = true;
  });
  dom.addEventListener('focusout', () => {
    setTimeout(() => {
      if (dom.isConnected && !dom.contains(document.activeElement)) {
        hasFocus = false;
        view.dispatch({ effects: openTooltip.of(null) });
      }
    });
  });
  return {
    dom,
    mount: () => {
      const button = dom.querySelector('button');
      (button ?? dom).focus();
    },
    destroy: () => {
      if (hasFocus) {
        // Not before the editor has done with what took the card away.
        queueMicrotask(() => {
          if (view.dom.isConnected && isFocusLost()) {
            view.focus();
          }
        });
      }
    }
  };
}

/** A card at the pointer. Esc closes it wherever the keyboard is, and does nothing else then. */
function hoverCard(view: EditorView, dom: HTMLElement): TooltipView {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      view.dispatch({ effects: openTooltip.of(null) });
    }
  };
  const { ownerDocument } = view.dom;
  return {
    dom,
    mount: () => ownerDocument.addEventListener('keydown', onKeyDown, true),
    destroy: () => ownerDocument.removeEventListener('keydown', onKeyDown, true)
  };
}

function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body;
}

/** Go to the next or previous button of a card, round and round. */
function goRound(card: HTMLElement, by: 1 | -1): void {
  const buttons = [...card.querySelectorAll('button')];
  const at = buttons.findIndex(button => button === document.activeElement);
  buttons.at((at + by) % buttons.length)?.focus();
}
