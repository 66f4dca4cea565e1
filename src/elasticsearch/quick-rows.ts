import { answerColumns, countedColumn } from '../workload/analyses';
import type { Row } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { compareText } from '../workload/text';
import { bucketsIn, bucketsOf, keyText, totalOf, valueIn } from './answers';
import type { IBucket, ISearchAnswer } from './protocol';
import { hasPackage } from './quick-levels';
import type { ILevel } from './quick-levels';

/** The aggregation that counts units. */
export const LEAF = 'units';

/** Units in a group; documents where these are counted. */
export function countOf(bucket: IBucket): number {
  return valueIn(bucket, LEAF) ?? bucket.doc_count ?? 0;
}

/** A row, and what it is ordered by. */
interface IFound {
  readonly row: Row;
  readonly rank: number;
  readonly name: string;
  readonly count: number;
}

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
  const isName = (bucket: IBucket) => outer.rank !== null || bucket.key !== '';
  const ranked = bucketsOf(answer, outer.name)
    .filter(isName)
    .map(bucket => foundIn(bucket, outer, counted, null))
    .sort((a, b) => a.found.rank - b.found.rank || order(a.found, b.found));
  const shown =
    outer.rank === null && query.top !== null
      ? ranked.slice(0, query.top)
      : ranked;
  const found = inner
    ? shown.flatMap(({ bucket, found: { name } }) =>
        bucketsIn(bucket, inner.name).map(
          one => foundIn(one, inner, counted, { name, bucket, outer }).found
        )
      )
    : shown.map(one => one.found);
  return found
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.rank - b.rank || order(a, b))
    .map(({ row }) => withShare(inColumns(row, answerColumns(query))));
}

function foundIn(
  bucket: IBucket,
  level: ILevel,
  counted: string,
  within: { name: string; bucket: IBucket; outer: ILevel } | null
): { bucket: IBucket; found: IFound } {
  const count = countOf(bucket);
  return {
    bucket,
    found: {
      row: {
        ...(within ? within.outer.cells(within.bucket) : {}),
        ...level.cells(bucket),
        [counted]: count
      },
      rank: level.rank?.(bucket) ?? 0,
      name: within?.name ?? keyText(bucket),
      count
    }
  };
}

function order(a: IFound, b: IFound): number {
  return b.count - a.count || compareText(a.name, b.name);
}

/** The cells of a row in the order of its columns. */
function inColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(
    columns.flatMap(name => (name in row ? [[name, row[name]]] : []))
  );
}
