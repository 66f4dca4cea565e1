import type { IRange } from '../finding';
import type { IFileAccess } from '../python/facts';
import { ANYTHING, isNameless, isSymbol } from './patterns';
import type { PathPattern } from './patterns';
import { addUnresolved, Recorder } from './recorder';
import type { ICellEvents, UnresolvedNames } from './recorder';
import type { Certainty, ISite, IUnresolved } from './run-flow';

/** What happens in a cell that runs: how sure that is, and where it stands, which for what a call does is the call. */
export class CellReport {
  constructor(private readonly _cell: number) {}

  readonly recorder = new Recorder();

  /** Whether what happens now happens for certain. */
  get certainty(): 'certain' | 'maybe' {
    return this._certainty;
  }

  /** Whether what happens now happens in a function that is called. */
  get isInCall(): boolean {
    return this._via !== null;
  }

  /** The names that are not bound, so far. */
  get unresolved(): UnresolvedNames {
    return this._unresolved;
  }

  finish(): ICellEvents {
    return this.recorder.finish(this._unresolved);
  }

  site({ from, to }: IRange): ISite {
    return {
      cell: this._cell,
      range: this._via?.range ?? { from, to },
      via: this._via?.name ?? null
    };
  }

  /**
   * A file is read or written, under one of several paths, each of which may be another than is told; what may be no file at all is left
   * out unless something of its path is known.
   */
  file(
    { access, by, guarded, ifTold, from, to }: IFileAccess,
    paths: readonly PathPattern[]
  ): void {
    const isOne = paths.length === 1;
    for (const path of isOne ? paths : [...paths, ANYTHING]) {
      const isTold =
        !isNameless(path) || path.some(each => isSymbol(each) && each.isText);
      if (isTold || !ifTold) {
        this.recorder.file({
          ...this.site({ from, to }),
          access,
          path,
          by,
          certainty: isOne ? this._certainty : 'maybe',
          guarded
        });
      }
    }
  }

  add(name: IUnresolved): void {
    addUnresolved(this._unresolved, name);
  }

  addAll(names: UnresolvedNames, within: Certainty): void {
    for (const each of names.values()) {
      addUnresolved(this._unresolved, each, within);
    }
  }

  /** The names that are not bound in what is done. */
  gather(act: () => void): UnresolvedNames {
    const outer = this._unresolved;
    const gathered: UnresolvedNames = new Map();
    this._unresolved = gathered;
    act();
    this._unresolved = outer;
    return gathered;
  }

  uncertain(act: () => void): void {
    const outer = this._certainty;
    this._certainty = 'maybe';
    act();
    this._certainty = outer;
  }

  /** Do what happens through a call: it stands where the cell makes it. */
  at(use: IRange & { readonly name: string }, act: () => void): void {
    const outer = this._via;
    this._via ??= { range: { from: use.from, to: use.to }, name: use.name };
    act();
    this._via = outer;
  }

  private _certainty: 'certain' | 'maybe' = 'certain';
  private _via: { readonly range: IRange; readonly name: string } | null = null;
  private _unresolved: UnresolvedNames = new Map();
}
