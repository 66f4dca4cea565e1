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
      'A cell that runs for the dashboard reads a file that no upstream cell writes and that is not there either. Write it upstream, or correct the path. Paths are taken from the notebook’s folder. Where a cell writes files whose names cannot be told, runs other code, or imports modules that are neither Python’s own nor of libraries that are known, which may write it, it is information; so it is where a path begins with what only the run tells, such as a variable of the environment, as nobody knows then whether the file is there.'
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
      },
      {
        cells: [
          upstream('import my_reductions\n\nmy_reductions.run()'),
          downstream('print(open("jobs.csv").read())')
        ],
        at: [1]
      },
      {
        cells: [
          shared('PATHS = {"users": "users.csv", "jobs": "jobs.csv"}'),
          upstream('open(PATHS["users"], "w").write("")'),
          downstream('print(open(PATHS["jobs"]).read())')
        ],
        at: [2]
      },
      {
        cells: [
          shared('import os'),
          upstream('open(os.environ["SCRATCH"] + "/users.csv", "w").write("")'),
          downstream('print(open(os.environ["SCRATCH"] + "/jobs.csv").read())')
        ],
        at: [2]
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
      },
      {
        cells: [
          shared(
            'import os\n\ndef path(name):\n    return f"{os.environ[\'SCRATCH\']}/{name}.csv"'
          ),
          upstream('open(path("jobs"), "w").write("")'),
          downstream('print(open(path("jobs")).read())')
        ]
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    for (const problem of fileProblems(context)) {
      const { read, path, cause, mayBeWritten, ownModule, isPlaced } = problem;
      if (cause !== 'not-written') {
        continue;
      }
      const role = roleText('upstream', context);
      yield {
        cell: read.cell,
        range: read.range,
        name: path,
        message: sentences(
          isPlaced
            ? trans.__(
                'No %2 cell writes “%1”, and only the run tells whether it is there.',
                path,
                role
              )
            : trans.__(
                '“%1” is not there, and no %2 cell writes it. Write it there, or correct the path.',
                path,
                role
              ),
          ownModule !== null
            ? trans.__('The module “%1” may write it.', ownModule)
            : mayBeWritten &&
                trans.__('Some cell writes files whose names cannot be told.')
        ),
        ...((mayBeWritten || isPlaced || read.certainty === 'maybe') && {
          atMost: 'info'
        })
      };
    }
  }
};
