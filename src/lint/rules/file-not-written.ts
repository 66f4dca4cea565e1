import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { fileProblems } from './files';
import { sentences, roleText } from './texts';

/** Downstream reads a file that no upstream cell writes and that is not there. */
export const fileNotWritten: IRule = {
  id: 'file-not-written',
  severity: 'error',
  title: trans => trans.__('File that nothing writes'),
  description: trans =>
    trans.__(
      'A cell that runs for the dashboard reads a file that no upstream cell writes and that is not there either. Write it upstream, or correct the path. Paths are taken from the notebook’s folder. Where a cell writes files whose names cannot be told, it is information.'
    ),
  examples: {
    fires: [
      { cells: [downstream('print(open("jobs.csv").read())')], at: [0] },
      {
        cells: [
          upstream('open("users.csv", "w").write("")'),
          downstream('print(open("jobs.csv").read())')
        ],
        at: [1]
      }
    ],
    clean: [
      {
        cells: [
          upstream('open("jobs.csv", "w").write("")'),
          downstream('print(open("jobs.csv").read())')
        ]
      },
      {
        cells: [downstream('print(open("jobs.csv").read())')],
        files: ['jobs.csv']
      },
      {
        cells: [
          shared('folder = "out"'),
          upstream(
            'for n in range(3):\n    open(f"{folder}/{n}.csv", "w").write("")'
          ),
          downstream('print(open("out/2.csv").read())')
        ]
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    for (const { read, path, cause, mayBeWritten } of fileProblems(context)) {
      if (cause !== 'not-written') {
        continue;
      }
      yield {
        cell: read.cell,
        range: read.range,
        name: path,
        message: sentences(
          trans.__(
            '“%1” is not there, and no %2 cell writes it. Write it there, or correct the path.',
            path,
            roleText('upstream', context)
          ),
          mayBeWritten &&
            trans.__('Some cell writes files whose names cannot be told.')
        ),
        ...((mayBeWritten || read.certainty === 'maybe') && { atMost: 'info' })
      };
    }
  }
};
