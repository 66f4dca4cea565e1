import { interpretCell } from './interpreter';
import type { IRunCell } from './interpreter';
import { NameTable, sameSlot } from './name-table';
import type { ITableNotes } from './name-table';
import { runFlowOf } from './recorder';
import type { ICellEvents } from './recorder';
import type { IRunFlow, RunName } from './run-flow';

/** What running a cell did, as long as its steps stay and what it looked up. */
interface ICellRun extends ITableNotes {
  readonly cell: IRunCell;
  readonly events: ICellEvents;
  /** Where any name may have been bound, before the cell and after it. */
  readonly openedBy: readonly [number | null, number | null];
}

/**
 * One run of a notebook, again and again while it changes: a cell runs anew when its steps have changed, or a name that it looks up.
 *
 * #### Notes
 * Names that differ from the run before are followed cell by cell: a cell that runs anew adds and removes some, one that binds such a name
 * without having looked it up removes it. So the cost of a keystroke is that of the cell and of those that use its names.
 */
export class RunCache {
  constructor(private readonly _run: RunName) {}

  /** The run of the cells, as `interpretCell` gives it. */
  flow(cells: readonly IRunCell[]): IRunFlow {
    const table = new NameTable();
    const runs = new Map<number, ICellRun>();
    const changed = new Set<string>();
    const current = new Map(cells.map(cell => [cell.index, cell]));
    const order = [...new Set([...this._runs.keys(), ...current.keys()])].sort(
      (a, b) => a - b
    );
    for (const index of order) {
      const before = this._runs.get(index);
      const cell = current.get(index);
      if (
        before &&
        before.cell.steps === cell?.steps &&
        before.openedBy[0] === table.openedBy &&
        isDisjoint(changed, before.lookedUp)
      ) {
        replay(before, table, changed);
        runs.set(index, before);
        continue;
      }
      const opened = table.openedBy;
      const notes = table.startNotes();
      if (cell) {
        const events = interpretCell(cell, table);
        runs.set(index, {
          cell,
          events,
          ...notes,
          openedBy: [opened, table.openedBy]
        });
      }
      const touched = [
        ...(before?.written.keys() ?? []),
        ...notes.written.keys()
      ];
      touched.forEach(name => note(name, before, table, changed));
    }
    this._runs = runs;
    return runFlowOf(
      this._run,
      new Map([...runs].map(([index, { events }]) => [index, events]))
    );
  }

  private _runs: ReadonlyMap<number, ICellRun> = new Map();
}

/** Do to the table what a cell did before. */
function replay(
  { written, openedBy }: ICellRun,
  table: NameTable,
  changed: Set<string>
): void {
  table.replay(written);
  if (changed.size > 0) {
    for (const name of written.keys()) {
      changed.delete(name);
    }
  }
  if (openedBy[1] !== null) {
    table.open(openedBy[1]);
  }
}

/** Note whether a name is another now than it was in the run before, after the same cell. */
function note(
  name: string,
  before: ICellRun | undefined,
  table: NameTable,
  changed: Set<string>
): void {
  const was = before?.written.get(name);
  if (was && sameSlot(was, table.peek(name))) {
    changed.delete(name);
  } else {
    changed.add(name);
  }
}

function isDisjoint(
  changed: ReadonlySet<string>,
  names: ReadonlySet<string>
): boolean {
  for (const name of changed) {
    if (names.has(name)) {
      return false;
    }
  }
  return true;
}
