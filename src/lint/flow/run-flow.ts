import type { IRange } from '../finding';
import type { IImport } from '../python/facts';
import type { PathPattern } from './patterns';

/** Which cells run: those of one role and the shared ones, or all. Cells without a role run in each; one in conflict counts as upstream. */
export type RunName = 'upstream' | 'downstream' | 'all';

/** Where something happens: in a cell, at a range of its source. What happens in a function happens where it is called. */
export interface ISite {
  readonly cell: number;
  readonly range: IRange;
  /** The name of the function or class that was called there, when it happens in its body; null when it stands there itself. */
  readonly via: string | null;
}

/**
 * `certain`: it fails when the code runs; `likely`: it fails when a function that is handed over is called, now or later; `maybe`: it may
 * fail.
 */
export type Certainty = 'certain' | 'likely' | 'maybe';

/** The lesser of two. */
export function leastSure(a: Certainty, b: Certainty): Certainty {
  return a === 'maybe' || b === 'certain' ? a : b;
}

/** A name that is read where it is not bound. */
export interface IUnresolved extends ISite {
  readonly name: string;
  readonly certainty: Certainty;
  /**
   * `unbound`: no cell has bound it so far; `deleted`: by `del`; `sometimes`: it is bound in some cases only; `in-class`: the body of a
   * class that deletes it has not bound it.
   */
  readonly why: 'unbound' | 'deleted' | 'sometimes' | 'in-class';
  /** The cells that deleted it, or bind it sometimes. */
  readonly cells: readonly number[];
  /** The cell since which names may be bound that nobody can list; null when there is none. */
  readonly openedBy: number | null;
}

/** A file that is read or written. */
export interface IResolvedFile extends ISite {
  readonly access: 'read' | 'write';
  readonly path: PathPattern;
  readonly by: string;
  readonly certainty: 'certain' | 'maybe';
  readonly guarded: boolean;
}

/** An import that runs. */
export interface IRunImport extends ISite {
  readonly name: string;
  readonly module: IImport;
  readonly certainty: 'certain' | 'maybe';
  /** The cells by which the name holds the very same already; empty when it does not. */
  readonly repeats: readonly number[];
}

/** A change of the object that a name holds. */
export interface IMutation extends ISite {
  readonly name: string;
  /** The cells that may have bound the name to the object. */
  readonly objectFrom: readonly number[];
}

/** What happens in one run, cell after cell. */
export interface IRunFlow {
  readonly run: RunName;
  /** The cells that run, by index, in order. */
  readonly cells: ReadonlySet<number>;
  /** One for each cell and name: the surest, then the first. */
  readonly unresolved: readonly IUnresolved[];
  readonly files: readonly IResolvedFile[];
  readonly imports: readonly IRunImport[];
  readonly mutations: readonly IMutation[];
  /** By name read in a cell, the cells that may have bound it; undefined for a cell that does not run. */
  readonly readsIn: (
    cell: number
  ) => ReadonlyMap<string, readonly number[]> | undefined;
  /** By name, the cells that bind it, in order. */
  readonly definitions: ReadonlyMap<string, readonly number[]>;
}
