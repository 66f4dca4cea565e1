import type { NotebookFlow } from '../flow/flow';
import type { IRunFlow, IUnresolved } from '../flow/run-flow';
import type { IImport } from '../python/facts';
import { leafSteps } from '../python/walk-steps';
import type { ICheckedCell, IRuleContext } from '../rule';

/** A name that is not bound where a cell reads it, and the one cause that says best why. */
export interface INameProblem {
  readonly use: IUnresolved;
  /** Whether it only may fail. A function that is handed over may be called once all is defined. */
  readonly isMaybe: boolean;
  readonly cause:
    | 'upstream-only'
    | 'import-upstream-only'
    | 'downstream-only'
    | 'order'
    | 'undefined';
  /** The run in which it fails; for a cell that runs in both and fails in both, the one of the cause. */
  readonly run: IRunFlow;
  /** The cells that matter: those that define it elsewhere or later. */
  readonly cells: readonly number[];
}

const PROBLEMS = new WeakMap<NotebookFlow, readonly INameProblem[]>();

/**
 * All names that are not bound, each with one cause, so that of the rules on names one speaks.
 *
 * A cell without a role is asked for one first: as long as its names are there in one run, nothing else is wrong with it.
 */
export function nameProblems({
  cells,
  flow
}: IRuleContext): readonly INameProblem[] {
  let problems = PROBLEMS.get(flow);
  if (!problems) {
    problems = findProblems(cells, flow);
    PROBLEMS.set(flow, problems);
  }
  return problems;
}

function findProblems(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): readonly INameProblem[] {
  const byUse = new Map<string, INameProblem[]>();
  for (const run of [flow.downstream, flow.upstream]) {
    for (const use of run.unresolved) {
      const key = `${use.cell} ${use.name}`;
      const explained = explain(use, run, cells, flow);
      const problem = {
        ...explained,
        isMaybe:
          use.certainty === 'maybe' ||
          (use.certainty === 'likely' && explained.cause === 'order')
      };
      const others = byUse.get(key);
      if (others) {
        others.push(problem);
      } else {
        byUse.set(key, [problem]);
      }
    }
  }
  return [...byUse.values()].flatMap(found => {
    const { cell } = found[0].use;
    const isOpen =
      cells[cell].role === 'none' && found.length < flow.runsOf(cell).length;
    return isOpen ? [] : [surest(found)];
  });
}

const CAUSES: readonly INameProblem['cause'][] = [
  'import-upstream-only',
  'upstream-only',
  'downstream-only',
  'order',
  'undefined'
];

/** Of what is wrong in both runs, what fails for certain; then what says most. */
function surest(problems: readonly INameProblem[]): INameProblem {
  const rank = ({ isMaybe, cause }: INameProblem): number =>
    (isMaybe ? CAUSES.length : 0) + CAUSES.indexOf(cause);
  return problems.reduce((best, each) =>
    rank(each) < rank(best) ? each : best
  );
}

function explain(
  use: IUnresolved,
  run: IRunFlow,
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): Omit<INameProblem, 'isMaybe'> {
  const here = run.definitions.get(use.name) ?? [];
  if (use.why !== 'unbound') {
    return { use, run, cause: 'undefined', cells: use.cells };
  }
  const later = here.filter(
    cell => cell > use.cell || (cell === use.cell && isBoundBelow(use, cells))
  );
  const elsewhere = flow
    .definersOf(use.name)
    .filter(cell => !run.cells.has(cell));
  const earlier = elsewhere.filter(cell => cell < use.cell);
  const other = earlier.length > 0 ? earlier : elsewhere;
  if (other.length > 0 && (earlier.length > 0 || later.length === 0)) {
    return {
      use,
      run,
      cause:
        run.run === 'upstream'
          ? 'downstream-only'
          : other.every(cell => importOf(cells[cell], use.name))
            ? 'import-upstream-only'
            : 'upstream-only',
      cells: other
    };
  }
  if (later.length > 0) {
    return { use, run, cause: 'order', cells: later };
  }
  return { use, run, cause: 'undefined', cells: [] };
}

/** Whether a cell binds a name below where it reads it: what `n += 1` and `n = n + 1` bind is no help to them. */
function isBoundBelow(
  { cell, name, range }: IUnresolved,
  cells: readonly ICheckedCell[]
): boolean {
  return [...leafSteps(cells[cell].facts?.steps ?? [])].some(
    step => step.kind === 'bind' && step.name === name && step.from > range.from
  );
}

/** The import by which a cell binds a name, when nothing else in it does. */
export function importOf(
  { facts }: ICheckedCell,
  name: string
): IImport | null {
  let found: IImport | null = null;
  for (const step of leafSteps(facts?.steps ?? [])) {
    if (step.kind === 'bind' && step.name === name) {
      if (!step.module) {
        return null;
      }
      found ??= step.module;
    }
  }
  return found;
}
