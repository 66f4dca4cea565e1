import type { ITable } from '../workload/answer';
import type { ITranslator } from '../workload/translator';
import { TransformError } from './error';
import { columnRefs } from './expression';
import type { Expr } from './expression';
import { nearest } from '../workload/nearest';
import type { Choice, IMade, IName, Verb } from './verbs';

/** Marks the row that holds all that top N left out; rows carry it beside the columns of the answer. */
export const OTHER = 'other';

/** Columns that a transform of a table can name: its own, and `other` where a row is marked by it. */
export function transformColumns(table: ITable): string[] {
  return table.columns.includes(OTHER) ||
    !table.rows.some(row => row[OTHER] === true)
    ? [...table.columns]
    : [...table.columns, OTHER];
}

/**
 * Columns and group keys between two verbs. `columns` is null after a pivot, whose columns come from the data and
 * so cannot be known beforehand.
 */
export interface IScope {
  readonly columns: readonly string[] | null;
  readonly groups: readonly string[];
}

export function scopeOf(columns: readonly string[]): IScope {
  return { columns, groups: [] };
}

/** Check that every column named is there when its verb runs. */
export function checkColumns(
  verbs: readonly Verb[],
  columns: readonly string[],
  trans: ITranslator
): void {
  let scope = scopeOf(columns);
  for (const verb of verbs) {
    checkVerb(verb, scope, trans);
    scope = scopeAfter(verb, scope);
  }
}

/** Check that every column that a verb names is there. */
export function checkVerb(verb: Verb, scope: IScope, trans: ITranslator): void {
  const { columns } = scope;
  if (columns === null) {
    return;
  }
  for (const name of namesRead(verb)) {
    if (!columns.includes(name.name)) {
      throw unknownColumn(name, columns, trans);
    }
  }
}

function unknownColumn(
  name: IName,
  columns: readonly string[],
  trans: ITranslator
): TransformError {
  const meant = nearest(name.name, columns);
  const known = columns.join(', ');
  return new TransformError(
    meant
      ? trans.__(
          'There is no column “%1” here. Is “%2” meant? There are: %3.',
          name.name,
          meant,
          known
        )
      : trans.__(
          'There is no column “%1” here. There are: %2.',
          name.name,
          known
        ),
    name.from,
    name.to
  );
}

/** All columns that a verb names. */
function namesRead(verb: Verb): IName[] {
  switch (verb.verb) {
    case 'filter':
      return columnRefs(verb.test);
    case 'derive':
    case 'rollup':
      return refs(verb.made);
    case 'impute':
      return [...verb.made.map(made => made.name), ...refs(verb.made)];
    case 'groupby':
      return refs(verb.keys);
    case 'orderby':
      return verb.keys.flatMap(key => columnRefs(key.expr));
    case 'select':
    case 'dedupe':
    case 'fold':
      return verb.choices.flatMap(namesChosen);
    case 'relocate':
      return [...verb.choices.flatMap(namesChosen), verb.anchor];
    case 'rename':
      return verb.names.map(name => name.column);
    case 'pivot':
      return [verb.on, ...refs(verb.values)];
    case 'ungroup':
    case 'unorder':
    case 'count':
    case 'slice':
      return [];
  }
}

function refs(made: readonly { readonly expr: Expr }[]): IName[] {
  return made.flatMap(({ expr }) => columnRefs(expr));
}

function namesChosen(choice: Choice): IName[] {
  switch (choice.kind) {
    case 'names':
      return choice.names.map(name => name.column);
    case 'not':
      return choice.choices.flatMap(namesChosen);
    case 'range':
      return [choice.first, choice.last];
    case 'all':
    case 'startswith':
    case 'endswith':
      return [];
  }
}

/** The columns that choices amount to, in order, with the names they get. */
export function resolveChoices(
  choices: readonly Choice[],
  columns: readonly string[]
): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const choice of choices) {
    switch (choice.kind) {
      case 'names':
        choice.names.forEach(name =>
          chosen.set(name.column.name, name.as.name)
        );
        break;
      case 'all':
        columns.forEach(name => chosen.set(name, name));
        break;
      case 'not': {
        const left = resolveChoices(choice.choices, columns);
        columns
          .filter(name => !left.has(name))
          .forEach(name => chosen.set(name, name));
        break;
      }
      case 'range': {
        const ends = [choice.first, choice.last].map(end =>
          columns.indexOf(end.name)
        );
        columns
          .slice(Math.min(...ends), Math.max(...ends) + 1)
          .forEach(name => chosen.set(name, name));
        break;
      }
      case 'startswith':
        columns
          .filter(name => name.startsWith(choice.text))
          .forEach(name => chosen.set(name, name));
        break;
      case 'endswith':
        columns
          .filter(name => name.endsWith(choice.text))
          .forEach(name => chosen.set(name, name));
    }
  }
  return chosen;
}

/** For the verbs that only choose, name and order columns: each column that stays, with the name it gets, in order. */
export function arranged(
  verb: Extract<Verb, { verb: 'select' | 'rename' | 'relocate' }>,
  columns: readonly string[]
): [from: string, to: string][] {
  if (verb.verb === 'select') {
    return lastNamed([...resolveChoices(verb.choices, columns)]);
  }
  if (verb.verb === 'rename') {
    const names = new Map(
      verb.names.map(({ column, as }) => [column.name, as.name])
    );
    const taken = new Set(names.values());
    // A column whose name another one gets makes room for it.
    return lastNamed(
      columns
        .filter(name => names.has(name) || !taken.has(name))
        .map(name => [name, names.get(name) ?? name])
    );
  }
  const moved = lastNamed([...resolveChoices(verb.choices, columns)]);
  const movedFrom = new Set(moved.map(([from]) => from));
  const rest = columns.filter(name => !movedFrom.has(name));
  const anchor = verb.anchor.name;
  // An anchor that moves itself leaves a gap: the rest that stood before it stays before.
  const before = columns
    .slice(0, columns.indexOf(anchor) + (verb.side === 'after' ? 1 : 0))
    .filter(name => !movedFrom.has(name)).length;
  const same = (name: string): [string, string] => [name, name];
  return lastNamed([
    ...rest.slice(0, before).map(same),
    ...moved,
    ...rest.slice(before).map(same)
  ]);
}

/** Of several columns that would get the same name the last one stays. */
function lastNamed(pairs: readonly [string, string][]): [string, string][] {
  const last = new Map(pairs.map(([, to], i) => [to, i]));
  return pairs.filter(([, to], i) => last.get(to) === i);
}

/** Columns after a verb, in order. */
export function scopeAfter(verb: Verb, scope: IScope): IScope {
  const { columns, groups } = scope;
  switch (verb.verb) {
    case 'filter':
    case 'orderby':
    case 'unorder':
    case 'slice':
    case 'impute':
      return scope;
    case 'ungroup':
    case 'dedupe':
      return { columns, groups: [] };
    case 'groupby':
      return { columns, groups: verb.keys.map(key => key.name.name) };
    case 'derive':
      return { columns: columns && withMade(columns, verb.made), groups };
    case 'rollup':
      return { columns: withMade(groups, verb.made), groups: [] };
    case 'count':
      return { columns: unique([...groups, verb.as.name]), groups: [] };
    case 'pivot':
      return { columns: null, groups: [] };
    case 'select':
    case 'rename':
    case 'relocate':
      return {
        columns: columns && arranged(verb, columns).map(([, to]) => to),
        groups
      };
    case 'fold':
      return { columns: columns && foldedColumns(verb, columns), groups: [] };
  }
}

function foldedColumns(
  verb: Extract<Verb, { verb: 'fold' }>,
  columns: readonly string[]
): string[] {
  const folded = resolveChoices(verb.choices, columns);
  const [key, value] = verb.as;
  return unique([
    ...columns.filter(name => !folded.has(name)),
    key.name,
    value.name
  ]);
}

function withMade(
  columns: readonly string[],
  made: readonly IMade[]
): string[] {
  return unique([...columns, ...made.map(({ name }) => name.name)]);
}

function unique(names: Iterable<string>): string[] {
  return [...new Set(names)];
}
