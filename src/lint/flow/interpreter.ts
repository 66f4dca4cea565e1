import type { IRange } from '../finding';
import type {
  IBind,
  IBranch,
  IDelete,
  ILoop,
  IMutate,
  ITry,
  IUse,
  Step
} from '../python/facts';
import { Bodies } from './bodies';
import type { IBodyHost } from './bodies';
import { isBuiltin } from './builtins';
import { callsOf } from './calls';
import { CellReport } from './cell-report';
import { changeEnvironment, enterFolder, patternOf } from './evaluate';
import { reportFile } from './file-access';
import { Doubts, mayLackModules, runInDoubt } from './doubts';
import { Exits, newTarget } from './exits';
import { methodsCalled, OUTERMOST } from './frame';
import { isText, noteFuture } from './future';
import { bindPossible, heldOf, namedHeld } from './held';
import { UNBOUND } from './name-table';
import type { ISlot, NameTable } from './name-table';
import { changeObject, forgetObjects } from './objects';
import { ANYTHING } from './patterns';
import { addFromAlternatives, NONE } from './recorder';
import type { FoundNames, ICellEvents, UnresolvedNames } from './recorder';
import type { IHeld } from './values';

/** A cell that runs. */
export interface IRunCell {
  readonly index: number;
  readonly steps: readonly Step[];
}

/** Bodies of functions are followed for so many steps in a cell; what comes after may happen, and nothing is said of it. */
const MOST_STEPS = 20_000;

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

class Interpreter implements IBodyHost {
  constructor(
    private readonly _cell: number,
    private readonly _globals: NameTable
  ) {
    this.report = new CellReport(_cell);
  }

  readonly report: CellReport;
  frame = OUTERMOST;

  run(steps: readonly Step[]): ICellEvents {
    this._steps(steps, this._globals);
    this._globals.isEnded = false;
    return this.report.finish();
  }

  private _steps(steps: readonly Step[], table: NameTable): void {
    const doubts = new Doubts(this.report);
    for (const step of steps) {
      if (table.isEnded) {
        break;
      }
      this._stepsLeft--;
      const before = this._exits.count;
      doubts.run(() => this._step(step, table));
      if (this._exits.count > before) {
        doubts.add(this._left);
      }
      this._left = null;
    }
    doubts.settle();
  }

  private _step(step: Step, table: NameTable): void {
    const { given } = this.frame;
    switch (step.kind) {
      case 'use':
        this._use(step, table);
        break;
      case 'bind':
        this._bind(step, table);
        break;
      case 'method':
        for (const callee of methodsCalled(step, this.frame, table)) {
          this._bodies.call(callee, { ...step, name: step.of ?? '' }, table);
        }
        break;
      case 'delete':
        this._delete(step, table);
        break;
      case 'mutate':
        this._mutate(step, table);
        break;
      case 'file':
        reportFile(step, this.report, table, given);
        break;
      case 'environment':
        changeEnvironment(step, this._cell, table, given);
        break;
      case 'folder':
        enterFolder(step.path, this._cell, table, given);
        break;
      case 'import':
        this.report.recorder.imports({
          ...this.report.site(step),
          name: step.module.module,
          module: step.module,
          certainty: this.report.certainty,
          repeats: []
        });
        break;
      case 'unknown':
        bindPossible(step, this._cell, table).forEach(name =>
          this.report.recorder.bind(name)
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
        this._exits.leave(step.how, table);
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
    this.report.recorder.read(step.name, slot.cells);
    if (step.how !== 'call' && !step.isKept && step.attributes.length === 0) {
      // Whoever gets it may change it.
      forgetObjects(slot.held, this._cell, table);
    }
    if (slot.held.functions.length + slot.held.classes.length > 0) {
      for (const callee of callsOf(slot.held, step)) {
        this._bodies.call(callee, step, table);
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
    this.report.add({
      ...this.report.site(step),
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
        !this.report.isInCall
          ? before.cells
          : [];
      this.report.recorder.imports({
        ...this.report.site(step),
        name,
        module,
        certainty: this.report.certainty,
        repeats
      });
    }
    if (step.by === 'augmented' && before.presence !== 'no') {
      this.report.recorder.mutate({
        ...this.report.site(step),
        name,
        objectFrom: before.cells
      });
    }
    this.report.recorder.bind(name);
    table.set(name, {
      presence: 'yes',
      cells: [this._cell],
      held: this._held(step, table),
      importText: module?.text ?? null
    });
  }

  private _held({ name, by, value }: IBind, table: NameTable): IHeld {
    const count = (this._bound.get(name) ?? 0) + 1;
    this._bound.set(name, count);
    const held = heldOf(value, {
      cell: this._cell,
      table,
      given: this.frame.given,
      id: `${this._cell} ${name} ${count}`
    });
    return by === 'assignment' && !this._isRepeated
      ? namedHeld(held, name, `${this._cell} ${count}`)
      : held;
  }

  /** Whether what happens now may happen again, with another outcome. */
  private get _isRepeated(): boolean {
    return this.report.isInCall || this._exits.isInLoop;
  }

  private _delete(step: IDelete, table: NameTable): void {
    if (step.inClass) {
      this.report.add({
        ...this.report.site(step),
        name: step.name,
        certainty: step.inClass === 'maybe' ? 'maybe' : 'certain',
        why: 'in-class',
        cells: [],
        openedBy: table.openedBy
      });
      return;
    }
    const slot = table.get(step.name);
    this._missing({ ...step, guarded: false }, table, slot);
    if (slot.presence !== 'no') {
      this.report.recorder.read(step.name, slot.cells);
    }
    table.set(step.name, { ...UNBOUND, cells: [this._cell] });
    this._deletions++;
  }

  private _mutate(step: IMutate, table: NameTable): void {
    const { name, part } = step;
    const slot = table.get(name);
    if (slot.presence !== 'no') {
      this.report.recorder.mutate({
        ...this.report.site(step),
        name,
        objectFrom: slot.cells
      });
      const set = part && {
        key: part.key,
        text: this._isRepeated
          ? ANYTHING
          : patternOf(part.text, table, this.frame.given)
      };
      changeObject(name, set ?? null, this._cell, table);
    }
  }

  private _branch({ alternatives }: IBranch, table: NameTable): void {
    if (alternatives.length === 1) {
      this._steps(alternatives[0], table);
      return;
    }
    const found: UnresolvedNames[] = [];
    const left: FoundNames[] = [];
    const branches = alternatives.map(steps => {
      const branch = table.branch();
      const before = this._exits.count;
      const names = this.report.gather(() =>
        this.report.uncertain(() => this._steps(steps, branch))
      );
      found.push(names);
      if (this._exits.count > before) {
        // Where only a part of it leaves, nothing is certain there.
        left.push(branch.isEnded ? names : NONE);
      }
      return branch;
    });
    table.join(branches);
    addFromAlternatives(this.report.unresolved, found);
    this._left = left;
  }

  private _loop({ body, atLeastOnce, otherwise }: ILoop, table: NameTable) {
    const target = newTarget('loop', table);
    const once = table.branch();
    const deletions = this._deletions;
    const before = this._exits.count;
    this._exits.towards(target, () => this._steps(body, once));
    if (this._deletions !== deletions && !once.isEnded) {
      // The next time round, what the first deleted is gone.
      this.report.addAll(
        this.report.gather(() =>
          this._exits.towards(target, () => this._steps(body, once.branch()))
        ),
        'maybe'
      );
    }
    const ends = [once, ...target.exits];
    table.join(atLeastOnce ? ends : [...ends, table.branch()]);
    runInDoubt(target.isBroken || this._exits.count > before, this.report, () =>
      this._steps(otherwise, table)
    );
  }

  private _try(step: ITry, table: NameTable): void {
    const body = table.branch();
    const before = this._exits.count;
    this._steps(step.body, body);
    const handled = step.handlers.map(handler => {
      const branch = table.branch();
      branch.mayTake(body);
      this.report.addAll(
        this.report.gather(() =>
          this.report.uncertain(() => this._steps(handler, branch))
        ),
        'maybe'
      );
      return branch;
    });
    const isLeft = this._exits.count > before;
    runInDoubt(isLeft || mayLackModules(step), this.report, () =>
      this._steps(step.otherwise, body)
    );
    table.join([body, ...handled]);
    const hasEnded = table.isEnded;
    table.isEnded = false;
    this._steps(step.finally, table);
    table.isEnded ||= hasEnded;
  }

  runBody(body: readonly Step[], table: NameTable): readonly NameTable[] {
    const target = newTarget('function', table);
    const inner = table.branch();
    this._exits.towards(target, () => this._steps(body, inner));
    return [inner, ...target.exits];
  }

  get isExhausted(): boolean {
    return this._stepsLeft < 0;
  }

  private readonly _bodies = new Bodies(this);
  private readonly _exits = new Exits();
  /** What is not bound in the alternatives of the last branch that are left. */
  private _left: readonly FoundNames[] | null = null;
  private _stepsLeft = MOST_STEPS;
  private _deletions = 0;
  private readonly _bound = new Map<string, number>();
}
