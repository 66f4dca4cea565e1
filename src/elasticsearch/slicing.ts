import { ElasticFailure } from './failure';
import { groupsOf } from './fields';
import type { IIndexColumn } from './fields';
import { totalOf, valueIn } from './answers';
import type { PointInTime } from './point-in-time';
import type { Condition } from './protocol';
import {
  allOf,
  histogramBody,
  intervalFor,
  ofIndices,
  STRETCHES,
  stretchesIn,
  together,
  within,
  without
} from './slices';
import type { ISlice, IStretch } from './slices';

/** Cuts some indices into slices: once for all questions that need the same. */
export class Slicer {
  constructor(
    private readonly _point: PointInTime,
    private readonly _indices: readonly string[]
  ) {}

  /**
   * @param columns The columns that are wanted of the slices.
   * @param time The column that slices are cut by; null cuts nothing.
   */
  async slices(
    columns: readonly IIndexColumn[],
    time: IIndexColumn | null
  ): Promise<readonly ISlice[]> {
    const differing = columns.filter(({ variants }) => variants.length > 1);
    const key = JSON.stringify([
      time?.name,
      differing.map(({ name }) => name).sort()
    ]);
    let cut = this._cut.get(key);
    if (!cut) {
      cut = sliceIndices(this._point, differing, this._indices, time);
      this._cut.set(key, cut);
      // Who asks again after a failure, asks anew.
      cut.catch(() => this._cut.delete(key));
    }
    const slices = await cut;
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

  private readonly _cut = new Map<string, Promise<readonly ISlice[]>>();
}

/**
 * Cut some indices into slices: by the time of their documents, each with few enough of them, those without a time by themselves; and
 * apart where the fields of the wanted columns differ between indices.
 *
 * @param time The column that slices are cut by; null cuts nothing.
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
    const own = ofIndices(group.indices);
    const variant = time ? group.variant(time.name) : undefined;
    const field = variant?.type === 'time' ? variant.field : null;
    if (field !== null) {
      for (const { from, to, documents } of await stretches(
        point,
        field,
        own,
        signal
      )) {
        slices.push({
          id: slices.length,
          rows: documents,
          records: documents,
          group,
          bounds: {
            from: Math.floor(from / 1000),
            to: Math.ceil(to / 1000)
          },
          condition: allOf([own, within(field, from, to)])
        });
      }
    }
    const rest = field === null ? own : allOf([own, without(field)]);
    const documents = await countDocuments(point, rest, signal);
    if (documents > 0) {
      slices.push({
        id: slices.length,
        rows: documents,
        records: documents,
        group,
        bounds: null,
        condition: rest
      });
    }
  }
  return slices;
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
  return others.length === 0
    ? {
        id: 0,
        rows: documents,
        records: documents,
        group,
        bounds: null,
        condition: null
      }
    : null;
}

async function stretches(
  point: PointInTime,
  field: string,
  own: Condition | null,
  signal?: AbortSignal
): Promise<IStretch[]> {
  const answer = await point.search(
    {
      size: 0,
      track_total_hits: false,
      ...(own ? { query: own } : {}),
      aggs: { first: { min: { field } }, last: { max: { field } } }
    },
    'first and last time',
    signal
  );
  const first = valueIn(answer.aggregations, 'first');
  const last = valueIn(answer.aggregations, 'last');
  if (first === null || last === null) {
    return [];
  }
  return together(
    await cut(
      point,
      field,
      own,
      Math.floor(first),
      Math.floor(last) + 1,
      signal
    ),
    point.pageSize
  );
}

/** Stretches of `[from, to)`; those with too many documents are cut again, as long as time can be cut. */
async function cut(
  point: PointInTime,
  field: string,
  own: Condition | null,
  from: number,
  to: number,
  signal?: AbortSignal,
  stretches = STRETCHES
): Promise<IStretch[]> {
  const interval = intervalFor(from, to, stretches);
  const condition = allOf([own, within(field, from, to)]);
  let found: IStretch[];
  try {
    const answer = await point.search(
      {
        size: 0,
        track_total_hits: false,
        ...histogramBody(field, interval, condition)
      },
      'documents by time',
      signal
    );
    found = stretchesIn(answer, interval);
  } catch (error) {
    const fewer = Math.floor(stretches / 4);
    if (
      error instanceof ElasticFailure &&
      error.kind === 'too-many-buckets' &&
      fewer > 1
    ) {
      return cut(point, field, own, from, to, signal, fewer);
    }
    throw error;
  }
  const parts: IStretch[] = [];
  for (const { documents, ...stretch } of found) {
    // Stretches begin at multiples of their length, which the span need not do.
    const inside = {
      from: Math.max(from, stretch.from),
      to: Math.min(to, stretch.to)
    };
    if (documents > point.pageSize && interval > 1) {
      parts.push(
        ...(await cut(
          point,
          field,
          own,
          inside.from,
          inside.to,
          signal,
          stretches
        ))
      );
    } else {
      parts.push({ ...inside, documents });
    }
  }
  return parts;
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
