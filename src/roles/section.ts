/** A cell as far as sections go. */
export interface ISectionCell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
}

/**
 * The level of the highest heading in a text of Markdown, 1 to 6; null without one.
 *
 * Headings are lines with `#` before the text, or with `===` or `---` below it; what stands in a fence is none.
 */
export function headingLevel(markdown: string): number | null {
  let fence: string | null = null;
  let before = '';
  let highest: number | null = null;
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === null) {
        fence = mark;
      } else if (mark.startsWith(fence)) {
        fence = null;
      }
      before = '';
      continue;
    }
    const level =
      fence === null ? (atxLevel(line) ?? setextLevel(line, before)) : null;
    if (level !== null && level < (highest ?? 7)) {
      highest = level;
    }
    before = level === null ? line : '';
  }
  return highest;
}

function atxLevel(line: string): number | null {
  return /^ {0,3}(#{1,6})(?=\s|$)/.exec(line)?.[1].length ?? null;
}

function setextLevel(line: string, before: string): number | null {
  // A paragraph's last line; what starts a list, a quote or a table is none.
  if (!/^ {0,3}[^\s>|#*+\-`~]/.test(before)) {
    return null;
  }
  return /^ {0,3}=+\s*$/.test(line) ? 1 : /^ {0,3}-+\s*$/.test(line) ? 2 : null;
}

/**
 * The section that a cell belongs to: from the heading at or above it to the next heading of the same or a higher level.
 *
 * @param index The cell.
 * @returns Indices, `end` exclusive. Cells above the first heading are a section as well.
 */
export function sectionOf(
  cells: readonly ISectionCell[],
  index: number
): { readonly start: number; readonly end: number } {
  const levels = cells.map(({ type, source }) =>
    type === 'markdown' ? headingLevel(source) : null
  );
  const start = levels.findLastIndex(
    (level, at) => level !== null && at <= index
  );
  const own = levels[start] ?? 6;
  const end = levels.findIndex(
    (level, at) => level !== null && at > Math.max(start, index) && level <= own
  );
  return {
    start: Math.max(start, 0),
    end: end < 0 ? cells.length : end
  };
}
