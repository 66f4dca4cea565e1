import { StateEffect, StateField } from '@codemirror/state';
import type { EditorState, Transaction } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';

import type { IFinding, IRange } from '../../lint/finding';
import { editorOffset } from '../line-ends';

/** A finding at its place in an editor, moved along with what is typed. */
export interface IPlacedFinding extends IRange {
  readonly finding: IFinding;
}

/** Findings, and the source that they are about, whose line ends the editor may have as others. */
export interface ISourceFindings {
  readonly findings: readonly IFinding[];
  readonly source: string;
}

/** Replaces the findings of an editor. */
export const setFindings = StateEffect.define<ISourceFindings>();

/** The findings of an editor, in order; those of the cell as a whole have no place and are not among them. */
export const findingsField = StateField.define<readonly IPlacedFinding[]>({
  create: () => [],
  update: (placed, transaction) => {
    let next = transaction.docChanged ? moved(placed, transaction) : placed;
    for (const effect of transaction.effects) {
      if (effect.is(setFindings)) {
        next = placeFindings(effect.value, transaction.state);
      }
    }
    return next;
  },
  provide: field =>
    EditorView.decorations.from(field, placed => underlines(placed))
});

/** Findings at a position, the narrowest first. */
export function findingsAt(state: EditorState, at: number): IPlacedFinding[] {
  return (state.field(findingsField, false) ?? [])
    .filter(({ from, to }) => from <= at && at <= to)
    .sort((a, b) => a.to - a.from - (b.to - b.from));
}

/** Whether findings of two results say the same of the same place. */
export function isSamePlaced(a: IPlacedFinding, b: IPlacedFinding): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.finding.rule === b.finding.rule &&
    a.finding.severity === b.finding.severity &&
    a.finding.message === b.finding.message &&
    a.finding.fix?.title === b.finding.fix?.title
  );
}

function placeFindings(
  { findings, source }: ISourceFindings,
  { doc }: EditorState
): IPlacedFinding[] {
  const placed = (offset: number): number =>
    Math.min(editorOffset(source, offset), doc.length);
  return findings
    .flatMap(finding => {
      if (!finding.range) {
        return [];
      }
      const from = placed(finding.range.from);
      const to = placed(finding.range.to);
      return from < to ? [{ from, to, finding }] : [];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** What is typed into a name belongs to it no longer once the name is gone. */
function moved(
  placed: readonly IPlacedFinding[],
  { changes }: Transaction
): readonly IPlacedFinding[] {
  return placed.flatMap(each => {
    const from = changes.mapPos(each.from, 1);
    const to = changes.mapPos(each.to, -1);
    return from < to ? [{ ...each, from, to }] : [];
  });
}

const UNDERLINES = {
  error: Decoration.mark({ class: 'jp-WorkloadRoles-underline jp-mod-error' }),
  warning: Decoration.mark({
    class: 'jp-WorkloadRoles-underline jp-mod-warning'
  }),
  info: Decoration.mark({ class: 'jp-WorkloadRoles-underline jp-mod-info' })
};

function underlines(placed: readonly IPlacedFinding[]): DecorationSet {
  return Decoration.set(
    placed.map(({ from, to, finding }) =>
      UNDERLINES[finding.severity].range(from, to)
    ),
    true
  );
}
