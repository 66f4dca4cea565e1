import type { IRule } from '../rule';
import { downstream, shared } from './examples';
import { sentences } from './texts';

/** Code that could not be understood. */
export const unparsed: IRule = {
  id: 'unparsed',
  severity: 'warning',
  title: trans => trans.__('Code that could not be checked'),
  description: trans =>
    trans.__(
      'The statement is no Python, or not of a kind that the check knows, so nothing can be said of it: that nothing was found does not mean that it is right. Names that it could define are taken as possibly defined.'
    ),
  examples: {
    fires: [{ cells: [downstream('x = = 1\nprint(1)')], at: [0] }],
    clean: [
      { cells: [downstream('%matplotlib inline\nfiles = !ls\nprint(files)')] },
      { cells: [shared('match 1:\n    case 1:\n        print("one")')] }
    ]
  },
  *check({ cells, trans }) {
    for (const { index, facts } of cells) {
      const [first, ...others] = facts?.unparsed ?? [];
      if (first) {
        yield {
          cell: index,
          range: { from: first.from, to: first.to },
          message: sentences(
            trans.__('This statement cannot be checked: %1.', first.reason),
            others.length > 0 &&
              trans._n(
                'Nor can %1 other of this cell.',
                'Nor can %1 others of this cell.',
                others.length
              )
          )
        };
      }
    }
  }
};
