import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { importOf } from './names';
import { cellsText, roleText } from './texts';

/** An object that a shared cell makes, an upstream cell changes, and a downstream cell uses. */
export const mutationUpstream: IRule = {
  id: 'mutation-upstream',
  severity: 'warning',
  title: trans => trans.__('Shared object changed upstream'),
  description: trans =>
    trans.__(
      'A shared cell makes the object anew for the dashboard, without what upstream cells change in it, so downstream cells see another object than they do in a session that ran all cells. Make the change in a shared cell, or write the result to a file.'
    ),
  examples: {
    fires: [
      {
        cells: [
          shared('totals = {}'),
          upstream('totals["users"] = 3'),
          downstream('print(totals)')
        ],
        at: [1]
      },
      {
        cells: [
          shared('names = []'),
          upstream('names.append("numpy")'),
          downstream('print(names)')
        ],
        at: [1]
      }
    ],
    clean: [
      {
        cells: [
          shared('totals = {}'),
          upstream('totals = {"users": 3}\ntotals["jobs"] = 4'),
          downstream('print(totals)')
        ]
      },
      {
        cells: [
          shared('totals = {}'),
          upstream('totals["users"] = 3'),
          downstream('totals = {}\nprint(totals)')
        ]
      }
    ]
  },
  *check(context) {
    const { cells, flow, trans } = context;
    for (const change of flow.upstream.mutations) {
      const { cell, name, objectFrom, range } = change;
      const makers = objectFrom.filter(
        maker =>
          cells[maker].role === 'shared' &&
          maker < cell &&
          // Settings of modules are made where they are needed.
          importOf(cells[maker], name) === null
      );
      if (
        makers.length === 0 ||
        !['upstream', 'conflict'].includes(cells[cell].role)
      ) {
        continue;
      }
      const users = [...flow.downstream.cells].filter(
        user =>
          cells[user].role === 'downstream' &&
          flow.downstream
            .readsIn(user)
            ?.get(name)
            ?.some(maker => makers.includes(maker))
      );
      if (users.length > 0) {
        yield {
          cell,
          range,
          name,
          message: trans.__(
            '“%1” comes from the %2 cell %3, and %4 will not see this change. Make it in a cell tagged %2, or write the result to a file.',
            name,
            roleText('shared', context),
            makers[0] + 1,
            cellsText(users, trans)
          )
        };
      }
    }
  }
};
