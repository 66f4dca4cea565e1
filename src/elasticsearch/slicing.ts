import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import { totalOf, valueIn } from './answers';
import { cutTime } from './cut-time';
import { groupsOf } from './fields';
import type { IIndexColumn, IIndexGroup } from './fields';
import type { PointInTime } from './point-in-time';
import type { Condition } from './protocol';
import { SharedWork } from './shared-work';
import { allOf, ofIndices, sliceOf, together, within, without } from './slices';
import type { ISlice, IStretch } from './slices';

/** Ways to cut that are kept. */
const MOST_CUTS = 16;

/** Cuts some indices into slices: once for all questions that need the same. */
export class Slicer {
  constructor(
    private readonly _point: PointInTime,
    private readonly _indices: readonly string[]
  ) {}

  /**
   * @param columns The columns that are wanted of the slices.
   * @param time The column that slices are cut by; null cuts nothing.
   * @param signal Calls it off; the server is asked no more when nobody waits.
   */
  async slices(
    columns: readonly IIndexColumn[],
    time: IIndexColumn | null,
    signal?: AbortSignal
  ): Promise<readonly ISlice[]> {
    const differing = columns.filter(({ variants }) => variants.length > 1);
    const key = JSON.stringify([
      time?.name,
      time?.list,
      differing.map(({ name }) => name).sort()
    ]);
    const slices = await this._cuts.get(
      key,
      shared =>
        sliceIndices(this._point, differing, this._indices, time, shared),
      signal
    );
    // The slices know the columns that differ, and not the others.
    const groups = groupsOf(time ? [...columns, time] : columns, this._indices);
    return slices.map(slice => ({
      ...slice,
      group:
        groups.find(
          ({ indices }) =>
            JSON.stringify(indices) === JSON.stringify(slice.group.indices)
        ) ?? slice.group
    }));
  }

  private readonly _cuts = new SharedWork<readonly ISlice[]>(MOST_CUTS);
}

/**
 * Cut some indices into slices: by the time of their documents, each with few enough of them, those without a time by themselves; and
 * apart where the fields of the wanted columns differ between indices.
 *
 * @param time The column that slices are cut by; null cuts nothing.
 * @throws EngineError `changed` when the slices are not all documents there are.
 */
export async function sliceIndices(
  point: PointInTime,
  columns: readonly IIndexColumn[],
  indices: readonly string[],
  time: IIndexColumn | null,
  signal?: AbortSignal
): Promise<ISlice[]> {
  const slices: ISlice[] = [];
  const all = time ? [...columns, time] : columns;
  for (const group of groupsOf(all, indices)) {
    for (const piece of await piecesOf(point, group, time, signal)) {
      const { documents, bounds, condition } = piece;
      slices.push({
        id: slices.length,
        rows: documents,
        records: documents,
        group,
        bounds,
        condition
      });
    }
  }
  const found = slices.reduce((sum, { records }) => sum + records, 0);
  if (point.documents !== null && point.documents !== found) {
    throw new EngineError(
      'changed',
      `There are ${point.documents} documents, of which ${found} were found by index and time. Reload the source.`
    );
  }
  return slices;
}

/** A part of the documents of a group. */
type Piece = Pick<ISlice, 'bounds' | 'condition'> & {
  readonly documents: number;
};

async function piecesOf(
  point: PointInTime,
  group: IIndexGroup,
  time: IIndexColumn | null,
  signal?: AbortSignal
): Promise<Piece[]> {
  const own = ofIndices(group.indices);
  const variant = time && !time.list ? group.variant(time.name) : undefined;
  const field = variant?.type === 'time' ? variant.field : null;
  const all = async (): Promise<Piece> => ({
    documents: await countDocuments(point, own, signal),
    bounds: null,
    condition: own
  });
  const pieces =
    field === null ? null : await byTime(point, field, own, signal);
  return (pieces ?? [await all()]).filter(({ documents }) => documents > 0);
}

/** @returns null when documents have several times each, and so cannot be told apart by them. */
async function byTime(
  point: PointInTime,
  field: string,
  own: Condition | null,
  signal?: AbortSignal
): Promise<Piece[] | null> {
  const answer = await point.search(
    {
      size: 0,
      track_total_hits: true,
      ...(own ? { query: own } : {}),
      aggs: {
        first: { min: { field } },
        last: { max: { field } },
        timed: { filter: { exists: { field } } }
      }
    },
    'first and last time',
    signal
  );
  const first = valueIn(answer.aggregations, 'first');
  const last = valueIn(answer.aggregations, 'last');
  const bucket = answer.aggregations?.timed;
  const timed = isObject(bucket) ? Number(bucket.doc_count) : 0;
  const untimed: Piece = {
    documents: (totalOf(answer) ?? 0) - timed,
    bounds: null,
    condition: allOf([own, without(field)])
  };
  if (first === null || last === null) {
    return [untimed];
  }
  const found = await cutTime(
    point,
    {
      field,
      condition: own,
      from: Math.floor(first),
      to: Math.floor(last) + 1,
      documents: timed
    },
    signal
  );
  const piece = ({ from, to, documents }: IStretch): Piece => ({
    documents,
    bounds: { from: Math.floor(from / 1000), to: Math.ceil(to / 1000) },
    condition: allOf([own, within(field, from, to)])
  });
  return found && [...together(found, point.pageSize).map(piece), untimed];
}

/**
 * All documents as one slice: for columns with few distinct tuples, which come in a page or a few.
 *
 * @returns null when indices differ in the fields of the columns.
 */
export function wholeSlice(
  columns: readonly IIndexColumn[],
  indices: readonly string[],
  documents: number
): ISlice | null {
  const [group, ...others] = groupsOf(columns, indices);
  return others.length === 0 ? sliceOf(group, documents) : null;
}

/** Number of documents. */
export async function countDocuments(
  point: PointInTime,
  condition: Condition | null,
  signal?: AbortSignal
): Promise<number> {
  const answer = await point.search(
    {
      size: 0,
      track_total_hits: true,
      ...(condition ? { query: condition } : {})
    },
    'how many documents there are',
    signal
  );
  return totalOf(answer) ?? 0;
}
