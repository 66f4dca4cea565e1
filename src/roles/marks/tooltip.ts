import { StateEffect, StateField } from '@codemirror/state';
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
export const openTooltip = StateEffect.define<number | null>();

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

/** All that an editor of a cell needs to show findings. */
export function findingMarks(actions: IFindingActions): Extension {
  return [
    findingsField,
    hoverTooltip(
      (view, at) => tooltipOf(findingsAt(view.state, at), actions, false),
      { hideOnChange: true }
    ),
    keyTooltip(actions),
    EditorView.domEventHandlers({
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

/** Close what the keyboard opened. False when nothing was open. */
function closeTooltip(view: EditorView): boolean {
  if (!view.dom.querySelector('.jp-WorkloadRoles-tooltip.jp-mod-keyboard')) {
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
  return {
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
          }
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
}
