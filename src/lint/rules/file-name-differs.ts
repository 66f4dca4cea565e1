import type { IFix } from '../finding';
import { knownText, normalPath } from '../flow/paths';
import type { IRule, IRuleContext } from '../rule';
import { downstream, parameters, upstream } from './examples';
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
      'A cell reads a file that is not there, and an upstream cell writes one of nearly the same name that nothing reads. Use one name, best by a constant in a shared cell.'
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
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    for (const problem of fileProblems(context)) {
      const { read, path, cause, other } = problem;
      const written = other && knownText(other.path);
      if (cause !== 'differs' || !other || written === null) {
        continue;
      }
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
        fix: rename(problem, written, context),
        ...(read.certainty === 'maybe' && { atMost: 'info' })
      };
    }
  }
};

/** Read the file that is written, where the path stands as one text in the reading place. */
function rename(
  { read, path }: IFileProblem,
  written: string,
  { cells, trans }: IRuleContext
): IFix | undefined {
  const { source } = cells[read.cell].cell;
  const code = source.slice(read.range.from, read.range.to);
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
  const from = read.range.from + places[0];
  return fixOf(trans.__('Read “%1”', written), {
    edits: [
      {
        cell: read.cell,
        from,
        to: from + path.length,
        text: /^[./]/.test(written) ? written : normalPath(written)
      }
    ],
    tags: []
  });
}
