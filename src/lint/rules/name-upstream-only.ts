import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { nameProblems } from './names';
import { shareDefinition } from './share';
import { cellsText, maybeText, roleText, sentences, viaText } from './texts';

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
  *check(context) {
    const { trans } = context;
    for (const problem of nameProblems(context)) {
      const { use, cause, cells } = problem;
      if (cause !== 'upstream-only') {
        continue;
      }
      yield {
        cell: use.cell,
        range: use.range,
        name: use.name,
        message: sentences(
          viaText(use, trans),
          trans.__(
            '“%1” is defined by %2 only, and %3 cells do not run for the dashboard.',
            use.name,
            cellsText(cells, trans),
            roleText('upstream', context)
          ),
          trans.__(
            'Write what is needed to a file there and read that here, or define it in a %1 cell.',
            roleText('shared', context)
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
