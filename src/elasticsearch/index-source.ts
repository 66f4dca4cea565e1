import { proposeMapping, ROLES, suits } from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import type { IDatasetInfo } from '../engine/engine';
import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import { bucketsOf, totalOf, valueIn } from './answers';
import { columnsOf } from './fields';
import { contentsOf } from './fingerprint';
import type { IIndexColumn } from './fields';
import type { Aggregations, Condition } from './protocol';
import type { SearchClient } from './search-client';
import { patiently } from './patience';
import { PointInTime } from './point-in-time';

/** Columns that one request asks about: each is a condition, of which the gateway passes on so many. */
const COLUMNS_AT_ONCE = 500;

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
  const mapping = proposeMapping([...columns.values()]);
  const point = await PointInTime.take(client, signal, {
    indices: capabilities.indices.length,
    contents: contentsOf(mapping, columns)
  });
  try {
    const found = await look(point, columns, mapping, signal);
    const listed = new Map(columns);
    for (const name of found.lists) {
      const column = columns.get(name);
      if (column) {
        listed.set(name, { ...column, list: true });
      }
    }
    const [system = ''] = mapping.system ?? [];
    const column = listed.get(system);
    if (column && found.isOneSystem) {
      listed.set(system, { ...column, constant: true });
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
  isOneSystem: boolean;
  ignored: ReadonlyMap<string, number>;
  sample: unknown;
}> {
  const time = plainField(columns.get(mapping.time?.[0] ?? ''));
  const isTime = columns.get(mapping.time?.[0] ?? '')?.type === 'time';
  const [packages = ''] = mapping.package ?? [];
  const names = plainField(columns.get(packages));
  const system = plainField(columns.get(mapping.system?.[0] ?? ''));
  const aggs: Aggregations = {
    ...(time !== null && isTime
      ? { first: { min: { field: time } }, last: { max: { field: time } } }
      : {}),
    ...severalOfAll([names ?? undefined, time ?? undefined]),
    ...(system === null
      ? {}
      : { systems: { terms: { field: system, size: 1 } } }),
    ignored: { filter: IS_IGNORED }
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
    isOneSystem:
      bucketsOf(answer, 'systems').at(0)?.doc_count === totalOf(answer),
    ignored:
      (answer.aggregations?.ignored?.doc_count ?? 0) > 0
        ? await ignoredIn(point, [...columns.values()], signal)
        : new Map(),
    sample: answer.hits?.hits?.[0]?._source ?? null
  };
}

/** Documents in which some value was ignored. */
const IS_IGNORED: Condition = { exists: { field: '_ignored' } };

/** By column: documents in which its value was ignored, where there are any. */
async function ignoredIn(
  point: PointInTime,
  columns: readonly IIndexColumn[],
  signal?: AbortSignal
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
    const asked = columns.slice(from, from + COLUMNS_AT_ONCE);
    const filters = asked.map(({ variants }, i): [string, Condition] => [
      // By number: names of columns may be anything.
      `c${i}`,
      { terms: { _ignored: variants.map(({ field }) => field) } }
    ]);
    const answer = await point.search(
      {
        size: 0,
        track_total_hits: false,
        query: IS_IGNORED,
        aggs: { ignored: { filters: { filters: Object.fromEntries(filters) } } }
      },
      'which values were ignored',
      signal
    );
    const found = answer.aggregations?.ignored?.buckets;
    asked.forEach(({ name }, i) => {
      const bucket = isObject(found) ? found[`c${i}`] : undefined;
      const count = isObject(bucket) ? Number(bucket.doc_count) : 0;
      if (count > 0) {
        counts.set(name, count);
      }
    });
  }
  return counts;
}

/** What is to be known of values of some columns that Elasticsearch did not take in. */
export function ignoredNotes(
  { ignored }: Pick<IIndexSource, 'ignored'>,
  columns: readonly string[]
): string[] {
  return [...new Set(columns)].flatMap(name => {
    const documents = ignored.get(name);
    return documents === undefined
      ? []
      : [
          `In ${documents} document${documents === 1 ? '' : 's'} Elasticsearch did not take in “${name}”, because it is too long or malformed; there it counts as missing.`
        ];
  });
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
