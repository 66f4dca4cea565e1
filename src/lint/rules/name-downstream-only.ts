import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { nameFindings } from './name-findings';
import { shareDefinition } from './share';
import { cellsText, roleText } from './texts';

/** Upstream reads a name that only downstream cells define. */
export const nameDownstreamOnly: IRule = {
  id: 'name-downstream-only',
  severity: 'error',
  title: trans => trans.__('Upstream reads a name that is defined downstream'),
  description: trans =>
    trans.__(
      'Downstream cells do not run in the batch job, so the name is not there. Have the definition shared, or tag the cell that reads it downstream.'
    ),
  examples: {
    fires: [
      {
        cells: [downstream('width = 800'), upstream('print(width)')],
        at: [1]
      },
      {
        cells: [
          downstream('import math'),
          upstream('def area(r):\n    return math.pi * r ** 2\nprint(area(2))')
        ],
        at: [1]
      }
    ],
    clean: [
      { cells: [shared('width = 800'), upstream('print(width)')] },
      { cells: [downstream('width = 800'), downstream('print(width)')] }
    ]
  },
  check: context =>
    nameFindings(context, 'downstream-only', problem => ({
      says: [
        context.trans.__(
          '“%1” is defined by %2 only, and %3 cells do not run in the batch job.',
          problem.use.name,
          cellsText(problem.cells, context.trans),
          roleText('downstream', context)
        ),
        context.trans.__(
          'Define it in a cell tagged %1, or tag this cell %2.',
          roleText('shared', context),
          roleText('downstream', context)
        )
      ],
      fix: shareDefinition(problem, context)
    }))
};
