import type { IRange } from '../finding';
import type { IBind, IBranch, ILoop, ITry, IUse, Step } from '../python/facts';
import { isBuiltin } from './builtins';
import { callsOf } from './calls';
import type { ICallee } from './calls';
import { frameOf, methodsCalled, OUTERMOST, sameFrame } from './frame';
import type { IFrame } from './frame';
import { isText, noteFuture } from './future';
import { bindPossible, heldOf } from './held';
import { UNBOUND } from './name-table';
import type { ISlot, NameTable } from './name-table';
import { enterFolder, filePattern } from './paths';
import { addFromAlternatives, addUnresolved, Recorder } from './recorder';
import type { ICellEvents, UnresolvedNames } from './recorder';
import type { Certainty, ISite } from './run-flow';

/** A cell that runs. */
export interface IRunCell {
  readonly index: number;
  readonly steps: readonly Step[];
}

/** Bodies of functions are followed for so many steps in a cell; what comes after may happen, and nothing is said of it. */
const MOST_STEPS = 20_000;

/** Functions are followed through so many others. */
const DEEPEST_CALL = 40;

/** Where `return`, `break` and `continue` lead to. */
interface ITarget {
  readonly kind: 'function' | 'loop';
  readonly base: NameTable;
  readonly exits: NameTable[];
}

/** What running a body gave, as long as no name has changed. */
interface IBodyRun {
  readonly version: number;
  readonly isCertain: boolean;
  readonly frame: IFrame;
  readonly unresolved: UnresolvedNames;
}

/**
 * Runs the steps of one cell over an abstract table of names, which it changes.
 *
 * What a branch does may happen; what a loop does is taken to happen for the names it reads, since a loop that never runs is rare, but
 * not for those it binds. A body runs with the names of the time of the call; what goes wrong in it stands where it is called.
 */
export function interpretCell(
  { index, steps }: IRunCell,
  globals: NameTable
): ICellEvents {
  return new Interpreter(index, globals).run(steps);
}

class Interpreter {
  constructor(
    private readonly _cell: number,
    private readonly _globals: NameTable
  ) {}

  run(steps: readonly Step[]): ICellEvents {
    this._steps(steps, this._globals);
    this._globals.isEnded = false;
    return this._recorder.finish(this._unresolved);
  }

  private _steps(steps: readonly Step[], table: NameTable): void {
    for (const step of steps) {
      if (table.isEnded) {
        return;
      }
      this._stepsLeft--;
      this._step(step, table);
    }
  }

  private _step(step: Step, table: NameTable): void {
    switch (step.kind) {
      case 'use':
        this._use(step, table);
        break;
      case 'bind':
        this._bind(step, table);
        break;
      case 'method':
        for (const callee of methodsCalled(step, this._frame, table)) {
          this._call(callee, { ...step, name: step.of ?? '' }, table);
        }
        break;
      case 'delete': {
        if (step.inClass) {
          addUnresolved(this._unresolved, {
            ...this._site(step),
            name: step.name,
            certainty: step.inClass === 'maybe' ? 'maybe' : 'certain',
            why: 'in-class',
            cells: [],
            openedBy: table.openedBy
          });
          break;
        }
        const slot = table.get(step.name);
        this._missing({ ...step, guarded: false }, table, slot);
        if (slot.presence !== 'no') {
          this._recorder.read(step.name, slot.cells);
        }
        table.set(step.name, { ...UNBOUND, cells: [this._cell] });
        this._deletions++;
        break;
      }
      case 'mutate': {
        const slot = table.get(step.name);
        if (slot.presence !== 'no') {
          this._recorder.mutate({
            ...this._site(step),
            name: step.name,
            objectFrom: slot.cells
          });
        }
        break;
      }
      case 'file':
        this._recorder.file({
          ...this._site(step),
          access: step.access,
          path: filePattern(step.path, table, this._frame.given),
          by: step.by,
          certainty: this._certainty,
          guarded: step.guarded
        });
        break;
      case 'folder':
        enterFolder(step.path, this._cell, table, this._frame.given);
        break;
      case 'import':
        this._recorder.imports({
          ...this._site(step),
          name: step.module.module,
          module: step.module,
          certainty: this._certainty,
          repeats: []
        });
        break;
      case 'unknown':
        bindPossible(step, this._cell, table).forEach(name =>
          this._recorder.bind(name)
        );
        break;
      case 'branch':
        this._branch(step, table);
        break;
      case 'loop':
        this._loop(step, table);
        break;
      case 'try':
        this._try(step, table);
        break;
      case 'exit':
        if (step.how !== 'raise') {
          const kind = step.how === 'return' ? 'function' : 'loop';
          const target = this._targets.findLast(each => each.kind === kind);
          target?.exits.push(table.asBranchOf(target.base));
        }
        table.isEnded = true;
        break;
      case 'output':
    }
  }

  private _use(step: IUse, table: NameTable): void {
    if (isText(step, table)) {
      return;
    }
    const slot = table.get(step.name);
    if (slot.presence !== 'yes' && this._missing(step, table, slot)) {
      return;
    }
    if (slot.presence === 'no') {
      return;
    }
    this._recorder.read(step.name, slot.cells);
    if (slot.held.functions.length + slot.held.classes.length > 0) {
      for (const callee of callsOf(slot.held, step)) {
        this._call(callee, step, table);
      }
    }
  }

  /** Tell of a name that is not, or not in all cases, bound; whether the use fails for certain. */
  private _missing(
    step: IRange & { readonly name: string; readonly guarded: boolean },
    table: NameTable,
    slot: ISlot
  ): boolean {
    if (slot.presence === 'yes' || isBuiltin(step.name)) {
      return false;
    }
    const fails = slot.presence === 'no' && table.openedBy === null;
    if (step.guarded) {
      // What is provided for goes to the handler, or does not come to pass: nothing follows here.
      table.isEnded = fails && table !== this._globals;
      if (slot.presence === 'maybe') {
        table.set(step.name, { ...slot, presence: 'yes' });
      }
      return fails;
    }
    addUnresolved(this._unresolved, {
      ...this._site(step),
      name: step.name,
      certainty: fails ? 'certain' : 'maybe',
      why:
        slot.presence === 'maybe'
          ? 'sometimes'
          : slot.cells.length > 0
            ? 'deleted'
            : 'unbound',
      cells: slot.cells,
      openedBy: table.openedBy
    });
    if (slot.presence === 'maybe') {
      // Where it was not bound, the run has ended.
      table.set(step.name, { ...slot, presence: 'yes' });
    }
    return fails;
  }

  private _bind(step: IBind, table: NameTable): void {
    const { name, module } = step;
    // What is bound anew does not depend on what was there.
    const before =
      module || step.by === 'augmented' ? table.get(name) : UNBOUND;
    if (module) {
      noteFuture(module, this._cell, table);
      const repeats =
        before.presence === 'yes' &&
        before.importText === module.text &&
        this._via === null
          ? before.cells
          : [];
      this._recorder.imports({
        ...this._site(step),
        name,
        module,
        certainty: this._certainty,
        repeats
      });
    }
    if (step.by === 'augmented' && before.presence !== 'no') {
      this._recorder.mutate({
        ...this._site(step),
        name,
        objectFrom: before.cells
      });
    }
    this._recorder.bind(name);
    table.set(name, {
      presence: 'yes',
      cells: [this._cell],
      held: heldOf(step.value, this._cell, table, this._frame.given),
      importText: module?.text ?? null
    });
  }

  private _branch({ alternatives }: IBranch, table: NameTable): void {
    if (alternatives.length === 1) {
      this._steps(alternatives[0], table);
      return;
    }
    const found: UnresolvedNames[] = [];
    const branches = alternatives.map(steps => {
      const branch = table.branch();
      found.push(
        this._gather(() => this._uncertain(() => this._steps(steps, branch)))
      );
      return branch;
    });
    table.join(branches);
    addFromAlternatives(this._unresolved, found);
  }

  private _loop({ body, atLeastOnce, otherwise }: ILoop, table: NameTable) {
    const target: ITarget = { kind: 'loop', base: table, exits: [] };
    const once = table.branch();
    const deletions = this._deletions;
    this._towards(target, () => this._steps(body, once));
    if (this._deletions !== deletions && !once.isEnded) {
      // The next time round, what the first deleted is gone.
      this._addAll(
        this._gather(() =>
          this._towards(target, () => this._steps(body, once.branch()))
        ),
        'maybe'
      );
    }
    const ends = [once, ...target.exits];
    table.join(atLeastOnce ? ends : [...ends, table.branch()]);
    this._steps(otherwise, table);
  }

  private _try(step: ITry, table: NameTable): void {
    const body = table.branch();
    this._steps(step.body, body);
    const handled = step.handlers.map(handler => {
      const branch = table.branch();
      branch.mayTake(body);
      this._addAll(
        this._gather(() => this._uncertain(() => this._steps(handler, branch))),
        'maybe'
      );
      return branch;
    });
    this._steps(step.otherwise, body);
    table.join([body, ...handled]);
    const hasEnded = table.isEnded;
    table.isEnded = false;
    this._steps(step.finally, table);
    table.isEnded ||= hasEnded;
  }

  private _call(
    callee: ICallee,
    use: IRange & { readonly name: string },
    table: NameTable
  ): void {
    const { certainty, callable } = callee;
    const { body } = callable;
    const isCertain = certainty === 'certain';
    const frame = frameOf(callee, table, this._frame);
    const known = this._bodies.get(body);
    if (
      known?.version === table.version &&
      sameFrame(known.frame, frame) &&
      (known.isCertain || !(isCertain && this._certainty === 'certain'))
    ) {
      this._addAll(known.unresolved, certainty);
      return;
    }
    if (
      this._stepsLeft < 0 ||
      this._running.size >= DEEPEST_CALL ||
      this._running.has(body)
    ) {
      return;
    }
    const before = table.version;
    const outer = this._frame;
    this._frame = frame;
    const unresolved = this._gather(() =>
      this._at(use, () =>
        isCertain
          ? this._body(body, table, true)
          : this._uncertain(() => this._body(body, table, false))
      )
    );
    this._frame = outer;
    if (table.version === before) {
      this._bodies.set(body, {
        frame,
        version: before,
        isCertain: isCertain && this._certainty === 'certain',
        unresolved
      });
    }
    this._addAll(unresolved, certainty);
  }

  private _body(
    body: readonly Step[],
    table: NameTable,
    isCertain: boolean
  ): void {
    const target: ITarget = { kind: 'function', base: table, exits: [] };
    const inner = table.branch();
    this._running.add(body);
    this._towards(target, () => this._steps(body, inner));
    this._running.delete(body);
    const ends = [inner, ...target.exits];
    table.join(isCertain ? ends : [...ends, table.branch()]);
    // A function that always raises is called where that is caught, or ends a run that nobody wanted.
    table.isEnded = false;
  }

  private _addAll(names: UnresolvedNames, within: Certainty): void {
    for (const each of names.values()) {
      addUnresolved(this._unresolved, each, within);
    }
  }

  /** The names that are not bound in what is done. */
  private _gather(act: () => void): UnresolvedNames {
    const outer = this._unresolved;
    const gathered: UnresolvedNames = new Map();
    this._unresolved = gathered;
    act();
    this._unresolved = outer;
    return gathered;
  }

  private _uncertain(act: () => void): void {
    const outer = this._certainty;
    this._certainty = 'maybe';
    act();
    this._certainty = outer;
  }

  private _towards(target: ITarget, act: () => void): void {
    this._targets.push(target);
    act();
    this._targets.pop();
  }

  /** Do what happens through a call: it stands where the cell makes it. */
  private _at(use: IRange & { readonly name: string }, act: () => void): void {
    const outer = this._via;
    this._via ??= { range: { from: use.from, to: use.to }, name: use.name };
    act();
    this._via = outer;
  }

  private _site({ from, to }: IRange): ISite {
    return {
      cell: this._cell,
      range: this._via?.range ?? { from, to },
      via: this._via?.name ?? null
    };
  }

  private readonly _recorder = new Recorder();
  private readonly _bodies = new Map<readonly Step[], IBodyRun>();
  private readonly _running = new Set<readonly Step[]>();
  private readonly _targets: ITarget[] = [];
  private _frame = OUTERMOST;
  private _stepsLeft = MOST_STEPS;
  private _deletions = 0;
  private _certainty: 'certain' | 'maybe' = 'certain';
  private _via: { readonly range: IRange; readonly name: string } | null = null;
  private _unresolved: UnresolvedNames = new Map();
}
