import type { CellRole } from '../../workload/roles';
import type { ILink } from '../result';
import type { ICheckedCell } from '../rule';
import { unionOfCells } from './name-table';
import { RunCache } from './run-cache';
import type { IRunFlow, RunName } from './run-flow';

/** The roles whose cells take part in a run. Cells without a role run everywhere, until somebody says better. */
const TAKES_PART: Readonly<Record<RunName, readonly CellRole[]>> = {
  // At compile time upstream wins, so a cell in conflict is one.
  upstream: ['upstream', 'conflict', 'shared', 'none'],
  downstream: ['downstream', 'shared', 'none'],
  all: ['upstream', 'conflict', 'downstream', 'shared', 'none']
};

/** What happens to names and files when the cells of a notebook run, in order, as one machine or the other runs them. */
export class NotebookFlow {
  /** @param caches Of the checks before, when the same notebook is checked again. */
  constructor(
    private readonly _cells: readonly ICheckedCell[],
    private readonly _caches: IRunCaches = newRunCaches()
  ) {}

  /** The run that reduces data: upstream and shared cells. */
  get upstream(): IRunFlow {
    return this._run('upstream');
  }

  /** The run that draws: downstream and shared cells. */
  get downstream(): IRunFlow {
    return this._run('downstream');
  }

  /** All cells, as a person runs them. */
  get all(): IRunFlow {
    return this._run('all');
  }

  /** The runs in which a cell takes part. */
  runsOf(cell: number): readonly IRunFlow[] {
    const { role } = this._cells[cell];
    return (['upstream', 'downstream'] as const)
      .filter(run => TAKES_PART[run].includes(role))
      .map(run => this._run(run));
  }

  /** The cells that bind a name in either run, in order. */
  definersOf(name: string): readonly number[] {
    const [up, down] = [this.upstream, this.downstream].map(
      run => run.definitions.get(name) ?? []
    );
    return up.length === 0
      ? down
      : down.length === 0
        ? up
        : unionOfCells([up, down]);
  }

  /** All names that are bound in either run. */
  get names(): ReadonlySet<string> {
    this._names ??= new Set([
      ...this.upstream.definitions.keys(),
      ...this.downstream.definitions.keys()
    ]);
    return this._names;
  }

  /** By cell, the names that it uses and other cells define, and those that it defines and other cells use. */
  get links(): readonly ICellLinks[] {
    this._links ??= this._makeLinks();
    return this._links;
  }

  private _run(run: RunName): IRunFlow {
    let flow = this._runs.get(run);
    if (!flow) {
      flow = this._caches[run].flow(
        this._cells.flatMap(({ index, role, facts }) =>
          facts && TAKES_PART[run].includes(role)
            ? [{ index, steps: facts.steps }]
            : []
        )
      );
      this._runs.set(run, flow);
    }
    return flow;
  }

  private _makeLinks(): readonly ICellLinks[] {
    const uses = this._cells.map(() => new Map<string, Set<number>>());
    const defines = this._cells.map(() => new Map<string, Set<number>>());
    const link = (user: number, name: string, definer: number): void => {
      if (user !== definer) {
        add(uses[user], name, definer);
        add(defines[definer], name, user);
      }
    };
    for (const run of [this.upstream, this.downstream]) {
      for (const [user, names] of run.reads) {
        for (const [name, definers] of names) {
          definers.forEach(definer => link(user, name, definer));
        }
      }
      // Names of the other role: the last definition before, as a person who runs all cells has it.
      for (const { cell, name, cells } of run.unresolved) {
        const others = [...cells, ...this.definersOf(name)];
        const before = others.filter(other => other < cell);
        const definer =
          before.length > 0 ? Math.max(...before) : Math.min(...others);
        if (others.length > 0) {
          link(cell, name, definer);
        }
      }
    }
    return this._cells.map((_, i) => ({
      uses: linksOf(uses[i]),
      defines: linksOf(defines[i])
    }));
  }

  private readonly _runs = new Map<RunName, IRunFlow>();
  private _links: readonly ICellLinks[] | null = null;
  private _names: ReadonlySet<string> | null = null;
}

/** Runs as they were the last time. */
export type IRunCaches = Readonly<Record<RunName, RunCache>>;

/** For a notebook that is checked for the first time. */
export function newRunCaches(): IRunCaches {
  return {
    upstream: new RunCache('upstream'),
    downstream: new RunCache('downstream'),
    all: new RunCache('all')
  };
}

/** What ties a cell to others. */
export interface ICellLinks {
  readonly uses: readonly ILink[];
  readonly defines: readonly ILink[];
}

function add(
  links: Map<string, Set<number>>,
  name: string,
  cell: number
): void {
  const cells = links.get(name);
  if (cells) {
    cells.add(cell);
  } else {
    links.set(name, new Set([cell]));
  }
}

function linksOf(
  links: ReadonlyMap<string, ReadonlySet<number>>
): readonly ILink[] {
  return [...links].map(([name, cells]) => ({
    name,
    cells: [...cells].sort((a, b) => a - b)
  }));
}
