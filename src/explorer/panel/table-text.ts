import type {
  Cell,
  IAnswer,
  IProvenance,
  ITable,
  Row
} from '../../workload/answer';
import { qualityPhrase } from '../../workload/caption';
import type { ITranslator } from '../../workload/translator';
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

/**
 * A table that leaves the panel: what is not exact says so in a last column, which spreadsheets keep, as they do no comment.
 *
 * @returns The table itself when it is exact.
 */
export function markedTable(
  table: ITable,
  provenance: IProvenance,
  trans: ITranslator,
  locale: string
): ITable {
  if (provenance.exact && !provenance.partial) {
    return table;
  }
  const name = ['note', 'estimate_note'].find(
    one => !table.columns.includes(one)
  );
  if (name === undefined) {
    return table;
  }
  const note = qualityPhrase(provenance, trans, locale);
  return {
    columns: [...table.columns, name],
    rows: table.rows.map(row => ({ ...row, [name]: note }))
  };
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

/** What the name of a file has to say of an answer: that it is none to rely on; '' for an exact one. */
export function fileMark(
  { exact, partial }: IProvenance,
  trans: ITranslator
): string {
  return partial ? trans.__('incomplete') : exact ? '' : trans.__('estimate');
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

/**
 * A name for a file, from a title.
 *
 * @param mark What a reader of the name must know; '' for nothing.
 */
export function fileName(title: string, extension: string, mark = ''): string {
  const stem = `${title} ${mark}`
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${stem || 'chart'}.${extension}`;
}
