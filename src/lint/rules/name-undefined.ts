import type { IFix, ITextEdit } from '../finding';
import type { NotebookFlow } from '../flow/flow';
import type { IUnresolved } from '../flow/run-flow';
import { nearest } from '../../workload/nearest';
import type { ICheckedCell, IRule, IRuleContext } from '../rule';
import type { Step } from '../python/facts';
import { leafSteps } from '../python/walk-steps';
import { CUSTOMARY_IMPORTS } from './customary-imports';
import { downstream, shared } from './examples';
import { fixOf, newlineOf } from './fixes';
import { nameFindings } from './name-findings';
import { cellsText } from './texts';

/** A name that no cell defines, or not in all cases. */
export const nameUndefined: IRule = {
  id: 'name-undefined',
  severity: 'error',
  title: trans => trans.__('Name that is not defined'),
  description: trans =>
    trans.__(
      'No cell defines the name before it is read, so the run fails, though the notebook may work while the name is still there from before. A name that is defined in some cases only is information.'
    ),
  examples: {
    fires: [
      { cells: [downstream('print(totl)')], at: [0] },
      { cells: [shared('total = 1'), downstream('print(totl)')], at: [1] },
      { cells: [downstream('x = np.zeros(3)')], at: [0] },
      { cells: [shared('x = 1'), shared('del x'), downstream('x')], at: [2] },
      {
        cells: [
          shared('import random\nif random.random() < 0.5:\n    x = 1'),
          downstream('x')
        ],
        at: [1]
      }
    ],
    clean: [
      { cells: [downstream('print(len(_ih), display, __name__)')] },
      {
        cells: [
          shared(
            'try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp'
          ),
          shared('x = xp.zeros(3)')
        ]
      }
    ]
  },
  check: context =>
    nameFindings(context, 'undefined', problem => {
      const { use, isMaybe } = problem;
      const suggestion =
        use.why === 'unbound' && !isMaybe ? suggest(use, context) : null;
      return {
        says: [says(use, context), suggestion?.text],
        fix: suggestion?.fix
      };
    })
};

function says(use: IUnresolved, { cells, trans }: IRuleContext): string {
  switch (use.why) {
    case 'deleted':
      return use.cells.every(cell => endsWithClause(cells[cell], use.name))
        ? trans.__(
            '“%1” is gone once its except clause in %2 has ended. Keep it under another name there.',
            use.name,
            cellsText(use.cells, trans)
          )
        : trans.__(
            '“%1” is deleted in %2 before it is read here. Delete it later, or define it again.',
            use.name,
            cellsText(use.cells, trans)
          );
    case 'sometimes':
      return trans.__(
        '“%1” is defined only in some cases, in %2. Define it in all cases.',
        use.name,
        cellsText(use.cells, trans)
      );
    case 'in-class':
      return trans.__(
        '“%1” is deleted in the body of a class that has not bound it.',
        use.name
      );
    case 'unbound':
      return trans.__(
        '“%1” is not defined. Define it in a cell that runs before.',
        use.name
      );
  }
}

/** Whether all that deletes a name in a cell are the ends of `except … as name`. */
function endsWithClause({ facts }: ICheckedCell, name: string): boolean {
  const steps = [...leafSteps(facts?.steps ?? [])];
  const clauses = new Set(
    steps.flatMap(step =>
      step.kind === 'bind' && step.by === 'except' ? [step.from] : []
    )
  );
  const deletions = steps.filter(
    step => step.kind === 'delete' && step.name === name
  );
  return (
    deletions.length > 0 && deletions.every(({ from }) => clauses.has(from))
  );
}

/** What was probably meant: a module that everybody imports under that name, or a name that is nearly the same. */
function suggest(
  use: IUnresolved,
  context: IRuleContext
): { readonly text: string; readonly fix?: IFix } | null {
  const { cells, flow, trans } = context;
  const cell = cells[use.cell];
  const customary = Object.hasOwn(CUSTOMARY_IMPORTS, use.name)
    ? CUSTOMARY_IMPORTS[use.name]
    : null;
  if (customary !== null) {
    const edit = use.via === null ? addAtTop(cell, customary) : null;
    return {
      text: trans.__('Perhaps “%1” is missing.', customary),
      ...(edit && {
        fix: fixOf(trans.__('Add “%1”', customary), { edits: [edit] })
      })
    };
  }
  const near = nearName(use.name, flow);
  const isThere =
    near !== null &&
    flow
      .runsOf(use.cell)
      .every(run =>
        run.definitions.get(near)?.some(definer => definer < use.cell)
      );
  if (!isThere) {
    return null;
  }
  const edits = use.via === null ? rename(cell, use.name, near) : null;
  return {
    text: trans.__('Did you mean “%1”?', near),
    ...(edits && {
      fix: fixOf(trans.__('Replace “%1” by “%2”', use.name, near), { edits })
    })
  };
}

const NEAR_NAMES = new WeakMap<NotebookFlow, Map<string, string | null>>();

/** The name of the notebook that is nearly the same; null when there is none. Of short names too many are near. */
function nearName(name: string, flow: NotebookFlow): string | null {
  let known = NEAR_NAMES.get(flow);
  if (!known) {
    known = new Map();
    NEAR_NAMES.set(flow, known);
  }
  let near = known.get(name);
  if (near === undefined) {
    const isAlike = (other: string): boolean =>
      Math.abs(other.length - name.length) <= 2 &&
      (other.startsWith(name.charAt(0)) || other.at(-1) === name.at(-1));
    const others = [...flow.names].filter(
      other => other !== name && isAlike(other)
    );
    const letters = (text: string): string => [...text].sort().join('');
    near =
      name.length > 2
        ? (nearest(name, others, Math.max(1, Math.floor(name.length / 3))) ??
          others.find(other => letters(other) === letters(name)) ??
          null)
        : null;
    known.set(name, near);
  }
  return near;
}

/** Add a line above the first statement. */
function addAtTop({ index, facts, cell }: ICheckedCell, line: string) {
  const first = facts?.statements.find(
    ({ from }) =>
      !cell.source.startsWith('%%', from) &&
      !cell.source.startsWith('from __future__', from)
  );
  if (!first) {
    return null;
  }
  const at = cell.source.lastIndexOf('\n', first.from - 1) + 1;
  return { cell: index, from: at, to: at, text: line + newlineOf(cell.source) };
}

/** Replace a name wherever the cell reads it; null when it stands where it cannot be found. */
function rename(
  { index, cell, facts }: ICheckedCell,
  name: string,
  by: string
): readonly ITextEdit[] | null {
  const places = new Map<number, ITextEdit>();
  const visit = (steps: readonly Step[]): void => {
    for (const step of leafSteps(steps)) {
      if (step.kind === 'use' && step.name === name) {
        places.set(step.from, {
          cell: index,
          from: step.from,
          to: step.from + name.length,
          text: by
        });
      } else if (step.kind === 'bind' && step.value.kind === 'function') {
        visit(step.value.body);
      } else if (step.kind === 'bind' && step.value.kind === 'class') {
        Object.values(step.value.methods).forEach(visit);
      }
    }
  };
  visit(facts?.steps ?? []);
  const edits = [...places.values()].sort((a, b) => a.from - b.from);
  return edits.length > 0 &&
    edits.every(({ from, to }) => cell.source.slice(from, to) === name)
    ? edits
    : null;
}
