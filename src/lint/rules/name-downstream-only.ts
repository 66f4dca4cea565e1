import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { nameProblems } from './names';
import { shareDefinition } from './share';
import { cellsText, maybeText, roleText, sentences, viaText } from './texts';

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
  *check(context) {
    const { trans } = context;
    for (const problem of nameProblems(context)) {
      const { use, cause, cells } = problem;
      if (cause !== 'downstream-only') {
        continue;
      }
      yield {
        cell: use.cell,
        range: use.range,
        name: use.name,
        message: sentences(
          viaText(use, trans),
          trans.__(
            '“%1” is defined by %2 only, and %3 cells do not run in the batch job.',
            use.name,
            cellsText(cells, trans),
            roleText('downstream', context)
          ),
          trans.__(
            'Define it in a %1 cell, or tag this cell %2.',
            roleText('shared', context),
            roleText('downstream', context)
          ),
          maybeText(problem, trans)
        ),
        ...(problem.isMaybe
          ? { atMost: 'info' as const }
          : { fix: shareDefinition(problem, context) })
      };
    }
  }
};
