import { nearRole } from '../near-role';
import type { IRule } from '../rule';
import { downstream, upstream } from './examples';
import { fixOf } from './fixes';

/** A tag that is nearly that of a role. */
export const roleUnknown: IRule = {
  id: 'role-unknown',
  severity: 'error',
  title: trans => trans.__('Misspelled role'),
  description: trans =>
    trans.__(
      'A tag looks like a role but is none, such as “downsteam”, so the cell does not have the role that was meant. Tags are compared letter by letter, in upper and lower case. Replace it.'
    ),
  examples: {
    fires: [
      { cells: [{ source: 'print(1)', tags: ['downsteam'] }], at: [0] },
      { cells: [{ source: 'print(1)', tags: ['Upstream'] }], at: [0] }
    ],
    clean: [
      { cells: [upstream('x = 1'), downstream('print(1)')] },
      {
        cells: [
          {
            source: 'print(1)',
            tags: ['downstream', 'hide-input', 'streaming']
          }
        ]
      }
    ]
  },
  *check({ cells, policy, trans }) {
    for (const { index, cell } of cells) {
      if (cell.type !== 'code') {
        continue;
      }
      for (const tag of cell.tags) {
        const meant = nearRole(tag, policy);
        if (meant !== null) {
          const has = cell.tags.includes(meant);
          yield {
            cell: index,
            range: null,
            name: tag,
            message: trans.__(
              '“%1” is no role. Did you mean “%2”?',
              tag,
              meant
            ),
            fix: fixOf(
              has
                ? trans.__('Remove “%1”', tag)
                : trans.__('Replace “%1” by “%2”', tag, meant),
              {
                tags: [{ cell: index, add: has ? [] : [meant], remove: [tag] }]
              }
            )
          };
        }
      }
    }
  }
};
