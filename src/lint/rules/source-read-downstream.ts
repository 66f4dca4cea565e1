import type { IRule } from '../rule';
import { downstream, shared, upstream } from './examples';
import { fileProblems } from './files';
import { roleText } from './texts';

/** Downstream reads the raw data. */
export const sourceReadDownstream: IRule = {
  id: 'source-read-downstream',
  severity: 'error',
  title: trans => trans.__('Raw data read downstream'),
  description: trans =>
    trans.__(
      'A cell that runs for the dashboard reads a file that an upstream cell reads and does not write: the raw data, which are large, and may hold what the public must not see. Reduce them upstream, write the result to a file, and read that. Files of settings may be read by both: “.yaml”, “.toml”, “.ini”, “.cfg”, and “.json” that is called config or settings.'
    ),
  examples: {
    fires: [
      {
        cells: [
          upstream('rows = open("raw.csv").readlines()'),
          downstream('print(len(open("raw.csv").readlines()))')
        ],
        files: ['raw.csv'],
        at: [1]
      },
      {
        cells: [
          shared('from pathlib import Path'),
          upstream('rows = open(Path.home() / "raw.csv").readlines()'),
          downstream('print(len(open(Path.home() / "raw.csv").readlines()))')
        ],
        at: [2]
      }
    ],
    clean: [
      {
        cells: [
          upstream(
            'n = len(open("raw.csv").readlines())\nopen("n.txt", "w").write(str(n))'
          ),
          downstream('print(open("n.txt").read())')
        ],
        files: ['raw.csv']
      },
      {
        cells: [
          shared('config = open("site.json").read()'),
          downstream('print(config)')
        ],
        files: ['site.json']
      },
      {
        cells: [
          upstream('config = open("config.json").read()\nprint(config)'),
          downstream('settings = open("config.json").read()\nprint(settings)')
        ],
        files: ['config.json']
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    for (const { read, path, cause, other } of fileProblems(context)) {
      if (cause === 'source' && other) {
        yield {
          cell: read.cell,
          range: read.range,
          name: path,
          message: trans.__(
            '“%1” is raw data, which cell %2 reduces. Write what is needed to a file in a cell tagged %3, and read that here.',
            path,
            other.cell + 1,
            roleText('upstream', context)
          ),
          ...(read.certainty === 'maybe' && { atMost: 'info' })
        };
      }
    }
  }
};
