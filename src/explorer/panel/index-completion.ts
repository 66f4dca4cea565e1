import type { IConnection, IIndexEntry } from '../../server/elasticsearch';
import { ELASTIC_PREFIX } from '../../workload/elastic-prefix';
import { elasticPath, indexPath } from '../source-paths';
import type { ISuggestion } from './combobox';
import type { IFormat } from './format';

/** Lines of completion shown at once. */
const LIMIT = 50;

/** What a pattern stands for, as far as the list of indices tells. */
export interface IPatternMatch {
  /** Concrete indices. */
  readonly indices: number;
  /** Null where the server tells of none of them. */
  readonly documents: number | null;
}

/** Whether the typed text is an expression for several indices, and not the beginning of one name. */
export function isPattern(typed: string): boolean {
  return /[*,<]/.test(typed);
}

/** Entries that the typed text may mean: by a part of their name, or, with `*`, by all of it. */
export function filterIndices(
  entries: readonly IIndexEntry[],
  typed: string
): IIndexEntry[] {
  const text = typed.trim().toLowerCase();
  return isPattern(text)
    ? entries.filter(entry => matches(entry.name.toLowerCase(), text))
    : entries.filter(entry => entry.name.toLowerCase().includes(text));
}

/** What no expression may have that a connection passes on: exclusions, date math, names that are Elasticsearch's own syntax. */
const NOT_PASSED_ON = /(^|,)\s*[-+_]|[<>]/;

/**
 * What an expression stands for, each index counted once however many names lead to it.
 *
 * @returns null where the list does not tell: for names that are not in it, and for what connections do not pass on.
 */
export function matchPattern(
  entries: readonly IIndexEntry[],
  typed: string
): IPatternMatch | null {
  const found = entries.filter(entry => matches(entry.name, typed.trim()));
  if (found.length === 0 || NOT_PASSED_ON.test(typed.trim())) {
    return null;
  }
  const named = new Map(
    found
      .filter(({ members }) => members.length === 0)
      .map(entry => [entry.name, entry])
  );
  let documents: number | null = null;
  for (const entry of named.values()) {
    documents = add(documents, entry.documents);
  }
  const indices = new Set(named.keys());
  const byName = new Map(entries.map(entry => [entry.name, entry]));
  let isKnown = true;
  for (const { members, documents: own } of found) {
    const others = members.filter(name => !indices.has(name));
    if (others.length === 0) {
      continue;
    }
    if (others.length === members.length) {
      // It may have a filter, so its own number counts.
      documents = add(documents, own);
    } else {
      // Of some of its members the number is there already.
      const [all, rest] = [members, others].map(names =>
        sumOf(names.map(name => byName.get(name)?.documents ?? null))
      );
      isKnown &&= all !== null && all === own;
      documents = add(documents, rest);
    }
    others.forEach(name => indices.add(name));
  }
  return { indices: indices.size, documents: isKnown ? documents : null };
}

/**
 * Completions of a path of Elasticsearch: the prefix, then a connection, then indices.
 *
 * @param typed The whole text of the field.
 * @param indices Lists what a connection leads to.
 * @returns null when the text is on its way to a path of files.
 */
export async function completeIndex(
  typed: string,
  connections: readonly IConnection[],
  indices: (connection: string) => Promise<readonly IIndexEntry[]>,
  format: Pick<IFormat, 'short'>
): Promise<ISuggestion[] | null> {
  const path = indexPath(typed);
  if (!path) {
    return typed !== '' &&
      connections.length > 0 &&
      ELASTIC_PREFIX.startsWith(typed)
      ? [{ text: ELASTIC_PREFIX, label: ELASTIC_PREFIX, more: true }]
      : null;
  }
  const { connection } = path;
  if (!typed.includes('/')) {
    return connections
      .filter(({ name, available }) => available && name.startsWith(connection))
      .slice(0, LIMIT)
      .map(({ name, description }) => ({
        text: elasticPath({ connection: name, indices: '' }),
        label: name,
        detail: description,
        more: true
      }));
  }
  if (!connections.some(({ name }) => name === connection)) {
    return [];
  }
  const at = path.indices.lastIndexOf(',') + 1;
  const before = path.indices.slice(0, at);
  return filterIndices(await indices(connection), path.indices.slice(at))
    .slice(0, LIMIT)
    .map(({ name, documents }) => ({
      text: elasticPath({ connection, indices: before + name }),
      label: name,
      ...(documents === null ? {} : { detail: format.short(documents) })
    }));
}

/** Whether a name is meant by one of the parts of an expression. */
function matches(name: string, expression: string): boolean {
  return expression.split(',').some(part =>
    new RegExp(
      `^${part
        .trim()
        .split('*')
        .map(text => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('.*')}$`
    ).test(name)
  );
}

/** Null where one of the numbers is not known. */
function sumOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    0
  );
}

function add(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more;
}
