import { valueIn } from '../../src/elasticsearch/answers';
import { ElasticFailure } from '../../src/elasticsearch/failure';
import type {
  Aggregation,
  Aggregations,
  CompositeKey,
  CompositeSource,
  Condition
} from '../../src/elasticsearch/protocol';
import type { FakeDocument, FakeValue, IFakeField } from './fake-server';

/** A document that a search found. */
export interface IFound {
  readonly index: string;
  /** Its shard among all shards, where these are told apart. */
  readonly shard?: number;
  readonly fields: Readonly<Record<string, IFakeField>>;
  readonly document: FakeDocument;
  /** Its place among all documents. */
  readonly order: number;
}

/** The distinct values of a field, ascending, as doc values are. */
export function valuesOf(one: IFound, field: string): readonly FakeValue[] {
  if (field === '_index') {
    return [one.index];
  }
  if (field === '_ignored') {
    return [one.document._ignored ?? []].flat();
  }
  if (field === '_seq_no') {
    return [one.document._seq_no ?? numberOf(one.document)].flat();
  }
  const value = one.document[one.fields[field]?.of ?? field] ?? null;
  const list = value === null || !(field in one.fields) ? [] : [value].flat();
  return one.fields[field]?.type === 'keyword' ? [...new Set(list)] : list;
}

const NUMBERS = new WeakMap<FakeDocument, number>();
let next = 0;

/** The number of a document's last change: each object has its own, and a later one a higher one. */
function numberOf(document: FakeDocument): number {
  const known = NUMBERS.get(document) ?? next++;
  NUMBERS.set(document, known);
  return known;
}

/** Whether a condition chooses a document. */
export function matches(one: IFound, condition: Condition): boolean {
  if ('match_all' in condition) {
    return true;
  }
  if ('bool' in condition) {
    const { filter = [], must_not: not = [], should } = condition.bool;
    return (
      filter.every(inner => matches(one, inner)) &&
      !not.some(inner => matches(one, inner)) &&
      (should === undefined || should.some(inner => matches(one, inner)))
    );
  }
  if ('exists' in condition) {
    return valuesOf(one, condition.exists.field).length > 0;
  }
  if ('range' in condition) {
    return Object.entries(condition.range).every(([field, { gte, lt }]) =>
      valuesOf(one, field).some(
        value =>
          (gte === undefined || value >= gte) &&
          (lt === undefined || value < lt)
      )
    );
  }
  const wanted =
    'term' in condition
      ? Object.entries(condition.term).map(([f, v]) => [f, [v]] as const)
      : Object.entries(condition.terms);
  return wanted.every(([field, values]) =>
    field === '_index'
      ? values.includes(one.index)
      : valuesOf(one, field).some(value =>
          values.some(own => String(own) === String(value))
        )
  );
}

/** The results of aggregations over some documents. */
export function aggregate(
  found: readonly IFound[],
  aggregations: Aggregations
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(aggregations).map(([name, one]) => [name, run(found, one)])
  );
}

function run(found: readonly IFound[], one: Aggregation): unknown {
  const bucket = (
    documents: readonly IFound[],
    key: Readonly<Record<string, unknown>> = {}
  ) => ({
    ...key,
    doc_count: documents.length,
    ...aggregate(documents, one.aggs ?? {})
  });
  if ('composite' in one) {
    return composite(found, one.composite);
  }
  if ('filter' in one) {
    return bucket(found.filter(document => matches(document, one.filter)));
  }
  if ('filters' in one) {
    return {
      buckets: Object.fromEntries(
        Object.entries(one.filters.filters).map(([name, condition]) => [
          name,
          bucket(found.filter(document => matches(document, condition)))
        ])
      )
    };
  }
  if ('terms' in one) {
    const { field, missing, include, size } = one.terms;
    const groups = groupBy(found, field, value => value);
    const without = found.filter(doc => valuesOf(doc, field).length === 0);
    if (missing !== undefined && without.length > 0) {
      groups.set(missing, [...(groups.get(missing) ?? []), ...without]);
    }
    const ranked = [...groups]
      .filter(([key]) => !include || include.includes(String(key)))
      .sort(
        ([a, of], [b, others]) => others.length - of.length || compare(a, b)
      );
    return {
      sum_other_doc_count: ranked
        .slice(size)
        .reduce((sum, [, { length }]) => sum + length, 0),
      buckets: ranked
        .slice(0, size)
        .map(([key, documents]) => bucket(documents, { key }))
    };
  }
  if ('date_histogram' in one) {
    const {
      field,
      fixed_interval: fixed,
      calendar_interval: unit
    } = one.date_histogram;
    const groups = groupBy(found, field, value =>
      fixed ? floorTo(Number(value), fixed) : startOf(Number(value), unit ?? '')
    );
    return {
      buckets: [...groups]
        .sort(([a], [b]) => a - b)
        .map(([key, documents]) => bucket(documents, { key }))
    };
  }
  if ('range' in one) {
    const { field, ranges } = one.range;
    return {
      buckets: ranges.map(({ from = -Infinity, to = Infinity, key }) =>
        bucket(
          found.filter(document =>
            numbers([document], field).some(n => n >= from && n < to)
          ),
          { key }
        )
      )
    };
  }
  if ('cardinality' in one) {
    return { value: groupBy(found, one.cardinality.field, String).size };
  }
  if ('value_count' in one) {
    const { field } = one.value_count;
    return { value: numbers(found, field).length };
  }
  if ('sum' in one) {
    return { value: numbers(found, one.sum.field).reduce((a, b) => a + b, 0) };
  }
  if ('stats' in one) {
    const { field } = one.stats;
    const told = (aggregation: Aggregation) =>
      valueIn({ told: run(found, aggregation) }, 'told');
    return {
      min: told({ min: { field } }),
      max: told({ max: { field } }),
      sum: told({ sum: { field } })
    };
  }
  const isMin = 'min' in one;
  const list = numbers(found, isMin ? one.min.field : one.max.field);
  const better = isMin ? Math.min : Math.max;
  const best = list.reduce((a, b) => better(a, b), list[0]);
  return { value: list.length > 0 ? best : null };
}

function groupBy<T>(
  found: readonly IFound[],
  field: string,
  keyOf: (value: FakeValue) => T
): Map<T, IFound[]> {
  checkField(found, field);
  const groups = new Map<T, IFound[]>();
  for (const one of found) {
    for (const key of new Set(valuesOf(one, field).map(keyOf))) {
      const group = groups.get(key);
      if (group) {
        group.push(one);
      } else {
        groups.set(key, [one]);
      }
    }
  }
  return groups;
}

function numbers(found: readonly IFound[], field: string): number[] {
  checkField(found, field);
  return found.flatMap(one => valuesOf(one, field).map(Number));
}

/** @throws ElasticFailure where the real server cannot aggregate. */
function checkField(found: readonly IFound[], field: string): void {
  const types = new Set(
    found.flatMap(({ fields }) => fields[field]?.type ?? [])
  );
  const kinds = new Set([...types].map(type => KINDS[type] ?? type));
  const isHidden = found.some(({ fields }) => fields[field]?.stored === false);
  if (kinds.size > 1 || types.has('text') || isHidden) {
    throw new ElasticFailure('invalid');
  }
}

const KINDS: Readonly<Record<string, string>> = {
  integer: 'number',
  long: 'number'
};

function composite(
  found: readonly IFound[],
  {
    size,
    sources,
    after
  }: Extract<Aggregation, { composite: unknown }>['composite']
): unknown {
  const parts = sources.flatMap(source => Object.entries(source));
  const groups = new Map<string, { key: FakeKey; count: number }>();
  for (const [, source] of parts) {
    checkField(found, sourceField(source));
  }
  for (const one of found) {
    for (const key of keysOf(one, parts)) {
      const text = JSON.stringify(key.map(value => [typeof value, `${value}`]));
      const known = groups.get(text);
      groups.set(text, { key, count: (known?.count ?? 0) + 1 });
    }
  }
  const start = after && parts.map(([name]) => after[name]);
  const buckets = [...groups.values()]
    .filter(({ key }) => !start || compareKeys(key, start) > 0)
    .sort((a, b) => compareKeys(a.key, b.key))
    .slice(0, size)
    .map(({ key, count }) => ({
      key: Object.fromEntries(parts.map(([name], i) => [name, key[i]])),
      doc_count: count
    }));
  const last = buckets.at(-1);
  return { ...(last ? { after_key: last.key } : {}), buckets };
}

type FakeKey = readonly (FakeValue | null)[];

/** A document with several values is in several buckets. */
function keysOf(
  one: IFound,
  parts: readonly (readonly [string, CompositeSource])[]
): FakeKey[] {
  return parts.reduce<FakeKey[]>(
    (keys, [, source]) => {
      const values = valuesOf(one, sourceField(source)).map(value =>
        'date_histogram' in source
          ? floorTo(Number(value), source.date_histogram.fixed_interval)
          : value
      );
      const distinct = values.length > 0 ? [...new Set(values)] : [null];
      return keys.flatMap(key => distinct.map(value => [...key, value]));
    },
    [[]]
  );
}

function sourceField(source: CompositeSource): string {
  return 'terms' in source ? source.terms.field : source.date_histogram.field;
}

function compareKeys(
  a: FakeKey,
  b: readonly (FakeValue | CompositeKey[string])[]
): number {
  const differing = a.findIndex((value, i) => compare(value, b[i]) !== 0);
  return differing < 0 ? 0 : compare(a[differing], b[differing]);
}

/** What is missing comes first; a big integer comes back as its digits. */
function compare(
  a: FakeValue | null | undefined,
  b: FakeValue | null | undefined
): number {
  const [x, y] =
    typeof a !== typeof b && a !== null && b !== null
      ? [BigInt(a ?? 0), BigInt(b ?? 0)]
      : [a, b];
  if (
    x === y ||
    x === null ||
    y === null ||
    x === undefined ||
    y === undefined
  ) {
    return Number(y === null) - Number(x === null);
  }
  return x < y ? -1 : x > y ? 1 : 0;
}

function floorTo(time: number, interval: string): number {
  const length = interval.endsWith('ms')
    ? Number.parseInt(interval, 10)
    : 1000 * Number.parseInt(interval, 10);
  return Math.floor(time / length) * length;
}

/** The first moment of a day, month, quarter or year in UTC. */
function startOf(time: number, unit: string): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return Date.UTC(year, month, date.getUTCDate());
    case 'month':
      return Date.UTC(year, month);
    case 'quarter':
      return Date.UTC(year, month - (month % 3));
    default:
      return Date.UTC(year, 0);
  }
}
