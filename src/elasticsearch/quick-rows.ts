import { answerColumns, countedColumn } from '../workload/analyses';
import type { Row } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { compareText } from '../workload/text';
import { bucketIn, bucketsIn, keyText, totalOf } from './answers';
import type { ISearchAnswer } from './protocol';
import { hasPackage, restName } from './quick-levels';
import type { ILevel } from './quick-levels';
import { unitsIn } from './unit-sketch';

/** The aggregation that counts units. */
export const LEAF = 'units';

/** Units in a group; documents where these are counted. */
export function countOf(bucket: Readonly<Record<string, unknown>>): number {
  return unitsIn(bucket, LEAF) ?? Number(bucket.doc_count ?? 0);
}

/** A group of a level, and what it is ordered by. */
interface IFound {
  readonly bucket: Bucket;
  readonly cells: Row;
  readonly rank: number;
  /** Null for documents without one. */
  readonly name: string | null;
  readonly count: number;
}

type Bucket = Readonly<Record<string, unknown>>;

/** The rows of an estimate, in the order that the analysis defines. */
export function rowsOf(
  query: IQuery,
  levels: readonly ILevel[],
  answer: ISearchAnswer,
  whole: number | null
): Row[] {
  const counted = countedColumn(query.distinct, hasPackage(levels));
  const total = whole ?? totalOf(answer) ?? 0;
  const withShare = (row: Row): Row =>
    query.analysis === 'partition-shares'
      ? { ...row, share: total > 0 ? Number(row[counted]) / total : null }
      : row;
  if (levels.length === 0) {
    return [
      {
        [counted]: total,
        ...(query.analysis === 'user-share'
          ? { of: query.of, share: query.of ? total / query.of : null }
          : {})
      }
    ];
  }
  const [outer, inner] = levels;
  const ranked = groupsIn(answer.aggregations, outer).sort(order);
  const shown =
    outer.rank === null && query.top !== null
      ? ranked.slice(0, query.top)
      : ranked;
  const found = inner
    ? shown.flatMap(({ bucket, cells, name }) =>
        groupsIn(bucket, inner).map(one => ({
          ...one,
          cells: { ...cells, ...one.cells },
          name
        }))
      )
    : shown;
  return found
    .filter(({ count }) => count > 0)
    .sort(order)
    .map(({ cells, count }) =>
      withShare(inColumns({ ...cells, [counted]: count }, answerColumns(query)))
    );
}

/** The groups of a level, with that of documents without one. */
function groupsIn(inside: Bucket | undefined, level: ILevel): IFound[] {
  const { cells, rank, rest } = level;
  const groups = bucketsIn(inside ?? {}, level.name)
    // An empty package is none; other names may be empty.
    .filter(({ key }) => level.name !== 'package' || key !== '')
    .map(bucket => ({
      bucket,
      cells: cells(bucket),
      rank: rank?.(bucket) ?? 0,
      name: keyText(bucket),
      count: countOf(bucket)
    }));
  const bucket = bucketIn(inside, restName(level));
  return rest && bucket
    ? [
        ...groups,
        {
          bucket,
          cells: rest.cells,
          rank: rank ? Infinity : 0,
          name: null,
          count: countOf(bucket)
        }
      ]
    : groups;
}

/** Periods and classes ascending, then counts descending, then by name; what has none comes last. */
function order(a: IFound, b: IFound): number {
  return (
    (a.rank === b.rank ? 0 : a.rank - b.rank) ||
    b.count - a.count ||
    Number(a.name === null) - Number(b.name === null) ||
    compareText(a.name ?? '', b.name ?? '')
  );
}

/** The cells of a row in the order of its columns. */
function inColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(
    columns.flatMap(name => (name in row ? [[name, row[name]]] : []))
  );
}
