import type { IFix, ITagEdit, ITextEdit } from './finding';
import type { ICell, INotebook } from './notebook';

/** The notebook after a fix. Cells that it does not touch are the same objects. */
export function applyFix(notebook: INotebook, fix: IFix): INotebook {
  const cells: ICell[] = [];
  notebook.cells.forEach((cell, index) => {
    for (const { before, source, tags } of fix.insert ?? []) {
      if (before === index) {
        cells.push({ id: null, type: 'code', source, tags, hasOutputs: false });
      }
    }
    const edits = fix.edits.filter(edit => edit.cell === index);
    const tagEdits = fix.tags.filter(edit => edit.cell === index);
    cells.push(
      edits.length + tagEdits.length === 0
        ? cell
        : {
            ...cell,
            source: editedText(cell.source, edits),
            tags: tagEdits.reduce(editedTags, cell.tags)
          }
    );
  });
  for (const { before, source, tags } of fix.insert ?? []) {
    if (before >= notebook.cells.length) {
      cells.push({ id: null, type: 'code', source, tags, hasOutputs: false });
    }
  }
  return { ...notebook, cells };
}

/** A text after edits that do not overlap; offsets are those before any of them. */
export function editedText(
  source: string,
  edits: readonly Pick<ITextEdit, 'from' | 'to' | 'text'>[]
): string {
  return [...edits]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce(
      (text, { from, to, text: by }) =>
        text.slice(0, from) + by + text.slice(to),
      source
    );
}

/** Tags after an edit: those to remove are gone, those to add stand at the end. */
export function editedTags(
  tags: readonly string[],
  { add, remove }: Pick<ITagEdit, 'add' | 'remove'>
): readonly string[] {
  const kept = tags.filter(tag => !remove.includes(tag));
  return [...kept, ...add.filter(tag => !kept.includes(tag))];
}
