import { RE2JS } from 're2js';

import { parseInstant } from '../workload/calendar';
import { FLAG_ROLES, isRole, KEY_ROLES } from '../workload/fields';
import type { Filter } from '../workload/query';
import type { Dictionary } from './dictionary';
import { flag, MISSING, toNumber } from './dictionary';
import { EngineError } from './engine';

/** A condition on one value of a dictionary: is code `c` kept? */
export type CodeTest = (code: number) => boolean;

/**
 * What a filter says of each code of a dictionary. Evaluated once a value, never once a row.
 *
 * @throws EngineError `query` for a pattern, number or date that cannot be read.
 */
export function codeTest(
  filter: Filter,
  dictionary: Dictionary,
  zone: string
): CodeTest {
  const positive = positiveTest(filter, dictionary, zone);
  return filter.not ? code => !positive(code) : positive;
}

function positiveTest(
  filter: Filter,
  dictionary: Dictionary,
  zone: string
): CodeTest {
  switch (filter.op) {
    case 'any': {
      if (isFlag(filter.field)) {
        return flagTest(filter.values, dictionary, filter.field);
      }
      const wanted = new Set(
        filter.values.map(value => findValue(value, filter, dictionary, zone))
      );
      return code => code !== MISSING && wanted.has(code);
    }
    case 'missing':
      return code => code === MISSING;
    case 'prefix': {
      const { value } = filter;
      return textTest(dictionary, text => text.startsWith(value));
    }
    case 'glob': {
      const pattern = compile(globPattern(filter.value), filter);
      return textTest(dictionary, text => pattern.matches(text));
    }
    case 'regexp': {
      const pattern = compile(filter.value, filter);
      return textTest(dictionary, text => pattern.matcher(text).find());
    }
    case 'range': {
      const from = bound(filter.from, filter, dictionary, zone) ?? -Infinity;
      const to = bound(filter.to, filter, dictionary, zone) ?? Infinity;
      return code => {
        const number = exact(code, dictionary);
        // Floats and big integers compare exactly with each other.
        return number >= from && number < to;
      };
    }
    case 'job-has':
      throw new EngineError('internal', 'Presence is no condition on a value.');
  }
}

/** RE2 pattern of a glob: `*` is any text, `?` any character, `[a-c]` and `[!a-c]` classes. */
export function globPattern(glob: string): string {
  return glob.replace(
    /\[(!?)([^\]]+)\]|[*?]|[\\^$.|+(){}[\]]/g,
    (found, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) {
        return `[${not ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
      }
      return found === '*'
        ? '(?s:.*)'
        : found === '?'
          ? '(?s:.)'
          : `\\${found}`;
    }
  );
}

function textTest(
  dictionary: Dictionary,
  matches: (text: string) => boolean
): CodeTest {
  return code => {
    const text = dictionary.text(code);
    return text !== null && matches(text);
  };
}

/** Yes and no, in whatever type and spelling a column has them. */
function flagTest(
  values: readonly string[],
  dictionary: Dictionary,
  field: string
): CodeTest {
  const wanted = new Set(
    values.map(value => {
      const parsed = flag(value);
      if (Number.isNaN(parsed)) {
        throw new EngineError(
          'query',
          `“${field}” is yes or no: write ${field}=true or ${field}=false, not “${value}”.`,
          field
        );
      }
      return parsed;
    })
  );
  return code => wanted.has(flagOf(code, dictionary));
}

/** 1, 0, or NaN when a value is neither yes nor no. */
export function flagOf(code: number, dictionary: Dictionary): number {
  if (code === MISSING) {
    return NaN;
  }
  return dictionary.type === 'boolean'
    ? dictionary.number(code)
    : flag(dictionary.text(code) ?? '');
}

function isFlag(field: string): boolean {
  return isRole(field) && FLAG_ROLES.includes(field);
}

function isKey(field: string): boolean {
  return isRole(field) && KEY_ROLES.includes(field);
}

function findValue(
  value: string,
  filter: Filter,
  dictionary: Dictionary,
  zone: string
): number {
  if (dictionary.type === 'time') {
    return dictionary.find(String(instant(value, zone) * 1000));
  }
  // Ids are texts or numbers as the site has them, so a text that is no number is just an id that no record has.
  if (
    dictionary.type === 'number' &&
    !isKey(filter.field) &&
    value !== 'NaN' &&
    value.trim() !== ''
  ) {
    checkNumber(value, filter);
  }
  return dictionary.find(value);
}

/** A value as a number; whole numbers that a float cannot hold keep all digits. */
function exact(code: number, dictionary: Dictionary): number | bigint {
  const number = dictionary.number(code);
  return Number.isSafeInteger(number) || !Number.isInteger(number)
    ? number
    : exactNumber(dictionary.text(code) ?? '');
}

function exactNumber(text: string): number | bigint {
  const number = toNumber(text);
  return Number.isInteger(number) &&
    !Number.isSafeInteger(number) &&
    /^-?\d+$/.test(text)
    ? BigInt(text)
    : number;
}

function checkNumber(text: string, filter: Filter): void {
  if (Number.isNaN(toNumber(text))) {
    throw new EngineError(
      'query',
      `“${filter.field}” is compared with numbers, and “${text}” is none.`,
      filter.field
    );
  }
}

function bound(
  text: string | undefined,
  filter: Filter,
  dictionary: Dictionary,
  zone: string
): number | bigint | null {
  if (text === undefined || text === '') {
    return null;
  }
  if (dictionary.type === 'time') {
    return instant(text, zone) * 1000;
  }
  checkNumber(text, filter);
  return exactNumber(text);
}

/**
 * Epoch seconds of a date or time that a user wrote.
 *
 * @throws EngineError `query`.
 */
export function instant(text: string, zone: string): number {
  try {
    return parseInstant(text, zone);
  } catch (error) {
    throw new EngineError('query', error instanceof Error ? error.message : '');
  }
}

/**
 * Whether a filter's pattern can be read, which is known before any data are.
 *
 * @throws EngineError `query`.
 */
export function checkPattern(filter: Filter): void {
  if (filter.op === 'regexp') {
    compile(filter.value, filter);
  } else if (filter.op === 'glob') {
    compile(globPattern(filter.value), filter);
  }
}

function compile(pattern: string, filter: Filter): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new EngineError(
      'query',
      `The pattern “${pattern}” for “${filter.field}” cannot be read (RE2 syntax): ${error instanceof Error ? error.message : String(error)}.`,
      filter.field
    );
  }
}
