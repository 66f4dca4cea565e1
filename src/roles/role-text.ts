import type { Severity } from '../workload/role-policy';
import { ROLES } from '../workload/roles';
import type { CellRole, IRoleTags } from '../workload/roles';
import type { ITranslator } from '../workload/translator';

/** The letter that stands for a role, at the cell, in lists and on buttons; the same in every language. */
export const ROLE_LETTERS: Readonly<Record<CellRole, string>> = {
  upstream: 'U',
  downstream: 'D',
  shared: 'S',
  none: '?',
  conflict: '!'
};

/** A sign for each severity, so that color is never all that tells them apart. */
export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = {
  error: '✖',
  warning: '▲',
  info: '●'
};

/** What a role is called: on chips and in lists. */
export function roleTitle(role: CellRole, trans: ITranslator): string {
  switch (role) {
    case 'upstream':
      return trans.__('Upstream');
    case 'downstream':
      return trans.__('Downstream');
    case 'shared':
      return trans.__('Shared');
    case 'none':
      return trans.__('Without role');
    case 'conflict':
      return trans.__('Two roles');
  }
}

/** The tag of a role where a site or a notebook names it otherwise than the role; else null. */
function otherTag(role: CellRole | null, tags: IRoleTags): string | null {
  const known = ROLES.find(each => each === role);
  return known === undefined || tags[known] === known ? null : tags[known];
}

/** A label of a role, followed by its tag where that is named otherwise: “Make Cell Upstream (reduce)”. */
export function withTag(
  label: string,
  role: CellRole | null,
  tags: IRoleTags,
  trans: ITranslator
): string {
  const tag = otherTag(role, tags);
  return tag === null ? label : trans.__('%1 (%2)', label, tag);
}

/** A cell's role as a sentence: the letter's name for those who hear it or point at it. Tells the tag where that is named otherwise. */
export function roleSentence(
  role: CellRole,
  tags: IRoleTags,
  trans: ITranslator
): string {
  const sentence = plainSentence(role, trans);
  const tag = otherTag(role, tags);
  return tag === null
    ? sentence
    : trans.__('%1 Its tag is “%2”.', sentence, tag);
}

function plainSentence(role: CellRole, trans: ITranslator): string {
  switch (role) {
    case 'upstream':
      return trans.__('Upstream cell: runs in batch jobs only.');
    case 'downstream':
      return trans.__('Downstream cell: runs on the dashboard’s server only.');
    case 'shared':
      return trans.__('Shared cell: runs upstream and downstream.');
    case 'none':
      return trans.__('This cell has no role yet.');
    case 'conflict':
      return trans.__('This cell has more than one role: keep one.');
  }
}

/** What a severity is called. */
export function severityTitle(severity: Severity, trans: ITranslator): string {
  switch (severity) {
    case 'error':
      return trans.__('Error');
    case 'warning':
      return trans.__('Warning');
    case 'info':
      return trans.__('Note');
  }
}
