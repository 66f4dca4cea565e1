import { nearest } from '../workload/nearest';
import type { IRolePolicy } from '../workload/role-policy';
import { DEFAULT_ROLE_TAGS, PAPERMILL_TAGS, ROLES } from '../workload/roles';

/** The role's tag that a tag probably means; null when it is that tag, or another word. */
export function nearRole(tag: string, { tags }: IRolePolicy): string | null {
  const known = [...ROLES.map(role => tags[role]), ...PAPERMILL_TAGS];
  if (known.includes(tag)) {
    return null;
  }
  const plain = (text: string): string =>
    text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  // Where a site has other tags, the usual ones are a mistake, too.
  const usual = ROLES.find(role => DEFAULT_ROLE_TAGS[role] === plain(tag));
  if (usual) {
    return tags[usual];
  }
  const typed = plain(tag);
  const same = known.find(each => plain(each) === typed);
  if (same !== undefined) {
    return same;
  }
  // Of short words too many are near.
  return typed.length < 5 ||
    ['sharing', 'stream', 'streaming', 'share', 'parameter'].includes(typed)
    ? null
    : nearest(
        typed,
        known.filter(
          each => each.length >= 5 && Math.abs(each.length - typed.length) <= 2
        )
      );
}
