import { transformColumns } from '../../src/transform/columns';
import { parseTransform } from '../../src/transform/parse';
import { runTransform } from '../../src/transform/run';
import type { Cell, ITable } from '../../src/workload/answer';

/** Parse and run. */
export function runCode(code: string, table: ITable): ITable {
  return runTransform(parseTransform(code, transformColumns(table)), table);
}

/** Some columns of a table as lists of cells. */
export function columnsOf(table: ITable, ...names: string[]): Cell[][] {
  return names.map(name => table.rows.map(row => row[name]));
}
