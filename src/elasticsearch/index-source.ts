import { proposeMapping, ROLES, suits } from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import type { IDatasetInfo } from '../engine/engine';
import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import { totalOf, valueIn } from './answers';
import { columnsOf } from './fields';
import type { IIndexColumn } from './fields';
import type { Aggregations, Condition, ISearchAnswer } from './protocol';
import type { SearchClient } from './search-client';
import { patiently, PointInTime } from './point-in-time';

/** Columns of which is told how many of their values were ignored: the first ones. */
const MOST_LOOKED_AT = 200;

/** Some indices at a point in time: what they hold, and how to search them. */
export interface IIndexSource {
  readonly info: IDatasetInfo;
  readonly columns: ReadonlyMap<string, IIndexColumn>;
  readonly indices: readonly string[];
  readonly point: PointInTime;
  /** By column: documents whose value Elasticsearch did not take in, because it is too long or malformed. */
  readonly ignored: ReadonlyMap<string, number>;
}

/**
 * Open some indices: list their fields, take a point in time, count.
 *
 * @throws ElasticFailure; EngineError `missing-column` when there is no field to ask about.
 */
export async function openIndices(
  client: SearchClient,
  signal?: AbortSignal
): Promise<IIndexSource> {
  const capabilities = await patiently(() => client.fields(signal), signal);
  const { columns, unreadable } = columnsOf(capabilities);
  if (columns.size === 0) {
    throw new EngineError(
      'missing-column',
      capabilities.indices.length === 0
        ? `No index matches “${client.indices}”. Choose another one, or correct the pattern.`
        : `“${client.indices}” has no field whose values can be counted. Choose an index of import records.`
    );
  }
  const point = await PointInTime.take(client, signal);
  try {
    const mapping = proposeMapping([...columns.values()]);
    const found = await look(point, columns, mapping, signal);
    const listed = new Map(columns);
    for (const name of found.lists) {
      const column = columns.get(name);
      if (column) {
        listed.set(name, { ...column, list: true });
      }
    }
    return {
      columns: listed,
      indices: capabilities.indices,
      point,
      ignored: found.ignored,
      info: {
        files: 0,
        rows: found.documents,
        bytes: 0,
        modified: null,
        columns: [...listed.values()].map(({ name, type, list }) => ({
          name,
          type,
          list
        })),
        mapping,
        span: found.span,
        unreadable,
        distilled: null,
        index: {
          expression: client.indices,
          indices: capabilities.indices,
          server: point.server,
          taken: point.taken,
          sample: found.sample
        }
      }
    };
  } catch (error) {
    await point.close();
    throw error;
  }
}

/** Count the documents, find the first and the last time, and see whether documents name several packages. */
async function look(
  point: PointInTime,
  columns: ReadonlyMap<string, IIndexColumn>,
  mapping: Mapping,
  signal?: AbortSignal
): Promise<{
  documents: number;
  span: IDatasetInfo['span'];
  lists: readonly string[];
  ignored: ReadonlyMap<string, number>;
  sample: unknown;
}> {
  const time = plainField(columns.get(mapping.time?.[0] ?? ''));
  const isTime = columns.get(mapping.time?.[0] ?? '')?.type === 'time';
  const [packages = ''] = mapping.package ?? [];
  const names = plainField(columns.get(packages));
  const aggs: Aggregations = {
    ...(time !== null && isTime
      ? { first: { min: { field: time } }, last: { max: { field: time } } }
      : {}),
    ...severalOfAll([names ?? undefined, time ?? undefined]),
    ignored: { filters: { filters: ignoredBy(columns) } }
  };
  const answer = await point.search(
    {
      size: 1,
      track_total_hits: true,
      _source: true,
      aggs
    },
    'how many documents there are, from when to when, and one of them',
    signal
  );
  const from = valueIn(answer.aggregations, 'first');
  const to = valueIn(answer.aggregations, 'last');
  return {
    documents: totalOf(answer) ?? 0,
    span:
      from === null || to === null
        ? null
        : { from: Math.floor(from / 1000), to: Math.ceil(to / 1000) },
    // A document with several times would be in several slices.
    lists: [packages, ...(mapping.time ?? [])].filter((_, i) =>
      holdsSeveral(answer.aggregations, `${i}`)
    ),
    ignored: ignoredIn(answer, columns),
    sample: answer.hits?.hits?.[0]?._source ?? null
  };
}

/** Conditions that choose the documents in which the value of a column was ignored, by the column's position. */
function ignoredBy(
  columns: ReadonlyMap<string, IIndexColumn>
): Readonly<Record<string, Condition>> {
  return Object.fromEntries(
    [...columns.values()]
      .slice(0, MOST_LOOKED_AT)
      .map(({ variants }, i) => [
        `c${i}`,
        { terms: { _ignored: variants.map(({ field }) => field) } }
      ])
  );
}

function ignoredIn(
  answer: ISearchAnswer,
  columns: ReadonlyMap<string, IIndexColumn>
): Map<string, number> {
  const found = answer.aggregations?.ignored?.buckets;
  const counts = [...columns.keys()].map((name, i): [string, number] => {
    const bucket = isObject(found) ? found[`c${i}`] : undefined;
    return [name, isObject(bucket) ? Number(bucket.doc_count) : 0];
  });
  return new Map(counts.filter(([, count]) => count > 0));
}

/** The field of a column that is the same in all indices; null otherwise. */
function plainField(column: IIndexColumn | undefined): string | null {
  return column?.variants.length === 1 ? column.variants[0].field : null;
}

/** A proposed mapping without the roles whose columns have turned out to be lists, as it would have been proposed for a file. */
export function suitedMapping(
  mapping: Mapping,
  columns: ReadonlyMap<string, IIndexColumn>
): Mapping {
  const isSuited = (role: Role) =>
    mapping[role]?.every(name => {
      const column = columns.get(name);
      return !column || suits(role, column);
    }) ?? false;
  return Object.fromEntries(
    ROLES.filter(isSuited).map(role => [role, mapping[role]])
  );
}

/** What tells whether some document holds several values of a field. */
export function severalAggregations(field: string, suffix = ''): Aggregations {
  return {
    [`values${suffix}`]: { value_count: { field } },
    [`having${suffix}`]: { filter: { exists: { field } } }
  };
}

/** The same for several fields, told apart by their positions. */
export function severalOfAll(
  fields: readonly (string | undefined)[]
): Aggregations {
  return Object.fromEntries(
    fields.flatMap((field, i) =>
      field === undefined
        ? []
        : Object.entries(severalAggregations(field, `${i}`))
    )
  );
}

/** The answer to `severalAggregations`. */
export function holdsSeveral(
  aggregations: Readonly<Record<string, unknown>> | undefined,
  suffix = ''
): boolean {
  const having = aggregations?.[`having${suffix}`];
  const documents =
    typeof having === 'object' && having !== null && 'doc_count' in having
      ? Number(having.doc_count)
      : 0;
  return (valueIn(aggregations, `values${suffix}`) ?? 0) > documents;
}
