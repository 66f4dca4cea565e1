import type { ITranslator } from '../workload/translator';
import type { IRoleTags, Role } from '../workload/roles';
import { withTag } from './role-text';

/** A role, or that a cell should have none. */
export type RoleChoice = Role | 'none';

/**
 * What the command is called that sets the role of cells; where the tag is named otherwise than the role, it says the tag, too.
 *
 * @param cells How many cells it is for; several where nobody knows.
 */
export function setLabel(
  role: RoleChoice | null,
  cells: number,
  tags: IRoleTags,
  trans: ITranslator
): string {
  return withTag(plainSetLabel(role, cells, trans), role, tags, trans);
}

function plainSetLabel(
  role: RoleChoice | null,
  cells: number,
  trans: ITranslator
): string {
  switch (role) {
    case 'upstream':
      return trans._n('Make Cell Upstream', 'Make Cells Upstream', cells);
    case 'downstream':
      return trans._n('Make Cell Downstream', 'Make Cells Downstream', cells);
    case 'shared':
      return trans._n('Make Cell Shared', 'Make Cells Shared', cells);
    case 'none':
      return trans._n('Remove Role from Cell', 'Remove Role from Cells', cells);
    case null:
      return trans._n('Set Role of Cell', 'Set Role of Cells', cells);
  }
}

/** The same for the command that sets the role of a section. */
export function sectionLabel(
  role: RoleChoice | null,
  tags: IRoleTags,
  trans: ITranslator
): string {
  return withTag(plainSectionLabel(role, trans), role, tags, trans);
}

function plainSectionLabel(
  role: RoleChoice | null,
  trans: ITranslator
): string {
  switch (role) {
    case 'upstream':
      return trans.__('Make Section Upstream');
    case 'downstream':
      return trans.__('Make Section Downstream');
    case 'shared':
      return trans.__('Make Section Shared');
    case 'none':
      return trans.__('Remove Role from Section');
    case null:
      return trans.__('Set Role of Section');
  }
}

/** What the command is called that selects the cells of a role; null is the active cell's. */
export function selectLabel(
  role: RoleChoice | null,
  trans: ITranslator
): string {
  switch (role) {
    case 'upstream':
      return trans.__('Select Upstream Cells');
    case 'downstream':
      return trans.__('Select Downstream Cells');
    case 'shared':
      return trans.__('Select Shared Cells');
    case 'none':
      return trans.__('Select Code Cells without Role');
    case null:
      return trans.__('Select Cells with the Role of This One');
  }
}

/** What the command is called that runs what one machine runs; null is the one of the active cell. */
export function runLabel(role: RoleChoice | null, trans: ITranslator): string {
  switch (role) {
    case 'upstream':
      return trans.__('Run Upstream and Shared Cells');
    case 'downstream':
      return trans.__('Run Downstream and Shared Cells');
    case 'shared':
      return trans.__('Run Shared Cells');
    default:
      return trans.__('Run Cells with the Role of This One');
  }
}
