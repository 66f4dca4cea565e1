import type { IFrequentValue } from '../../engine/frequent-values';
import type { IColumn, Mapping } from '../../workload/fields';
import { fieldTitle } from '../../workload/caption';
import { ENVIRONMENT, ROLES } from '../../workload/fields';
import type { ITranslator } from '../../workload/translator';
import type { ISuggestion } from './combobox';

/** What a half-typed condition needs next. */
export type Need =
  | { readonly kind: 'field'; readonly typed: string }
  | {
      readonly kind: 'value';
      readonly field: string;
      /** Text before the value that is being typed. */
      readonly before: string;
      readonly typed: string;
    }
  | { readonly kind: 'free' };

const HAS_PACKAGE = 'has-package:';
const WITHOUT_PACKAGE = 'without-package:';

const PRESENCE = /^(?:has|without)-package:/;
const VALUES = /^([^=!~<>]+)(?:!=|=)/;

/** What comes next in a condition, as typed so far; the grammar is that of `parseFilterText`. */
export function nextNeed(text: string): Need {
  const presence = PRESENCE.exec(text);
  const match = presence ?? VALUES.exec(text);
  if (!match) {
    return /[=!~<>]/.test(text)
      ? { kind: 'free' }
      : { kind: 'field', typed: text.trim() };
  }
  const start = lastValue(text, match[0].length);
  return {
    kind: 'value',
    field: presence ? 'package' : match[1].trim(),
    before: text.slice(0, start),
    typed: text.slice(start).replace(/\\([,\\])/g, '$1')
  };
}

/** Where the last value begins: after the last comma that no backslash escapes. */
function lastValue(text: string, from: number): number {
  let start = from;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') {
      i++;
    } else if (text[i] === ',') {
      start = i + 1;
    }
  }
  return start;
}

/** Fields that a condition can speak of: roles first, then columns that play none. */
export function suggestFields(
  typed: string,
  mapping: Mapping,
  columns: readonly IColumn[],
  trans: ITranslator
): ISuggestion[] {
  const roles: { name: string; detail: string }[] = ROLES.filter(
    role => mapping[role]
  ).map(role => ({
    name: role,
    detail: fieldTitle(role, trans)
  }));
  const played = new Set(Object.values(mapping).flat());
  const others = columns
    .filter(column => !played.has(column.name) && !column.list)
    .map(column => ({ name: column.name, detail: trans.__('column') }));
  const environment = mapping.executable
    ? [
        {
          name: ENVIRONMENT,
          detail: trans.__('center module, conda, container, other')
        }
      ]
    : [];
  const presence = mapping.package
    ? [
        {
          text: HAS_PACKAGE,
          label: HAS_PACKAGE,
          detail: trans.__('packages of the same job')
        },
        {
          text: WITHOUT_PACKAGE,
          label: WITHOUT_PACKAGE,
          detail: trans.__('packages of the same job')
        }
      ]
    : [];
  const lower = typed.toLowerCase();
  return [
    ...[...roles, ...environment, ...others].map(({ name, detail }) => ({
      text: `${name}=`,
      label: name,
      detail
    })),
    ...presence
  ]
    .filter(
      line =>
        line.label.toLowerCase().includes(lower) ||
        line.detail.toLowerCase().includes(lower)
    )
    .sort(
      (a, b) =>
        Number(startsWith(b.label, lower)) - Number(startsWith(a.label, lower))
    )
    .map(line => ({ ...line, more: true }));
}

function startsWith(label: string, lower: string): boolean {
  return label.toLowerCase().startsWith(lower);
}

/** Completions of the value that is being typed. */
export function suggestValues(
  before: string,
  values: readonly IFrequentValue[],
  count: (n: number) => string
): ISuggestion[] {
  return values.map(found => ({
    text: before + found.value.replace(/[\\,]/g, '\\$&'),
    label: found.value === '' ? '""' : found.value,
    detail: recordsText(found, count)
  }));
}

/** How often a value occurs, as far as it is known. */
export function recordsText(
  { records, atLeast }: IFrequentValue,
  count: (n: number) => string
): string {
  return `${atLeast ? '≥ ' : ''}${count(records)}`;
}
