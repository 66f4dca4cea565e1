import type { ITable, Row } from '../workload/answer';
import type { Distinct, IQuestion } from '../workload/query';
import { compareText } from '../workload/text';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { withGaps } from './job-sizes';
import type { ISizeClass } from './job-sizes';
import { exceptNames, nameOf, numberOf } from './rows';

/** Counts by package and class. */
export interface ISizeGrid {
  readonly packages: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly except: readonly string[] | null;
  }[];
  readonly classes: readonly ISizeClass[];
  /** By package and class. */
  readonly counts: readonly (readonly number[])[];
}

/** The rows of an answer as a grid: packages by their order, all others last; classes ascending, the unknown one last. */
export function sizeGrid(
  table: ITable,
  counted: string,
  question: IQuestion,
  look: ILook,
  trans: ITranslator
): ISizeGrid {
  const single = table.columns.includes('num_nodes');
  const classes = new Map<number | null, ISizeClass>();
  const packages = new Map<string | null, { row: Row; total: number }>();
  for (const row of table.rows) {
    const from = numberOf(row[single ? 'num_nodes' : 'nodes_from']);
    const to = single ? from : numberOf(row.nodes_to);
    const values: Row = single
      ? { num_nodes: from }
      : { nodes_from: from, nodes_to: to };
    classes.set(from, { from, to, count: 0, values, sizes: null });
    const name = packageOf(row);
    const before = packages.get(name);
    packages.set(name, {
      row: before?.row ?? row,
      total: (before?.total ?? 0) + (numberOf(row[counted]) ?? 0)
    });
  }
  const sortedClasses = [...classes.values()].sort(
    (a, b) => (a.from ?? Infinity) - (b.from ?? Infinity)
  );
  const shownClasses =
    question.bins === 'log2' ? withGaps(sortedClasses) : sortedClasses;
  const shown = [...packages].sort(
    ([a, x], [b, y]) =>
      // All others last.
      Number(a === null) - Number(b === null) ||
      (look.order === 'name' ? 0 : y.total - x.total) ||
      compareText(a ?? '', b ?? '')
  );
  const counts = shown.map(() => shownClasses.map(() => 0));
  const rowOf = new Map(shown.map(([name], i) => [name, i]));
  const columnOf = new Map(shownClasses.map(({ from }, i) => [from, i]));
  for (const row of table.rows) {
    const from = numberOf(row[single ? 'num_nodes' : 'nodes_from']);
    counts[rowOf.get(packageOf(row)) ?? 0][columnOf.get(from) ?? 0] +=
      numberOf(row[counted]) ?? 0;
  }
  return {
    packages: shown.map(([value, { row }]) => ({
      value,
      name: nameOf(row, 'package', trans),
      except: exceptNames(row, table.rows, 'package')
    })),
    classes: shownClasses,
    counts
  };
}

function packageOf(row: Row): string | null {
  return typeof row.package === 'string' ? row.package : null;
}

/**
 * What the sums along rows and columns count. A job and a record have one size, so a row's sum is a package's own number;
 * users and processes may come in several, and everything may have several packages.
 */
export function marginalUnits(
  distinct: Distinct,
  trans: ITranslator
): { row: string; column: string } {
  switch (distinct) {
    case 'job':
    case 'job+package':
      return { row: trans.__('jobs'), column: trans.__('job–package pairs') };
    case 'user':
    case 'user+package':
      return {
        row: trans.__('user–size pairs'),
        column: trans.__('user–package pairs')
      };
    case 'process':
      return {
        row: trans.__('process–size pairs'),
        column: trans.__('process–package pairs')
      };
    case 'record':
      return {
        row: trans.__('records'),
        column: trans.__('record–package pairs')
      };
  }
}
