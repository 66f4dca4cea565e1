import { ROLES } from './fields';
import { isObject } from './json';
import type { JsonPath } from './json';

/** Keys of a view in the order in which they are written, outer objects first; other keys follow in the order they have. */
const KEY_ORDER: readonly string[] = [
  '$schema',
  'version',
  'source',
  'paths',
  'mapping',
  'filters',
  'defaults',
  'period',
  'zone',
  'board',
  'id',
  'question',
  'transform',
  'look',
  'picks',
  'analysis',
  'distinct',
  'by',
  'bins',
  'top',
  'other',
  'of',
  'package',
  'width',
  'log',
  'order',
  'band',
  'field',
  'op',
  'values',
  'value',
  'from',
  'to',
  'not',
  'disabled'
];

/** Columns that a list of scalars may fill to stay in one line. */
const LINE_WIDTH = 80;

const STEP = '  ';

/** Place of a key among its siblings; keys that are not known come last. */
export function keyRank(path: JsonPath, key: string): number {
  const order: readonly string[] =
    path.at(-1) === 'mapping' ? ROLES : KEY_ORDER;
  const rank = order.indexOf(key);
  return rank < 0 ? order.length : rank;
}

/**
 * Write a view so that git shows what changed: two spaces, keys always in one order, a member or item
 * a line, short lists of scalars in one line.
 */
export function formatView(view: unknown): string {
  return `${formatValue(view, [], '')}\n`;
}

/**
 * Write a part of a view.
 *
 * @param path Where it stands in the view.
 * @param indent White space of the line that it starts in.
 */
export function formatValue(
  value: unknown,
  path: JsonPath,
  indent: string
): string {
  if (Array.isArray(value)) {
    const line = formatInline(value);
    const lead = memberLead(path.at(-1), indent);
    if (value.every(isScalar) && lead + line.length <= LINE_WIDTH) {
      return line;
    }
    const items = value.map(
      (item, i) =>
        indent + STEP + formatValue(item, [...path, i], indent + STEP)
    );
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (isObject(value)) {
    const members = sortedKeys(value, path).map(
      key => indent + STEP + formatMember(key, value[key], path, indent + STEP)
    );
    return members.length > 0 ? `{\n${members.join(',\n')}\n${indent}}` : '{}';
  }
  return JSON.stringify(value);
}

/** Write a member of an object at `path`. */
export function formatMember(
  key: string,
  value: unknown,
  path: JsonPath,
  indent: string
): string {
  return `${JSON.stringify(key)}: ${formatValue(value, [...path, key], indent)}`;
}

/** Whether a list is written in one line. */
export function isInline(
  value: readonly unknown[],
  path: JsonPath,
  indent: string
): boolean {
  return !formatValue(value, path, indent).includes('\n');
}

export function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function memberLead(key: string | number | undefined, indent: string): number {
  return (
    indent.length +
    (typeof key === 'string' ? JSON.stringify(key).length + 2 : 0)
  );
}

function formatInline(items: readonly unknown[]): string {
  return `[${items.map(item => JSON.stringify(item)).join(', ')}]`;
}

function sortedKeys(
  object: Readonly<Record<string, unknown>>,
  path: JsonPath
): string[] {
  // The sort is stable, so keys that are not known stay in their order.
  return Object.keys(object)
    .filter(key => object[key] !== undefined)
    .sort((a, b) => keyRank(path, a) - keyRank(path, b));
}
