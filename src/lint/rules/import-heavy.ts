import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { isListed } from './fixes';
import { roleText, sentences } from './texts';

/** A GPU or cluster library outside upstream cells. */
export const importHeavy: IRule = {
  id: 'import-heavy',
  severity: 'error',
  title: trans => trans.__('GPU or cluster library outside upstream cells'),
  description: trans =>
    trans.__(
      'The dashboard is drawn where there is no GPU and no cluster: there the import fails, or takes seconds and memory that nobody needs. The list of packages can be changed in the site file or the notebook (“heavy_packages”). An import with a handler for ImportError is provided for.'
    ),
  examples: {
    fires: [
      { cells: [downstream('import cudf')], at: [0] },
      { cells: [shared('from numba import cuda')], at: [0] },
      { cells: [shared('%load_ext cudf.pandas')], at: [0] },
      {
        cells: [
          shared('def device():\n    global torch\n    import torch'),
          downstream('device()')
        ],
        at: [1]
      }
    ],
    clean: [
      { cells: [upstream('import cudf')] },
      {
        cells: [
          shared(
            'try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp'
          )
        ]
      },
      { cells: [shared('from numba import njit')] }
    ]
  },
  *check(context) {
    const { cells, flow, policy, trans } = context;
    const told = new Set<string>();
    for (const each of flow.downstream.imports) {
      const { role } = cells[each.cell];
      const key = `${each.cell} ${each.module.module}`;
      if (
        (role !== 'downstream' && role !== 'shared') ||
        each.module.guarded ||
        told.has(key) ||
        !isListed(each.module, policy.heavyPackages)
      ) {
        continue;
      }
      told.add(key);
      yield {
        cell: each.cell,
        range: each.range,
        name: each.module.module,
        message: sentences(
          each.via !== null &&
            trans.__(
              '“%1” imports “%2” when it is called here.',
              each.via,
              each.module.module
            ),
          role === 'shared'
            ? trans.__(
                '“%1” needs a GPU or a cluster, and this cell runs for the dashboard, too. Import it in a cell tagged %2.',
                each.module.module,
                roleText('upstream', context)
              )
            : trans.__(
                '“%1” needs a GPU or a cluster, which the dashboard does not have. Do this in a cell tagged %2, and read its result here.',
                each.module.module,
                roleText('upstream', context)
              )
        ),
        ...(each.certainty === 'maybe' && { atMost: 'info' })
      };
    }
  }
};
