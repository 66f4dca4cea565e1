/** A value of JSON. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | IJsonObject;

export interface IJsonObject {
  readonly [key: string]: JsonValue;
}

/** Keys and indices that lead from the root to a value. */
export type JsonPath = readonly (string | number)[];

export function isObject(
  value: unknown
): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether two values are the same JSON. A key whose value is `undefined` is no key; the order of keys does not matter.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every(key => sameJson(own(a, key), own(b, key)));
  }
  return false;
}

/** The value of an object's own key; never one of its prototype's. */
export function own(
  object: Readonly<Record<string, unknown>>,
  key: string
): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
