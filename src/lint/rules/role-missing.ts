import type { IFix } from '../finding';
import { nearRole } from '../near-role';
import { ROLES } from '../../workload/roles';
import type { Role } from '../../workload/roles';
import type { ICheckedCell, IRule, IRuleContext } from '../rule';
import { downstream, markdown, shared, untagged, upstream } from './examples';
import { fixOf, tagAs } from './fixes';
import { fitsRole } from './role-fit';

/** A code cell without a role. */
export const roleMissing: IRule = {
  id: 'role-missing',
  severity: 'error',
  title: trans => trans.__('Code cell without a role'),
  description: trans =>
    trans.__(
      'Nobody can tell whether the cell belongs to the batch job or to the dashboard. Tag it as one of them, or as shared when both need it. Markdown, and cells of blanks and comments only, need no role.'
    ),
  examples: {
    fires: [
      {
        cells: [upstream('rows = [1, 2]'), untagged('print(len(rows))')],
        at: [1]
      },
      { cells: [untagged('x = 1'), downstream('print(x)')], at: [0] }
    ],
    clean: [
      { cells: [upstream('x = 1'), markdown('# Results')] },
      { cells: [shared('import json'), untagged('# to do: a table\n')] }
    ]
  },
  *check(context) {
    const { cells, policy, trans } = context;
    for (const cell of cells) {
      const isMisspelled = cell.cell.tags.some(tag => nearRole(tag, policy));
      if (cell.needsRole && cell.role === 'none' && !isMisspelled) {
        yield {
          cell: cell.index,
          range: null,
          message: trans.__(
            'This cell has no role. Tag it %1, %2 or %3.',
            ...ROLES.map(role => policy.tags[role])
          ),
          fix: roleOfNeighbor(cell, context)
        };
      }
    }
  }
};

/** The role of the code cell above, else of the one below, when names agree with it. */
function roleOfNeighbor(
  cell: ICheckedCell,
  context: IRuleContext
): IFix | undefined {
  const { cells, policy, trans } = context;
  const hasOne = (other: ICheckedCell): boolean =>
    other.facts !== null && ROLES.some(role => role === other.role);
  const near = [
    cells.slice(0, cell.index).findLast(hasOne),
    cells.slice(cell.index + 1).find(hasOne)
  ].map(other => other?.role);
  const role = near.find(
    (each): each is Role =>
      ROLES.some(one => one === each) && fitsRole(cell, each as Role, context)
  );
  return (
    role &&
    fixOf(trans.__('Tag it %1, as the cell beside it', policy.tags[role]), {
      tags: [tagAs(cell, role, policy)]
    })
  );
}
