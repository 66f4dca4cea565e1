import type { IFix } from '../finding';
import { normalPath } from '../flow/paths';
import { patternText, placedPath } from '../flow/patterns';
import type { IResolvedFile } from '../flow/run-flow';
import type { IRule, IRuleContext } from '../rule';
import { downstream, parameters, shared, upstream } from './examples';
import { fixOf } from './fixes';
import { fileProblems } from './files';
import type { IFileProblem } from './files';

/** A file is written under one name and read under another. */
export const fileNameDiffers: IRule = {
  id: 'file-name-differs',
  severity: 'warning',
  title: trans => trans.__('File written and read under different names'),
  description: trans =>
    trans.__(
      'A cell reads a file that is not there, and an upstream cell writes one of nearly the same name that nothing reads. Use one name, best by a constant in a shared cell. Of paths that begin with what only the run tells, such as a variable of the environment, those are compared that begin with the same.'
    ),
  examples: {
    fires: [
      {
        cells: [
          upstream('open("jobs.csv", "w").write("")'),
          downstream('print(open("job.csv").read())')
        ],
        at: [1]
      },
      {
        cells: [
          parameters('year = 2021'),
          upstream('open(f"out/jobs-{year}.csv", "w").write("")'),
          downstream('print(open("jobs-2021.csv").read())')
        ],
        at: [2]
      },
      {
        cells: [
          shared('import os'),
          upstream('open(os.environ["SCRATCH"] + "/jobs.csv", "w").write("")'),
          downstream('print(open(os.environ["SCRATCH"] + "/job.csv").read())')
        ],
        at: [2]
      }
    ],
    clean: [
      {
        cells: [
          parameters('year = 2021'),
          upstream('open(f"out/jobs-{year}.csv", "w").write("")'),
          downstream('print(open("out/jobs-2021.csv").read())')
        ]
      },
      {
        cells: [
          upstream('open("jobs.csv", "w").write("")'),
          downstream('print(open("job.csv").read(), open("jobs.csv").read())')
        ],
        files: ['job.csv']
      },
      {
        cells: [
          shared('import os'),
          upstream('open(os.environ["SCRATCH"] + "/jobs.csv", "w").write("")'),
          downstream('print(open(os.environ["HOME"] + "/job.csv").read())')
        ]
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    for (const problem of fileProblems(context)) {
      const { read, path, cause, other } = problem;
      if (cause !== 'differs' || !other) {
        continue;
      }
      const written = patternText(other.path, '');
      yield {
        cell: read.cell,
        range: read.range,
        name: path,
        message: trans.__(
          '“%1” is read here, but cell %2 writes “%3”. Use the same name.',
          path,
          other.cell + 1,
          written
        ),
        fix: rename(problem, other, context),
        ...(read.certainty === 'maybe' && { atMost: 'info' })
      };
    }
  }
};

/** Read the file that is written, where the path, or what follows its beginning, stands as one text in the reading place. */
function rename(
  { read }: IFileProblem,
  other: IResolvedFile,
  { cells, trans }: IRuleContext
): IFix | undefined {
  const [from, to] = [placedPath(read.path), placedPath(other.path)];
  if (!from || !to) {
    return undefined;
  }
  const { source } = cells[read.cell].cell;
  const code = source.slice(read.range.from, read.range.to);
  // `folder / "name"` has no `/` in the text, `folder + "/name"` has.
  const isJoined =
    from.start !== null &&
    !code.includes(from.rest) &&
    [from, to].every(({ rest }) => rest.startsWith('/'));
  const [path, written] = [from, to].map(({ rest }) =>
    isJoined ? rest.slice(1) : rest
  );
  const places = ['"', "'"].flatMap(quote => {
    const at = code.indexOf(quote + path + quote);
    return at < 0 ? [] : [at + 1];
  });
  const isPlain = !/["'\\\n{}]/.test(written);
  const inCode = code.split(path).length - 1;
  // An f-string or a raw one is another text.
  const isText = places.length === 1 && !/\w/.test(code[places[0] - 2] ?? ' ');
  if (!isPlain || !isText || inCode !== 1) {
    return undefined;
  }
  const at = read.range.from + places[0];
  return fixOf(trans.__('Read “%1”', written), {
    edits: [
      {
        cell: read.cell,
        from: at,
        to: at + path.length,
        text: /^[./]/.test(written) ? written : normalPath(written)
      }
    ],
    tags: []
  });
}
