import { patternText, placedPath } from '../flow/patterns';
import type { IRule, IRuleContext, IRuleFinding } from '../rule';
import { downstream, shared, upstream } from './examples';
import { FileIndex } from './file-index';
import { isWrite } from './files';
import { nameFindings } from './name-findings';
import { cellsText, roleText } from './texts';

/** A name is needed before it is defined, or a file before it is written. */
export const order: IRule = {
  id: 'order',
  severity: 'error',
  title: trans => trans.__('Needed before it is there'),
  description: trans =>
    trans.__(
      'Runs take the cells from top to bottom. A name is read above the cell that defines it, so a run fails, though the notebook may work while its names are still there from before. Or a downstream cell reads a file above the upstream cell that writes it, which shows old data to those who run all cells; that is a warning.'
    ),
  examples: {
    fires: [
      {
        cells: [downstream('print(total)'), downstream('total = 3')],
        at: [0]
      },
      {
        cells: [
          shared('def report():\n    return label'),
          downstream('print(report())'),
          shared('label = "users"')
        ],
        at: [1]
      },
      {
        cells: [
          downstream('print(open("n.txt").read())'),
          upstream('open("n.txt", "w").write("1")')
        ],
        at: [0]
      }
    ],
    clean: [
      {
        cells: [
          shared('def report():\n    return label'),
          shared('label = "users"'),
          downstream('print(report())')
        ]
      },
      {
        cells: [
          upstream('open("n.txt", "w").write("1")'),
          downstream('print(open("n.txt").read())')
        ]
      }
    ]
  },
  *check(context) {
    const { trans } = context;
    yield* nameFindings(context, 'order', ({ use, cells }) => ({
      says: [
        cells[0] === use.cell
          ? trans.__(
              '“%1” is defined further down in this cell. Define it before it is read.',
              use.name
            )
          : trans.__(
              '“%1” is defined below, in %2. Move one of the cells, so that it is defined before it is read.',
              use.name,
              cellsText(cells, trans)
            )
      ]
    }));
    yield* filesBelow(context);
  }
};

/** Files that a downstream cell reads above all upstream cells that write them. */
function* filesBelow(context: IRuleContext): Generator<IRuleFinding> {
  const { cells, flow, trans } = context;
  const writes = new FileIndex(
    [...flow.upstream.files, ...flow.downstream.files],
    isWrite
  );
  for (const read of flow.downstream.files) {
    const path = placedPath(read.path);
    if (
      read.access !== 'read' ||
      read.guarded ||
      path === null ||
      cells[read.cell].role !== 'downstream'
    ) {
      continue;
    }
    const writers = writes.matching(path).map(({ file }) => file);
    if (
      writes.same(path).length > 0 &&
      writers.every(
        ({ cell }) => cell > read.cell && cells[cell].role === 'upstream'
      )
    ) {
      yield {
        cell: read.cell,
        range: read.range,
        name: patternText(read.path, ''),
        message: trans.__(
          '“%1” is written below, by the %2 cell %3, so whoever runs all cells sees what was written before. Move that cell up.',
          patternText(read.path, ''),
          roleText('upstream', context),
          writers[0].cell + 1
        ),
        atMost: read.certainty === 'certain' ? 'warning' : 'info'
      };
    }
  }
}
