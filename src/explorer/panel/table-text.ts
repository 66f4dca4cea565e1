import type { Cell, IAnswer, ITable, Row } from '../../workload/answer';
import { compareText } from '../../workload/text';

/** Tables as texts, and in another order. */

export interface ISort {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows by a column: undefined values last, equal ones as they were. */
export function sortRows(
  rows: readonly Row[],
  sort: ISort | null
): readonly Row[] {
  if (!sort) {
    return rows;
  }
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = a[sort.column] ?? null;
    const y = b[sort.column] ?? null;
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null);
    }
    return sign * compare(x, y);
  });
}

function compare(a: Exclude<Cell, null>, b: Exclude<Cell, null>): number {
  return typeof a === 'string' || typeof b === 'string'
    ? compareText(String(a), String(b))
    : Number(a) - Number(b);
}

/** Tab-separated values, as spreadsheets take them from the clipboard: numbers in full precision, undefined values empty. */
export function toTsv({ columns, rows }: ITable): string {
  const quote = (value: Cell) => {
    const text = value === null ? '' : String(value);
    return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map(row => columns.map(name => quote(row[name] ?? null)));
  return [columns.map(quote), ...lines]
    .map(line => `${line.join('\t')}\n`)
    .join('');
}

/** An answer that explains itself: rows, where they come from, the caption, and the transform that was applied. */
export function toJson(
  answer: IAnswer,
  table: ITable,
  caption: string,
  transform: string
): string {
  return `${JSON.stringify(
    {
      caption,
      columns: table.columns,
      rows: table.rows,
      ...(transform.trim() === '' ? {} : { transform }),
      provenance: answer.provenance
    },
    null,
    2
  )}\n`;
}

/** A name for a file, from a title. */
export function fileName(title: string, extension: string): string {
  const stem = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${stem || 'chart'}.${extension}`;
}
