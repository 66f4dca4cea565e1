import type { CellRole } from '../../workload/roles';
import type { ILink } from '../result';
import type { ICheckedCell } from '../rule';
import { unionOfCells } from './name-table';
import { RunCache } from './run-cache';
import type { IRunFlow, IUnresolved, RunName } from './run-flow';

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
    const defines = this._cells.map(() => new Map<string, number[]>());
    const uses = this._cells.map(({ index: user }) => {
      const names = this._definersRead(user);
      return [...names].flatMap(([name, definers]): ILink[] => {
        const cells = definers.filter(definer => definer !== user);
        for (const definer of cells) {
          const users = defines[definer].get(name);
          if (users) {
            users.push(user);
          } else {
            defines[definer].set(name, [user]);
          }
        }
        return cells.length > 0 ? [{ name, cells }] : [];
      });
    });
    return uses.map((links, i) => ({
      uses: links,
      defines: [...defines[i]].map(([name, cells]) => ({ name, cells }))
    }));
  }

  /** By name that a cell reads, the cells that define it, in order. */
  private _definersRead(user: number): ReadonlyMap<string, readonly number[]> {
    const [up, down] = [this.upstream, this.downstream].map(run =>
      run.readsIn(user)
    );
    const missing = this._unresolvedIn(user);
    if ((!up || !down) && missing.length === 0) {
      return up ?? down ?? NO_READS;
    }
    const found = new Map(up);
    const add = (name: string, definers: readonly number[]): void => {
      const before = found.get(name);
      found.set(name, before ? unionOfCells([before, definers]) : definers);
    };
    down?.forEach((definers, name) => add(name, definers));
    // Names of the other role: the last definition before, as a person who runs all cells has it.
    for (const { name, cells } of missing) {
      const others = unionOfCells([cells, this.definersOf(name)]);
      const definer = others.findLast(other => other < user) ?? others.at(0);
      if (definer !== undefined) {
        add(name, [definer]);
      }
    }
    return found;
  }

  private _unresolvedIn(cell: number): readonly IUnresolved[] {
    if (!this._unresolved) {
      this._unresolved = new Map();
      for (const run of [this.upstream, this.downstream]) {
        for (const each of run.unresolved) {
          const others = this._unresolved.get(each.cell);
          if (others) {
            others.push(each);
          } else {
            this._unresolved.set(each.cell, [each]);
          }
        }
      }
    }
    return this._unresolved.get(cell) ?? [];
  }

  private readonly _runs = new Map<RunName, IRunFlow>();
  private _links: readonly ICellLinks[] | null = null;
  private _names: ReadonlySet<string> | null = null;
  private _unresolved: Map<number, IUnresolved[]> | null = null;
}

const NO_READS: ReadonlyMap<string, readonly number[]> = new Map();

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
