import type { IExit } from '../python/facts';
import type { NameTable } from './name-table';

/** Where `return`, `break` and `continue` lead to. */
export interface ITarget {
  readonly kind: 'function' | 'loop';
  readonly base: NameTable;
  /** The names as they are at each exit. */
  readonly exits: NameTable[];
  /** Whether `break` leads here, so that the `else` of the loop may not run. */
  isBroken: boolean;
}

export function newTarget(kind: ITarget['kind'], base: NameTable): ITarget {
  return { kind, base, exits: [], isBroken: false };
}

/** The functions and loops that run, the innermost last, and the exits from them. */
export class Exits {
  /** Exits so far from what runs now; as long as there are no more, what follows is not in doubt. */
  get count(): number {
    return this._targets.reduce((sum, { exits }) => sum + exits.length, 0);
  }

  get isInLoop(): boolean {
    return this._targets.some(({ kind }) => kind === 'loop');
  }

  towards(target: ITarget, act: () => void): void {
    this._targets.push(target);
    act();
    this._targets.pop();
  }

  /** A `raise` leads to no function or loop. */
  leave(how: IExit['how'], table: NameTable): void {
    if (how === 'raise') {
      return;
    }
    const kind = how === 'return' ? 'function' : 'loop';
    const target = this._targets.findLast(each => each.kind === kind);
    if (target) {
      target.exits.push(table.asBranchOf(target.base));
      target.isBroken ||= how === 'break';
    }
  }

  private readonly _targets: ITarget[] = [];
}
