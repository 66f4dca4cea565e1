import type { Filter } from './query';

/**
 * Conditions as people type them: `field=a,b`, `field!=a`, `field~regex`, `field!~regex`, `field>=n`, `field<n`;
 * commas separate values, `\,` is a comma and `\\` a backslash. `has-package:a` and `without-package:a` look at the job's packages.
 */

const CONDITION = /^([^=!~<>]+)(!=|!~|>=|=|~|<)([\s\S]*)$/;
/** What can stand before an operator and is not trimmed. */
const FIELD = /^[^=!~<>\s]([^=!~<>]*[^=!~<>\s])?$/;
const PRESENCE = /^\s*(has|without)-package:([\s\S]+)$/;

/**
 * @throws RangeError with a sentence when the text is no condition.
 */
export function parseFilterText(text: string): Filter {
  const presence = PRESENCE.exec(text);
  if (presence) {
    return {
      field: 'package',
      op: 'job-has',
      values: splitValues(presence[2]),
      ...(presence[1] === 'without' ? { not: true } : {})
    };
  }
  const match = CONDITION.exec(text);
  const field = match?.[1].trim();
  if (!match || !field) {
    throw notACondition(text);
  }
  const rest = match[3];
  switch (match[2]) {
    case '=':
      return { field, op: 'any', values: splitValues(rest) };
    case '!=':
      return { field, op: 'any', values: splitValues(rest), not: true };
    case '~':
      return { field, op: 'regexp', value: rest };
    case '!~':
      return { field, op: 'regexp', value: rest, not: true };
    case '>=':
      return { field, op: 'range', from: boundOf(rest, text) };
    default:
      return { field, op: 'range', to: boundOf(rest, text) };
  }
}

/** A bound there must be; one that begins with `=` is of `<=`, which there is not. */
function boundOf(rest: string, text: string): string {
  const bound = rest.trim();
  if (bound === '' || bound.startsWith('=')) {
    throw notACondition(text);
  }
  return bound;
}

function notACondition(text: string): RangeError {
  return new RangeError(
    `“${text}” is not a condition. Write field=value, field!=value, field~pattern, field>=number or field<number.`
  );
}

/**
 * The text that parses to a filter; null when the grammar has none (prefix, glob, missing, no values, a range with two ends or
 * negated).
 */
export function formatFilterText(filter: Filter): string | null {
  const { field, not } = filter;
  if (filter.op === 'job-has') {
    return filter.values.some(value => value !== '')
      ? `${not ? 'without' : 'has'}-package:${joinValues(filter.values)}`
      : null;
  }
  if (!FIELD.test(field)) {
    return null;
  }
  switch (filter.op) {
    case 'any':
      return filter.values.length > 0
        ? `${field}${not ? '!=' : '='}${joinValues(filter.values)}`
        : null;
    case 'regexp':
      return `${field}${not ? '!~' : '~'}${filter.value}`;
    case 'range': {
      const bounds = [
        ...(filter.from ? [`>=${filter.from}`] : []),
        ...(filter.to ? [`<${filter.to}`] : [])
      ];
      return bounds.length === 1 && !not ? `${field}${bounds[0]}` : null;
    }
    default:
      return null;
  }
}

/** Split at commas that no backslash escapes. */
export function splitValues(text: string): string[] {
  const values = [''];
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1];
    if (text[i] === '\\' && (next === ',' || next === '\\')) {
      values[values.length - 1] += next;
      i++;
    } else if (text[i] === ',') {
      values.push('');
    } else {
      values[values.length - 1] += text[i];
    }
  }
  return values;
}

function joinValues(values: readonly string[]): string {
  return values.map(value => value.replace(/[\\,]/g, '\\$&')).join(',');
}
