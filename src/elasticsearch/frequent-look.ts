import type { IFrequentValue } from '../engine/frequent-values';
import { fieldColumns } from '../engine/dataset';
import type { ValueType } from '../workload/fields';
import type { ISelection } from '../workload/query';
import { compareText } from '../workload/text';
import { bucketsOf, keyText, valueIn } from './answers';
import type { IIndexColumn } from './fields';
import type { PointInTime } from './point-in-time';
import type { Aggregations, IBucket, ISearchBody } from './protocol';
import type { Planner } from './planner';
import { SharedWork } from './shared-work';
import { ofIndices } from './slices';

/** Values that are asked for: the most frequent ones. */
const MOST_VALUES = 10_000;

/** Fields whose values are kept. */
const MOST_FIELDS = 50;

/** Values of fields that were not fetched, most frequent first: asked once of each field. */
export class FrequentValues {
  constructor(
    private readonly _point: PointInTime,
    private readonly _planner: Planner
  ) {}

  /** @returns None of a field that is found out from others. */
  async values(
    field: string,
    selection: ISelection,
    options: { contains?: string; limit?: number; signal?: AbortSignal }
  ): Promise<IFrequentValue[]> {
    const { columns } = this._planner;
    const mapping = this._planner.mapping(selection);
    const [name = ''] = fieldColumns(field, mapping);
    const column = columns.get(name);
    if (!column) {
      return [];
    }
    const variants = columns.get(mapping.count?.[0] ?? '')?.variants;
    const weight = variants?.length === 1 ? variants[0].field : null;
    const found = await this._known.get(
      JSON.stringify([name, weight]),
      until => frequentLook(this._point, column, weight, until),
      options.signal
    );
    return ofText(found, options);
  }

  private readonly _known = new SharedWork<readonly IFrequentValue[]>(
    MOST_FIELDS
  );
}

/**
 * The most frequent values of a column, by one request for each way in which indices store it: for completion, which is not worth
 * fetching a column of all documents.
 *
 * @param weight The field that says how many records a document stands for; null when each is one.
 */
export async function frequentLook(
  point: PointInTime,
  { variants, type }: IIndexColumn,
  weight: string | null,
  signal?: AbortSignal
): Promise<readonly IFrequentValue[]> {
  const records = new Map<string, number>();
  let atLeast = false;
  for (const { field, indices } of type === 'time' ? [] : variants) {
    const answer = await point.search(
      frequentBody(field, indices, weight),
      'values, most frequent first',
      signal
    );
    const values = answer.aggregations?.values;
    const isPart = Number(values?.sum_other_doc_count ?? 0) > 0;
    // Shards send their most frequent values; of another shard's they may have some, too.
    atLeast ||=
      Number(values?.doc_count_error_upper_bound ?? 0) !== 0 ||
      (isPart && variants.length > 1);
    for (const bucket of bucketsOf(answer, 'values')) {
      const text = textOf(bucket, type);
      records.set(text, (records.get(text) ?? 0) + recordsOf(bucket, weight));
    }
  }
  return [...records].map(([value, own]) => ({
    value,
    records: own,
    ...(atLeast ? { atLeast } : {})
  }));
}

function frequentBody(
  field: string,
  indices: readonly string[] | null,
  weight: string | null
): ISearchBody {
  const own = ofIndices(indices);
  const aggs: Aggregations =
    weight === null
      ? {}
      : {
          sum: { sum: { field: weight } },
          weighted: { value_count: { field: weight } }
        };
  return {
    size: 0,
    track_total_hits: false,
    ...(own ? { query: own } : {}),
    aggs: {
      values: {
        terms: { field, size: MOST_VALUES },
        ...(weight === null ? {} : { aggs })
      }
    }
  };
}

function textOf(bucket: IBucket, type: ValueType): string {
  const text = keyText(bucket);
  return type === 'boolean' ? String(text === '1' || text === 'true') : text;
}

/** A document without a weight counts once. */
function recordsOf(bucket: IBucket, weight: string | null): number {
  const { doc_count: documents = 0 } = bucket;
  return weight === null
    ? documents
    : (valueIn(bucket, 'sum') ?? 0) +
        documents -
        (valueIn(bucket, 'weighted') ?? 0);
}

/** Those that contain a text, without regard to case, in the order of `frequentValues`. */
function ofText(
  values: readonly IFrequentValue[],
  { contains = '', limit = 50 }: { contains?: string; limit?: number }
): IFrequentValue[] {
  const wanted = contains.toLowerCase();
  const begins = ({ value }: IFrequentValue) =>
    Number(value.toLowerCase().startsWith(wanted));
  return values
    .filter(({ value }) => value.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        begins(b) - begins(a) ||
        b.records - a.records ||
        compareText(a.value, b.value)
    )
    .slice(0, limit);
}
