/** The rest of the lines up to one that is indented and not blank, and that line, by its indentation. */
const INDENTED =
  /(?:\r\n|\r|\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*([ \t]+)(?=[^\s#])[^\r\n]*/y;

/**
 * Where the lines end that stand below a line and are indented more than it is: the body of a header.
 *
 * @param from - Where the line begins, behind its indentation; what does not begin a line has nothing below it.
 * @param to - Where the line ends.
 */
export function endOfLinesBelow(
  source: string,
  from: number,
  to: number
): number {
  const indent = source.slice(source.lastIndexOf('\n', from - 1) + 1, from);
  if (indent.trim() !== '') {
    return to;
  }
  let end = to;
  for (;;) {
    INDENTED.lastIndex = end;
    const [line, column] = INDENTED.exec(source) ?? [];
    if (
      line === undefined ||
      column === indent ||
      column?.startsWith(indent) !== true
    ) {
      return end;
    }
    end += line.length;
  }
}
