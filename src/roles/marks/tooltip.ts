import { Facet, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, showTooltip } from '@codemirror/view';
import type { Tooltip } from '@codemirror/view';

import type { IFinding } from '../../lint/finding';
import { findingsAt, findingsField } from './state';
import type { IPlacedFinding } from './state';

/** What a tooltip offers to do. */
export interface IFindingActions {
  /** Draws findings: message, rule, buttons. */
  draw(findings: readonly IFinding[], close: () => void): HTMLElement;
}

/** Opens the tooltip at a position, or closes it with null. */
const openTooltip = StateEffect.define<number | null>();

/** The tooltip that the keyboard opened. */
function keyTooltip(actions: IFindingActions): Extension {
  return StateField.define<Tooltip | null>({
    create: () => null,
    update: (tooltip, transaction) => {
      let next =
        tooltip && (transaction.docChanged || transaction.selection)
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
        { hideOnChange: true }
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

/** The tooltips that the keyboard opened. */
const ofKeyboard = new WeakSet<Tooltip>();

/** Whether what the keyboard opens is open. */
export function isTooltipOpen(view: EditorView): boolean {
  // By the state: JupyterLab puts tooltips into the page's body, not into the editor.
  return view.state
    .facet(showTooltip)
    .some(tooltip => tooltip !== null && ofKeyboard.has(tooltip));
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
      const close = (): void => {
        view.dispatch({ effects: openTooltip.of(null) });
        view.focus();
      };
      const dom = actions.draw(
        placed.map(({ finding }) => finding),
        close
      );
      if (takesFocus) {
        dom.classList.add('jp-mod-keyboard');
        dom.addEventListener('keydown', event => {
          if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            close();
          } else if (event.key === 'Tab') {
            // It stands at the end of the page: from its last button the keyboard would get lost.
            event.preventDefault();
            goRound(dom, event.shiftKey ? -1 : 1);
          }
        });
        dom.addEventListener('focusout', () => {
          setTimeout(() => {
            if (dom.isConnected && !dom.contains(document.activeElement)) {
              view.dispatch({ effects: openTooltip.of(null) });
            }
          });
        });
      }
      return {
        dom,
        mount: () => {
          if (takesFocus) {
            const button = dom.querySelector('button');
            (button ?? dom).focus();
          }
        }
      };
    }
  };
  if (takesFocus) {
    ofKeyboard.add(tooltip);
  }
  return tooltip;
}

/** Go to the next or previous button of a card, round and round. */
function goRound(card: HTMLElement, by: 1 | -1): void {
  const buttons = [...card.querySelectorAll('button')];
  const at = buttons.findIndex(button => button === document.activeElement);
  buttons.at((at + by) % buttons.length)?.focus();
}
