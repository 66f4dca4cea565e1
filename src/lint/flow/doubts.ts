import type { ITry } from '../python/facts';
import type { CellReport } from './cell-report';
import { addFromAlternatives, addUnresolved, NONE } from './recorder';
import type { FoundNames, UnresolvedNames } from './recorder';

/** Whether a `try` is there for modules that may not be there: its `else` runs where they are. */
export function mayLackModules({ body, handlers }: ITry): boolean {
  return (
    handlers.length > 0 &&
    body.some(
      step =>
        (step.kind === 'bind' || step.kind === 'import') &&
        step.module?.guarded === true
    )
  );
}

/** One time that a list of steps may have been left. */
interface IDoubt {
  readonly left: readonly FoundNames[];
  /** What is not bound behind it, up to the next doubt. */
  readonly rest: UnresolvedNames;
}

/**
 * What may not run, as `return`, `break` or `continue` may have left the steps before: `if a: return x` and then `y` is what `if a: return
 * x` with `else: y` is, so that what fails both where it is left and behind fails for certain.
 */
export class Doubts {
  constructor(private readonly _report: CellReport) {}

  /** From here on, what runs is in doubt. @param left What is not bound where it is left; null where that is not told. */
  add(left: readonly FoundNames[] | null): void {
    const isTold = left !== null && left.length > 0;
    this._doubts.push({ left: isTold ? left : [NONE], rest: new Map() });
  }

  run(act: () => void): void {
    const last = this._doubts.at(-1);
    if (!last) {
      act();
      return;
    }
    const found = this._report.gather(() => this._report.uncertain(act));
    for (const each of found.values()) {
      addUnresolved(last.rest, each);
    }
  }

  /** Report what was found in doubt. */
  settle(): void {
    for (let i = this._doubts.length - 1; i >= 0; i--) {
      const { left, rest } = this._doubts[i];
      const outer = this._doubts.at(i - 1)?.rest;
      addFromAlternatives(i > 0 && outer ? outer : this._report.unresolved, [
        ...left,
        rest
      ]);
    }
  }

  private readonly _doubts: IDoubt[] = [];
}

/** Run what may not come to run, or what does. */
export function runInDoubt(
  isInDoubt: boolean,
  report: CellReport,
  act: () => void
): void {
  const doubts = new Doubts(report);
  if (isInDoubt) {
    doubts.add(null);
  }
  doubts.run(act);
  doubts.settle();
}
