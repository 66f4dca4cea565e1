import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { nameFindings } from './name-findings';
import { importOf } from './names';
import { isListed } from './fixes';
import { shareDefinition } from './share';
import { cellsText, roleText } from './texts';

/** Downstream uses a module that only upstream cells import. */
export const importUpstreamOnly: IRule = {
  id: 'import-upstream-only',
  severity: 'error',
  title: trans =>
    trans.__('Downstream uses a module that is imported upstream'),
  description: trans =>
    trans.__(
      'Upstream cells do not run where the dashboard is drawn, so the module is not imported there. Import it in a shared cell. Packages that need a GPU or a cluster stay upstream: there, write the result to a file.'
    ),
  examples: {
    fires: [
      {
        cells: [upstream('import json'), downstream('print(json.dumps(1))')],
        at: [1]
      },
      {
        cells: [
          shared('import os'),
          upstream('import json\nrows = json.loads("[]")'),
          downstream('print(json.dumps(os.sep))')
        ],
        at: [2]
      },
      {
        cells: [
          upstream('import json, math\nrows = [math.pi]'),
          downstream('print(json.dumps(1))')
        ],
        at: [1]
      }
    ],
    clean: [
      { cells: [shared('import json'), downstream('print(json.dumps(1))')] },
      {
        cells: [
          upstream('import json'),
          downstream('import json\nprint(json.dumps(1))')
        ]
      }
    ]
  },
  check: context =>
    nameFindings(context, 'import-upstream-only', problem => {
      const { policy, trans } = context;
      const { use, cells } = problem;
      const imported = importOf(context.cells[cells[0]], use.name);
      const isHeavy =
        imported !== null && isListed(imported, policy.heavyPackages);
      return {
        says: [
          trans.__(
            '“%1” is imported by %2 only, and %3 cells do not run for the dashboard.',
            use.name,
            cellsText(cells, trans),
            roleText('upstream', context)
          ),
          isHeavy
            ? trans.__(
                'It needs the machine of the batch job: write the result to a file there, and read that here.'
              )
            : trans.__(
                'Import it in a cell tagged %1.',
                roleText('shared', context)
              )
        ],
        fix: shareDefinition(problem, context)
      };
    })
};
