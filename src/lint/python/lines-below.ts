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

/** A line end and the begin of a line. */
const LINE_BEGIN = /(?:\r\n|\r|\n)([ \t]*)(\S)/y;

/**
 * Where the lines end that are likely to belong to the brackets that are open at the end of a line: they are indented more than the
 * statement, or close a bracket.
 */
export function endOfClosingLines(
  source: string,
  to: number,
  column: number
): number {
  let end = to;
  for (;;) {
    LINE_BEGIN.lastIndex = end;
    const [found, indent, sign] = LINE_BEGIN.exec(source) ?? [];
    if (
      found === undefined ||
      (indent.length <= column && !')]}'.includes(sign))
    ) {
      return end;
    }
    end = endOfLine(source, end + found.length);
  }
}

/** Where the line ends in which a place is. */
export function endOfLine(source: string, at: number): number {
  const lineEnd = /[\r\n]|$/g;
  lineEnd.lastIndex = at;
  return lineEnd.exec(source)?.index ?? source.length;
}
