import type { IRange } from '../lint/finding';
import { newlineOf } from '../lint/rules/fixes';

/**
 * Where a comment that allows a rule goes, and how it reads.
 *
 * It goes to the top of the cell; below a cell magic, which must stay first.
 *
 * @param reason Why; line breaks in it become blanks.
 */
export function allowanceAt(
  source: string,
  rule: string,
  reason: string
): IRange & { readonly text: string } {
  const why = reason.replace(/\s+/g, ' ').trim();
  const comment = `# workload: allow ${rule} ${why}`.trimEnd();
  const newline = newlineOf(source);
  if (!/^\s*%%/.test(source)) {
    return { from: 0, to: 0, text: comment + newline };
  }
  const start = source.search(/\S/);
  const end = source.indexOf('\n', start);
  return end < 0
    ? { from: source.length, to: source.length, text: newline + comment }
    : { from: end + 1, to: end + 1, text: comment + newline };
}
