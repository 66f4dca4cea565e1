/**
 * The roles of notebook cells, and the tags that say them.
 *
 * Upstream cells reduce data, on GPUs and in batch jobs; downstream cells draw the dashboard, on a server without GPUs; shared cells run
 * on both. A cell's tags (`metadata.tags`) are the one truth, because papermill, Voilà and nbconvert read them too.
 */

/** What a cell is for. */
export type Role = 'upstream' | 'downstream' | 'shared';

/** The roles, in the order in which they are shown. */
export const ROLES: readonly Role[] = ['upstream', 'downstream', 'shared'];

/** The tag of each role; a site or a notebook may name them otherwise. */
export type IRoleTags = Readonly<Record<Role, string>>;

/** The tags where nobody says otherwise. */
export const DEFAULT_ROLE_TAGS: IRoleTags = {
  upstream: 'upstream',
  downstream: 'downstream',
  shared: 'shared'
};

/** Tags of papermill: the cell of defaults, and the one it writes after it. Both count as shared. */
export const PAPERMILL_TAGS: readonly string[] = [
  'parameters',
  'injected-parameters'
];

/** What the tags of a cell say: one role, none, or several, which is a conflict. */
export type CellRole = Role | 'none' | 'conflict';

/** All roles that tags name, each once, in the order of `ROLES`. */
export function rolesOf(tags: readonly string[], names: IRoleTags): Role[] {
  return ROLES.filter(
    role =>
      tags.includes(names[role]) ||
      (role === 'shared' && PAPERMILL_TAGS.some(tag => tags.includes(tag)))
  );
}

/** What the tags of a cell say. */
export function cellRole(tags: readonly string[], names: IRoleTags): CellRole {
  const roles = rolesOf(tags, names);
  return roles.length === 0
    ? 'none'
    : roles.length === 1
      ? roles[0]
      : 'conflict';
}

/**
 * The tags of a cell after it is given a role, or none with `null`.
 *
 * Every other tag stays, in its order. Papermill's tags stay, too: they make a cell shared whatever else it is, so giving such a cell
 * another role is a conflict that the check tells.
 *
 * @returns The same array when nothing changes.
 */
export function withRole(
  tags: readonly string[],
  role: Role | null,
  names: IRoleTags
): readonly string[] {
  const already =
    role === 'shared' && PAPERMILL_TAGS.some(tag => tags.includes(tag));
  const wanted = role === null || already ? null : names[role];
  const drop = new Set(ROLES.map(each => names[each]));
  if (wanted !== null) {
    drop.delete(wanted);
  }
  const kept = tags.filter(tag => !drop.has(tag));
  const next =
    wanted === null || kept.includes(wanted) ? kept : [...kept, wanted];
  const isSame =
    next.length === tags.length && next.every((tag, i) => tag === tags[i]);
  return isSame ? tags : next;
}
