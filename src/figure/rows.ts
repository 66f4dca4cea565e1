import type { Cell, ITable, Row } from '../workload/answer';
import { cellText } from '../workload/format';
import { columnTitle } from '../workload/titles';
import type { ITranslator } from '../workload/translator';
import type { IFigureStyle } from './style';

/** Whether a row holds all that top N left out. */
export function isOther(row: Row): boolean {
  return row.other === true;
}

/** How a row's name is shown: names as they are, and words for what has none. */
export function nameOf(row: Row, column: string, trans: ITranslator): string {
  if (isOther(row) && (row[column] ?? null) === null) {
    return trans.__('all others');
  }
  const value = row[column] ?? null;
  return value === null || value === '' ? trans.__('(none)') : String(value);
}

/** The names in a column that the row of all others does not hold; null where the row is another. */
export function exceptNames(
  row: Row,
  rows: readonly Row[],
  column: string
): readonly string[] | null {
  return isOther(row)
    ? [
        ...new Set(
          rows
            .filter(one => !isOther(one))
            .map(one => one[column])
            .filter(value => typeof value === 'string')
        )
      ]
    : null;
}

/** A number of a cell; null for what is none. */
export function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** All cells of a row with their titles, a line each, except some columns. */
export function cellLines(
  row: Row,
  columns: readonly string[],
  style: IFigureStyle,
  trans: ITranslator,
  without: readonly string[] = []
): string[] {
  return columns
    .filter(column => !without.includes(column) && column !== 'other')
    .map(column =>
      trans.__(
        '%1: %2',
        columnTitle(column, trans),
        cellText(column, row[column] ?? null, style.locale) || '–'
      )
    );
}

/** Whether a table has all of some columns. */
export function hasColumns(table: ITable, columns: readonly string[]): boolean {
  return columns.every(column => table.columns.includes(column));
}
