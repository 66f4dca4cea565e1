import { joinHeld, sameHeld, UNKNOWN_HELD } from './values';
import type { IHeld } from './values';

/** What is known of a name at one time of a run. */
export interface ISlot {
  readonly presence: 'yes' | 'maybe' | 'no';
  /** The cells that may have bound it last, in order; of a deleted name, the cell that deleted it. */
  readonly cells: readonly number[];
  readonly held: IHeld;
  /** The import that bound it, as `from x import y as z`; null when something else may have. */
  readonly importText: string | null;
}

/** A name that no cell has touched. */
export const UNBOUND: ISlot = {
  presence: 'no',
  cells: [],
  held: UNKNOWN_HELD,
  importText: null
};

/**
 * The names of a run at one time, or, with a parent, what one branch of it changes.
 *
 * A branch costs as much as it changes, so that a notebook of thousands of names can have thousands of branches.
 */
export class NameTable {
  constructor(private readonly _parent: NameTable | null = null) {
    if (_parent) {
      this._openedBy = _parent._openedBy;
      this._version = _parent._version;
    }
  }

  /** Where names may have been bound that nobody can list; null when all are known. */
  get openedBy(): number | null {
    return this._openedBy;
  }

  /** The same number as long as nothing changed. */
  get version(): number {
    return this._version;
  }

  get(name: string): ISlot {
    if (this._parent) {
      return this._changes.get(name) ?? this._parent.get(name);
    }
    if (!this._written.has(name)) {
      this._lookedUp.add(name);
    }
    return this._changes.get(name) ?? UNBOUND;
  }

  /** Like `get`, for what does not depend on the answer. */
  peek(name: string): ISlot {
    return this._changes.get(name) ?? this._parent?.peek(name) ?? UNBOUND;
  }

  set(name: string, slot: ISlot): void {
    if (!this._parent) {
      this._written.set(name, slot);
    }
    if (!sameSlot(this.peek(name), slot)) {
      this._changes.set(name, slot);
      this._touch();
    }
  }

  /** Write names again as they were written before, without noting it; a table without a parent only. */
  replay(written: ReadonlyMap<string, ISlot>): void {
    for (const [name, slot] of written) {
      this._changes.set(name, slot);
    }
    this._touch();
  }

  /** Begin to note what is looked up and written; a table without a parent only. */
  startNotes(): ITableNotes {
    this._lookedUp = new Set();
    this._written = new Map();
    return { lookedUp: this._lookedUp, written: this._written };
  }

  /** From here on, any name may be bound. */
  open(cell: number): void {
    if (this._openedBy === null) {
      this._openedBy = cell;
      this._touch();
    }
  }

  /** The table of a branch. */
  branch(): NameTable {
    return new NameTable(this);
  }

  /** As it is now, as a branch of a table that it comes from, however many branches lie between. */
  asBranchOf(base: NameTable): NameTable {
    const copy =
      this._parent === base || this._parent === null
        ? base.branch()
        : this._parent.asBranchOf(base);
    for (const [name, slot] of this._changes) {
      copy.set(name, slot);
    }
    if (this._openedBy !== null) {
      copy.open(this._openedBy);
    }
    return copy;
  }

  /** Take what a branch of this table changed, when it certainly ran. */
  absorb(branch: NameTable): void {
    this._merge([branch]);
    this.isEnded = branch.isEnded;
  }

  /** Take what a branch beside this one, or of this table, changed, when it may have run up to any point. */
  mayTake(branch: NameTable): void {
    this._merge([this.branch(), branch]);
  }

  /** Take what branches of this table changed, when one of them ran. */
  join(branches: readonly NameTable[]): void {
    const going = branches.filter(branch => !branch.isEnded);
    if (going.length === 0) {
      this.isEnded = true;
    }
    this._merge(going.length > 0 ? going : branches);
  }

  private _merge(branches: readonly NameTable[]): void {
    const names = new Set(
      branches.flatMap(branch => [...branch._changes.keys()])
    );
    for (const name of names) {
      this.set(name, joinSlots(branches.map(branch => branch.get(name))));
    }
    for (const branch of branches) {
      if (branch._openedBy !== null) {
        this.open(branch._openedBy);
      }
    }
  }

  private _touch(): void {
    this._version = ++versions;
  }

  /** Whether what follows cannot be reached: after `raise`, `return`, `break` or `continue`. */
  isEnded = false;
  private readonly _changes = new Map<string, ISlot>();
  private _lookedUp = new Set<string>();
  private _written = new Map<string, ISlot>();
  private _openedBy: number | null = null;
  private _version = 0;
}

/** What was done to a table for some time. */
export interface ITableNotes {
  /** Names on whose state before it depends what was done. */
  readonly lookedUp: ReadonlySet<string>;
  /** Names that were written, as they are now. */
  readonly written: ReadonlyMap<string, ISlot>;
}

let versions = 0;

/** Whether the same is known of two names. */
export function sameSlot(a: ISlot, b: ISlot): boolean {
  return (
    a === b ||
    (a.presence === b.presence &&
      sameHeld(a.held, b.held) &&
      a.importText === b.importText &&
      sameCells(a.cells, b.cells))
  );
}

/** A variable of loops may come from any loop before: the last ones will do. */
const MOST_CELLS = 8;

function sameCells(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((x, i) => x === b[i]));
}

/** What is known of a name that one or the other branch left. */
function joinSlots(slots: readonly ISlot[]): ISlot {
  const [first, ...others] = slots;
  if (others.every(other => sameSlot(other, first))) {
    return first;
  }
  const bound = slots.filter(({ presence }) => presence !== 'no');
  const told = bound.length > 0 ? bound : slots;
  return {
    presence:
      bound.length === 0
        ? 'no'
        : slots.every(({ presence }) => presence === 'yes')
          ? 'yes'
          : 'maybe',
    cells: unionOfCells(told.map(({ cells }) => cells)).slice(-MOST_CELLS),
    held: joinHeld(told.map(({ held }) => held)),
    importText: told.every(slot => slot.importText === told[0].importText)
      ? told[0].importText
      : null
  };
}

/** Cells of several lists, each once, in order. */
export function unionOfCells(
  lists: readonly (readonly number[])[]
): readonly number[] {
  const [first, ...others] = lists;
  return first && others.every(other => sameCells(first, other))
    ? first
    : [...new Set(lists.flat())].sort((a, b) => a - b);
}
