import type { IRange } from '../finding';
import type { IUnparsed } from './facts';
import type { ILexed } from './tokens';

/**
 * Where the indentation of lines is not that of Python: deeper without a header above, or of a depth that no block above has. The first
 * of them only, by which all that follow are read.
 *
 * Tabs beside blanks, and lines that IPython reads itself, are let be.
 */
export function wrongIndentation(
  value: string,
  { lines, islands }: ILexed
): readonly IUnparsed[] {
  const told = (reason: string, { from, to }: IRange): IUnparsed => ({
    from,
    to: from + value.slice(from, to).trimEnd().length,
    reason
  });
  const starts = [
    ...lines.map(({ from, to, tokens }) => ({
      from,
      to,
      opens: tokens[tokens.length - 1].text === ':',
      isOwn: false
    })),
    ...islands
      .filter(({ kind }) => kind !== 'assigned')
      .map(({ from, to }) => ({ from, to, opens: true, isOwn: true }))
  ].sort((a, b) => a.from - b.from);
  const columns = starts.map(({ from }) =>
    value.slice(value.lastIndexOf('\n', from - 1) + 1, from)
  );
  if (columns.some(column => !/^ *$/.test(column))) {
    return [];
  }
  // IPython takes the indentation of the first line from all that have it.
  const base = columns[0]?.length ?? 0;
  const blocks = [0];
  for (let i = 0; i < starts.length; i++) {
    const { isOwn } = starts[i];
    const { length } = columns[i];
    const column = length >= base ? length - base : length;
    const isDeeper = column > blocks[blocks.length - 1];
    while (column < blocks[blocks.length - 1]) {
      blocks.pop();
    }
    if (column > blocks[blocks.length - 1]) {
      if (isDeeper && starts[i - 1]?.opens === true) {
        blocks.push(column);
      } else if (isOwn) {
        return [];
      } else {
        return [
          told(
            isDeeper
              ? 'it is indented more than the line above it'
              : 'its indentation is that of no line above it',
            starts[i]
          )
        ];
      }
    }
  }
  const last = starts.at(-1);
  return last?.opens === true && !last.isOwn
    ? [told('nothing stands below it', last)]
    : [];
}
