import { isObject, own } from './json';
import type { JsonPath } from './json';

/**
 * Reads plain JSON into types, reports what is wrong with it, and goes on with what is sound.
 */

/** What a value should have been; a list holds the values to choose from. */
export type Expected =
  | 'object'
  | 'list'
  | 'text'
  | 'filled-text'
  | 'yes-no'
  | 'count'
  | 'date'
  | 'correlation-band'
  | 'classes'
  | 'present'
  | readonly (string | number)[];

export interface IIssue {
  /** Place in the view. */
  readonly path: JsonPath;
  readonly expected: Expected;
}

export const FAILED = Symbol('failed');
export type Failed = typeof FAILED;

/** Reads a value, or reports what is wrong with it. */
export type Decoder<T> = (
  value: unknown,
  path: JsonPath,
  report: Report
) => T | Failed;

export class Report {
  readonly issues: IIssue[] = [];
  readonly dropped: JsonPath[] = [];

  fail(path: JsonPath, expected: Expected): Failed {
    this.issues.push({ path, expected });
    return FAILED;
  }
}

/** Reads the members of an object one by one. */
export class Members {
  static of(value: unknown, path: JsonPath, report: Report): Members | null {
    if (isObject(value)) {
      return new Members(value, path, report);
    }
    report.fail(path, 'object');
    return null;
  }

  private constructor(
    private _object: Readonly<Record<string, unknown>>,
    private _path: JsonPath,
    private _report: Report
  ) {}

  required<T>(key: string, decode: Decoder<T>): T | Failed {
    const path = [...this._path, key];
    const value = own(this._object, key);
    return value === undefined
      ? this._report.fail(path, 'present')
      : decode(value, path, this._report);
  }

  optional<T, F>(key: string, decode: Decoder<T>, fallback: F): T | F {
    const value = own(this._object, key);
    if (value === undefined) {
      return fallback;
    }
    const path = [...this._path, key];
    const decoded = decode(value, path, this._report);
    if (decoded === FAILED) {
      this._report.dropped.push(path);
      return fallback;
    }
    return decoded;
  }

  /** Members that are only there when the view has them. */
  flags<K extends string>(keys: readonly K[]): Partial<Record<K, boolean>> {
    const found: Partial<Record<K, boolean>> = {};
    for (const key of keys) {
      const value = this.optional(key, yesNo, undefined);
      if (value !== undefined) {
        found[key] = value;
      }
    }
    return found;
  }
}

export const text: Decoder<string> = (value, path, report) =>
  typeof value === 'string' ? value : report.fail(path, 'text');

export const filledText: Decoder<string> = (value, path, report) =>
  typeof value === 'string' && value !== ''
    ? value
    : report.fail(path, 'filled-text');

export const yesNo: Decoder<boolean> = (value, path, report) =>
  typeof value === 'boolean' ? value : report.fail(path, 'yes-no');

export const countOrNull: Decoder<number | null> = (value, path, report) =>
  value === null || isCount(value) ? value : report.fail(path, 'count');

export const textOrNull: Decoder<string | null> = (value, path, report) =>
  value === null ? null : text(value, path, report);

/** A date, perhaps with a time; whether there is such a day is for the engine to say. */
const DATE = /^\d{4}-\d{2}-\d{2}/;

export const dateOrNull: Decoder<string | null> = (value, path, report) =>
  value === null || (typeof value === 'string' && DATE.test(value))
    ? value
    : report.fail(path, 'date');

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

export function oneOf<T extends string | number>(
  values: readonly T[]
): Decoder<T> {
  return (value, path, report) => {
    const found = values.find(candidate => candidate === value);
    return found === undefined ? report.fail(path, values) : found;
  };
}

export function oneOfOrNull<T extends string | number>(
  values: readonly T[]
): Decoder<T | null> {
  const decode = oneOf(values);
  return (value, path, report) =>
    value === null ? null : decode(value, path, report);
}

export function listOf<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, path, report) => {
    if (!Array.isArray(value)) {
      return report.fail(path, 'list');
    }
    const items: T[] = [];
    value.forEach((item: unknown, i) => {
      const decoded = decode(item, [...path, i], report);
      if (decoded === FAILED) {
        report.dropped.push([...path, i]);
      } else {
        items.push(decoded);
      }
    });
    return items;
  };
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
