import type { Filter } from './query';

/**
 * Conditions as people type them: `field=a,b`, `field!=a`, `field~regex`, `field!~regex`, `field>=n`, `field<n`;
 * commas separate values, `\,` is a comma and `\\` a backslash. `has-package:a` and `without-package:a` look at the job's packages.
 */

const CONDITION = /^([^=!~<>]+)(!=|!~|>=|=|~|<)([\s\S]*)$/;
const PRESENCE = /^(has|without)-package:([\s\S]+)$/;

/**
 * @throws RangeError with a sentence when the text is no condition.
 */
export function parseFilterText(text: string): Filter {
  const presence = PRESENCE.exec(text.trim());
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
    throw new RangeError(
      `“${text}” is not a condition. Write field=value, field!=value, field~pattern, field>=number or field<number.`
    );
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
      return { field, op: 'range', from: rest.trim() };
    default:
      return { field, op: 'range', to: rest.trim() };
  }
}

/**
 * The text that parses to a filter; null when the grammar has none (prefix, glob, missing, a range with two ends or negated).
 */
export function formatFilterText(filter: Filter): string | null {
  const { field, not } = filter;
  switch (filter.op) {
    case 'any':
      return `${field}${not ? '!=' : '='}${joinValues(filter.values)}`;
    case 'regexp':
      return `${field}${not ? '!~' : '~'}${filter.value}`;
    case 'job-has':
      return `${not ? 'without' : 'has'}-package:${joinValues(filter.values)}`;
    case 'range':
      if (not || (filter.from !== undefined) === (filter.to !== undefined)) {
        return null;
      }
      return filter.from !== undefined
        ? `${field}>=${filter.from}`
        : `${field}<${filter.to}`;
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
