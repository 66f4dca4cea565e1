import { isObject } from '../workload/json';
import type { IBucket, ISearchAnswer } from './protocol';

/** Buckets of an aggregation of an answer. */
export function bucketsOf(
  answer: ISearchAnswer,
  name: string
): readonly IBucket[] {
  return listOf(answer.aggregations?.[name]);
}

/** Buckets of an aggregation inside another one's. */
export function bucketsIn(
  bucket: Readonly<Record<string, unknown>>,
  name: string
): readonly IBucket[] {
  const found = bucket[name];
  return isObject(found) ? listOf(found) : [];
}

/** The bucket of an aggregation with one, such as a filter, inside another one. */
export function bucketIn(
  bucket: Readonly<Record<string, unknown>> | undefined,
  name: string
): Readonly<Record<string, unknown>> | undefined {
  const found = bucket?.[name];
  return isObject(found) ? found : undefined;
}

/** The value of an aggregation without buckets; null where there is none. */
export function valueIn(
  bucket: Readonly<Record<string, unknown>> | undefined,
  name: string
): number | null {
  return numberIn(bucketIn(bucket, name), 'value');
}

/** A number that an aggregation tells by name; null where it tells none. */
export function numberIn(
  result: Readonly<Record<string, unknown>> | undefined,
  name: string
): number | null {
  const value = result?.[name];
  // Integers beyond a double come as digits.
  return value === null || value === undefined ? null : Number(value);
}

/** Documents that match; null where the answer does not say. */
export function totalOf(answer: ISearchAnswer): number | null {
  return answer.hits?.total?.value ?? null;
}

/** The key of a bucket as text. */
export function keyText({ key }: IBucket): string {
  return typeof key === 'object' ? '' : String(key ?? '');
}

function listOf(aggregation: IBucket | undefined): readonly IBucket[] {
  const buckets = aggregation?.buckets;
  return isList(buckets) ? buckets : [];
}

function isList(buckets: IBucket['buckets']): buckets is readonly IBucket[] {
  return Array.isArray(buckets);
}
