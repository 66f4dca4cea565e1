import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { nameFindings } from './name-findings';
import { shareDefinition } from './share';
import { cellsText, roleText } from './texts';

/** Downstream reads a name that only upstream cells define. */
export const nameUpstreamOnly: IRule = {
  id: 'name-upstream-only',
  severity: 'error',
  title: trans => trans.__('Downstream reads a name that is defined upstream'),
  description: trans =>
    trans.__(
      'Upstream cells do not run where the dashboard is drawn, so the name is not there. Write what is needed to a file upstream and read that downstream, or have the definition shared when it is light.'
    ),
  examples: {
    fires: [
      {
        cells: [
          upstream('rows = [line for line in open("raw.csv")]'),
          downstream('print(len(rows))')
        ],
        at: [1]
      },
      {
        cells: [
          upstream('limit = 100'),
          shared('def shown(xs):\n    return xs[:limit]'),
          downstream('print(shown([1, 2]))')
        ],
        at: [2]
      }
    ],
    clean: [
      {
        cells: [
          upstream('rows = [1]\nopen("rows.txt", "w").write(str(rows))'),
          downstream('rows = open("rows.txt").read()\nprint(rows)')
        ]
      },
      { cells: [shared('limit = 100'), downstream('print(limit)')] }
    ]
  },
  check: context =>
    nameFindings(context, 'upstream-only', problem => ({
      says: [
        context.trans.__(
          '“%1” is defined by %2 only, and %3 cells do not run for the dashboard.',
          problem.use.name,
          cellsText(problem.cells, context.trans),
          roleText('upstream', context)
        ),
        context.trans.__(
          'Write what is needed to a file there and read that here, or define it in a cell tagged %1.',
          roleText('shared', context)
        )
      ],
      fix: shareDefinition(problem, context)
    }))
};
