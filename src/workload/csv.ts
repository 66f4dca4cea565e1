import type { Cell, ITable } from './answer';

/**
 * A table as CSV (RFC 4180, but lines end in LF): header, then rows; missing is empty, and the row of all others has
 * `true` in a last column `other`, which is there only when such a row is.
 *
 * #### Notes
 * Numbers are in full precision with a point. A text that a spreadsheet would take for a formula keeps its value.
 */
export function toCsv({ columns, rows }: ITable): string {
  const header = rows.some(row => row.other === true)
    ? [...columns, 'other']
    : columns;
  const lines = rows.map(row =>
    header.map(name => field(row[name] ?? null)).join(',')
  );
  return [header.map(field).join(','), ...lines, ''].join('\n');
}

function field(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
