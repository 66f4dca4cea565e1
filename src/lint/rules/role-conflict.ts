import { PAPERMILL_TAGS, ROLES, rolesOf } from '../../workload/roles';
import type { Role } from '../../workload/roles';
import type { ICheckedCell, IRule, IRuleContext } from '../rule';
import { downstream, parameters } from './examples';
import { fixOf, tagAs } from './fixes';

/** A cell with more than one role. */
export const roleConflict: IRule = {
  id: 'role-conflict',
  severity: 'error',
  title: trans => trans.__('Cell with more than one role'),
  description: trans =>
    trans.__(
      'A cell has one role; what both machines need is shared. Papermill’s tags “parameters” and “injected-parameters” make a cell shared. Until this is settled, the cell is taken as upstream, as it is when a dashboard is compiled.'
    ),
  examples: {
    fires: [
      {
        cells: [{ source: 'x = 1', tags: ['upstream', 'downstream'] }],
        at: [0]
      },
      {
        cells: [{ source: 'year = 2021', tags: ['parameters', 'downstream'] }],
        at: [0]
      }
    ],
    clean: [
      { cells: [parameters('year = 2021'), downstream('print(year)')] },
      { cells: [{ source: 'x = 1', tags: ['parameters', 'shared'] }] }
    ]
  },
  *check(context) {
    const { cells, policy, trans } = context;
    for (const cell of cells) {
      if (cell.role !== 'conflict' || cell.cell.type !== 'code') {
        continue;
      }
      const tags = cell.cell.tags.filter(
        tag =>
          PAPERMILL_TAGS.includes(tag) ||
          ROLES.some(role => policy.tags[role] === tag)
      );
      const kept = keptRole(cell, context);
      yield {
        cell: cell.index,
        range: null,
        message: trans.__(
          'This cell is tagged %1; a cell has one role. Keep one of them.',
          tags.map(tag => `“${tag}”`).join(', ')
        ),
        fix: fixOf(trans.__('Keep %1', policy.tags[kept]), {
          tags: [tagAs(cell, kept, policy)]
        })
      };
    }
  }
};

/** The role to keep: papermill's tags stay, since runs need them; else upstream wins, as compiling has it. */
function keptRole({ cell }: ICheckedCell, { policy }: IRuleContext): Role {
  return PAPERMILL_TAGS.some(tag => cell.tags.includes(tag))
    ? 'shared'
    : (rolesOf(cell.tags, policy.tags).find(role => role !== 'downstream') ??
        'downstream');
}
