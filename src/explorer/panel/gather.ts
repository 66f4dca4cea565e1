import type { IDatasetInfo } from '../../engine/engine';
import type { IGatherRequest } from '../../server/gather';
import { ROLES } from '../../workload/fields';
import type { Mapping, Role } from '../../workload/fields';
import type { ITranslator } from '../../workload/translator';
import { indexFileName } from '../source-paths';
import type { IIndexPath } from '../source-paths';

/** What the form for gathering says. */
export interface IGatherChoice {
  readonly folder: string;
  readonly columns: ReadonlySet<string>;
  readonly shape: 'long' | 'wide';
  readonly distill: boolean;
  readonly pseudonymise: ReadonlySet<Pseudonym>;
}

/** What can be replaced by pseudonyms: users, accounts, paths of programs and scripts. */
export const PSEUDONYMS = ['user', 'account', 'paths'] as const;
export type Pseudonym = (typeof PSEUDONYMS)[number];

/** Roles whose columns a pseudonym concerns. */
const CONCERNS: Readonly<Record<Pseudonym, readonly Role[]>> = {
  user: ['user'],
  account: ['account'],
  paths: ['executable', 'main']
};

/** A folder for an index's dataset, named after it. */
export function defaultFolder(path: IIndexPath): string {
  return `gathered/${indexFileName(path)}`;
}

/** Columns that play a role come first, in the order of roles, then the others by name. */
export function orderedColumns(
  columns: IDatasetInfo['columns'],
  mapping: Mapping
): { readonly name: string; readonly role: Role | null }[] {
  const roleOf = new Map(
    ROLES.flatMap(role =>
      (mapping[role] ?? []).map(name => [name, role] as const)
    )
  );
  const mapped = [...roleOf].filter(([name]) =>
    columns.some(column => column.name === name)
  );
  const others = columns
    .filter(({ name }) => !roleOf.has(name))
    .sort((a, b) => a.name.localeCompare(b.name));
  return [
    ...mapped.map(([name, role]) => ({ name, role })),
    ...others.map(({ name }) => ({ name, role: null }))
  ];
}

/**
 * Columns that are chosen once data are to be distilled, or no longer: columns without a role would keep rows apart, so they go unless the user
 * has chosen columns by hand.
 */
export function distilledColumns(
  distill: boolean,
  chosen: ReadonlySet<string>,
  all: IDatasetInfo['columns'],
  mapping: Mapping
): ReadonlySet<string> {
  const ordered = orderedColumns(all, mapping);
  const every = new Set(ordered.map(({ name }) => name));
  const mapped = new Set(
    ordered.flatMap(({ name, role }) => (role === null ? [] : [name]))
  );
  const [from, to] = distill ? [every, mapped] : [mapped, every];
  return chosen.size === from.size && [...from].every(one => chosen.has(one))
    ? to
    : chosen;
}

/** Pseudonyms that make sense: those for which a chosen column plays a role. */
export function possiblePseudonyms(
  columns: ReadonlySet<string>,
  mapping: Mapping
): Pseudonym[] {
  return PSEUDONYMS.filter(one =>
    CONCERNS[one].some(role =>
      (mapping[role] ?? []).some(name => columns.has(name))
    )
  );
}

/**
 * What is sent to the server.
 *
 * @param all Every column of the index.
 * @param mapping The whole mapping in force.
 * @param chosen The mapping that the user has corrected; what gather finds by itself is left out.
 */
export function gatherRequest(
  choice: IGatherChoice,
  path: IIndexPath,
  all: IDatasetInfo['columns'],
  mapping: Mapping,
  chosen: Mapping,
  zone: string
): IGatherRequest {
  const isAll = all.every(({ name }) => choice.columns.has(name));
  return {
    connection: path.connection,
    index: path.indices,
    folder: choice.folder.trim(),
    // No list stands for all of them, those to come among them.
    columns: isAll
      ? []
      : all.map(({ name }) => name).filter(name => choice.columns.has(name)),
    mapping: Object.fromEntries(
      Object.entries(chosen).filter(([, columns]) => columns.length > 0)
    ),
    shape: choice.shape,
    distill: choice.distill,
    zone,
    keep: choice.distill
      ? orderedColumns(all, mapping)
          .filter(({ name, role }) => role === null && choice.columns.has(name))
          .map(({ name }) => name)
      : [],
    pseudonymise: PSEUDONYMS.filter(one => choice.pseudonymise.has(one))
  };
}

/** A time to wait, in the largest unit that says something. */
export function waitText(seconds: number, trans: ITranslator): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) {
    return trans.__('%1 s', Math.max(1, Math.round(seconds)));
  }
  return minutes < 90
    ? trans.__('%1 min', minutes)
    : trans.__('%1 h', Math.round(minutes / 6) / 10);
}
