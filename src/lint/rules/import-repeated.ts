import { editedText } from '../apply-fix';
import type { IRunImport } from '../flow/run-flow';
import type { IRule, IRuleContext } from '../rule';
import { downstream, shared, upstream } from './examples';
import { fixOf, removeImport } from './fixes';

/** An import that has run already in the same runs. */
export const importRepeated: IRule = {
  id: 'import-repeated',
  severity: 'info',
  title: trans => trans.__('Repeated import'),
  description: trans =>
    trans.__(
      'The same has been imported by a cell that runs before, wherever this one runs. One of them can go; imports that stand together are easier to keep shared.'
    ),
  examples: {
    fires: [
      { cells: [shared('import json'), downstream('import json')], at: [1] },
      {
        cells: [
          upstream('from os import path, sep\nprint(path)'),
          upstream('from os import path\nprint(path)')
        ],
        at: [1]
      }
    ],
    clean: [
      { cells: [upstream('import json'), downstream('import json')] },
      { cells: [shared('import os'), shared('import os.path')] },
      {
        cells: [shared('import json'), shared('def f():\n    import json\nf()')]
      }
    ]
  },
  *check(context) {
    const { cells, trans } = context;
    for (const repeated of repeats(context)) {
      const cell = cells[repeated.cell];
      const first = repeated.repeats[0];
      const removal = removeImport(cell, repeated.module);
      // To remove a cell is for people: this one may have outputs, and tags that somebody wants.
      const isAll =
        removal !== null &&
        editedText(cell.cell.source, [removal]).trim() === '';
      yield {
        cell: cell.index,
        range: repeated.range,
        name: repeated.name,
        message:
          first === cell.index
            ? trans.__(
                '“%1” is imported twice in this cell. Remove one.',
                repeated.name
              )
            : isAll
              ? trans.__(
                  '“%1” is imported by cell %2 already. Delete this cell, which does nothing else.',
                  repeated.name,
                  first + 1
                )
              : trans.__(
                  '“%1” is imported by cell %2 already. Remove one of the imports.',
                  repeated.name,
                  first + 1
                ),
        // Within a cell the first is cut out as easily, and both have the same text.
        ...(removal &&
          !isAll &&
          first !== cell.index && {
            fix: fixOf(
              trans.__('Remove the import, which cell %1 has', first + 1),
              { edits: [removal] }
            )
          })
      };
    }
  }
};

/** Imports that repeat one in all runs of their cell, for certain. */
function repeats({ flow }: IRuleContext): readonly IRunImport[] {
  const [up, down] = [flow.upstream, flow.downstream].map(run =>
    run.imports.filter(isRepeat)
  );
  const key = ({ cell, name, module }: IRunImport): string =>
    `${cell} ${name} ${module.statement.from} ${module.text}`;
  const [inUp, inDown] = [up, down].map(found => new Set(found.map(key)));
  return [
    ...up.filter(
      each => !flow.downstream.cells.has(each.cell) || inDown.has(key(each))
    ),
    ...down.filter(
      each => !flow.upstream.cells.has(each.cell) && !inUp.has(key(each))
    )
  ];
}

function isRepeat({
  repeats: cells,
  certainty,
  module,
  via
}: IRunImport): boolean {
  return (
    cells.length === 1 &&
    certainty === 'certain' &&
    !module.guarded &&
    via === null &&
    module.module !== '__future__'
  );
}
