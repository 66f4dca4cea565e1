import type { IRange } from '../finding';
import type {
  IBind,
  IGiven,
  IImport,
  IMethodUse,
  IMutate,
  IUnparsed,
  IUse,
  Step,
  Text,
  Value
} from './facts';
import { mayRun, withoutReturns } from './inline';
import { noBindings, Scope } from './scope';
import type { Source } from './source';
import type { INode } from './tree';

/** What makes an object. */
const MAKING = ['__init__', '__new__'];

/** A value that nothing is known of. */
export const UNKNOWN: Value = { kind: 'unknown' };

/** What is provided for around a stretch of code. */
export interface IGuards {
  /** Whether a NameError is caught. */
  readonly names: boolean;
  /** Whether an ImportError is caught. */
  readonly imports: boolean;
  /** Whether a missing file is caught. */
  readonly files: boolean;
  /** Files and folders of which it was asked whether they are there. */
  readonly askedFiles: readonly Text[];
  /** Names of which it was asked whether they are there. */
  readonly asked: ReadonlySet<string>;
}

const NO_GUARDS: IGuards = {
  names: false,
  imports: false,
  files: false,
  askedFiles: [],
  asked: new Set()
};

/** The state of a walk over a cell's tree: where it is, and the steps so far. */
export class Walk {
  constructor(readonly source: Source) {}

  scope = new Scope('module', null, noBindings());
  guards = NO_GUARDS;
  /** Whether annotations are texts: `from __future__ import annotations`. */
  annotationsAreTexts = false;
  readonly unparsed: IUnparsed[] = [];
  /** Modules by the names that the cell gives them, such as `pandas` by `pd`; `module.member` for members. */
  readonly imports = new Map<string, string>();
  /** Names that the cell has bound so far on its outermost level. */
  readonly bound = new Set<string>();

  emit(step: Step): void {
    this.steps.push(step);
  }

  /** The steps that `action` makes, apart from all others. */
  collect(action: () => void): Step[] {
    const before = this.steps;
    const steps: Step[] = [];
    this.steps = steps;
    try {
      action();
    } finally {
      this.steps = before;
    }
    return steps;
  }

  /** Runs an action in another scope. */
  within<T>(scope: Scope, action: () => T): T {
    const before = this.scope;
    this.scope = scope;
    try {
      return action();
    } finally {
      this.scope = before;
    }
  }

  /** Runs an action with more provided for. */
  guarded<T>(guards: Partial<IGuards>, action: () => T): T {
    const before = this.guards;
    this.guards = {
      names: before.names || guards.names === true,
      imports: before.imports || guards.imports === true,
      files: before.files || guards.files === true,
      askedFiles: [...before.askedFiles, ...(guards.askedFiles ?? [])],
      asked: new Set([...before.asked, ...(guards.asked ?? [])])
    };
    try {
      return action();
    } finally {
      this.guards = before;
    }
  }

  /** Runs an action of which the guards around it know nothing, as a function's body. */
  unguarded<T>(action: () => T): T {
    const before = this.guards;
    this.guards = NO_GUARDS;
    try {
      return action();
    } finally {
      this.guards = before;
    }
  }

  /** Runs an action that reads annotations. */
  annotated(action: () => void): void {
    const before = this.isAnnotation;
    this.isAnnotation = true;
    action();
    this.isAnnotation = before;
  }

  /** Reads a name. */
  use(
    name: string,
    at: IRange,
    how: IUse['how'],
    attributes: readonly string[] = [],
    given?: readonly IGiven[],
    isKept = false
  ): void {
    const owner = this.scope.owner(name);
    if (owner !== null) {
      this.useLocal(owner, name, at, how, attributes, given);
      return;
    }
    if (name === '__class__') {
      return;
    }
    const { from, to } = at;
    if (/^(?:_{1,3}|_i?\d+|Out)$/.test(name) && !this.bound.has(name)) {
      this.emit({ kind: 'output', name, from, to });
      return;
    }
    const guarded = this.guards.names || this.guards.asked.has(name);
    this.emit({
      kind: 'use',
      name,
      how,
      attributes,
      guarded,
      ...(this.isAnnotation ? { isAnnotation: true } : {}),
      ...(given === undefined ? {} : { given }),
      ...(isKept ? { isKept } : {}),
      from,
      to
    });
  }

  /** Binds a name, in whichever scope that is. */
  bind(
    name: string,
    at: IRange,
    by: IBind['by'],
    value: Value,
    module?: IImport
  ): void {
    const scope = this.scope.body;
    if (this.scope.bindsGlobal(name)) {
      const { from, to } = at;
      this.emit({
        kind: 'bind',
        name,
        by,
        ...(module === undefined ? {} : { module }),
        value,
        from,
        to
      });
      if (scope.kind === 'module') {
        this.bound.add(name);
      }
      return;
    }
    if (module !== undefined) {
      this.emit({ kind: 'import', module, from: at.from, to: at.to });
    }
    const owner = this.scope.owner(name) ?? scope;
    owner.bind(name);
    const isSameList = owner.texts.get(name)?.list === this.steps;
    const text =
      value.kind === 'text' || value.kind === 'names' ? value.text : undefined;
    if (text !== undefined && (isSameList || !owner.texts.has(name))) {
      owner.texts.set(name, { text, list: this.steps });
    } else {
      owner.texts.set(name, { text: { kind: 'unknown' }, list: this.steps });
    }
    owner.values.set(name, value.kind === 'parts' ? value.value : value);
    const body =
      value.kind === 'function'
        ? value.body
        : value.kind === 'class'
          ? Object.values(value.methods).flatMap(mayRun)
          : null;
    if (body !== null) {
      const signature =
        value.kind === 'function' && value.parameters !== undefined
          ? { parameters: value.parameters, isBound: value.isBound ?? true }
          : null;
      const isProperty = value.kind === 'function' && value.isProperty === true;
      owner.addBody(name, body, signature, isProperty);
      if (owner.early.has(name)) {
        this.steps.push(...mayRun(owner.bodies.get(name)?.steps ?? []));
      }
    }
  }

  /** The text that a local name holds. */
  localText(name: string): Text | undefined {
    const known = this.scope.owner(name)?.texts.get(name);
    return known?.text.kind === 'unknown' ? undefined : known?.text;
  }

  delete(name: string, at: IRange): void {
    if (this.scope.bindsGlobal(name)) {
      this.emit({ kind: 'delete', name, from: at.from, to: at.to });
      this.bound.delete(name);
      return;
    }
    const scope = this.scope.body;
    const held = scope.holds(name);
    if (scope.kind === 'class' && held !== 'yes' && !this.guards.names) {
      const inClass = held === 'no' ? 'unbound' : 'maybe';
      this.emit({ kind: 'delete', name, inClass, from: at.from, to: at.to });
    }
    scope.unbind(name);
  }

  /** Calls the first of some methods that the object has which a name holds, or, where `isMadeHere`, an object of the class that it holds. */
  method(
    name: string,
    at: IRange,
    methods: readonly string[],
    {
      how = 'call',
      isMadeHere = false,
      isInherited = false,
      given
    }: Partial<
      Pick<IMethodUse, 'how' | 'isMadeHere' | 'isInherited' | 'given'>
    > = {}
  ): void {
    const owner = this.scope.owner(name);
    const value = owner?.values.get(name);
    const { from, to } = at;
    const emit = (of: string | null, made: boolean): void =>
      this.emit({
        kind: 'method',
        of,
        isMadeHere: made,
        methods,
        how,
        isInherited,
        ...(given === undefined ? {} : { given }),
        from,
        to
      });
    if (isInherited) {
      emit(null, false);
    } else if (owner === null) {
      emit(name, isMadeHere);
    } else if (owner.self === name) {
      emit(null, isMadeHere);
    } else if (value?.kind === 'names' && value.made !== undefined) {
      const [one] = value.names;
      if (value.names.length === 1 && this.scope.readsGlobal(one)) {
        emit(one, value.made === 'call' || isMadeHere);
      }
    }
  }

  /** Changes the object that a name holds. */
  mutate(name: string, at: IRange, part?: IMutate['part']): void {
    if (this.scope.readsGlobal(name)) {
      const { from, to } = at;
      this.emit({ kind: 'mutate', name, ...(part && { part }), from, to });
    }
  }

  /** Takes the steps of a name that is local: what it runs where it is called, or may run once it is handed on. */
  private useLocal(
    owner: Scope,
    name: string,
    at: IRange,
    how: IUse['how'],
    attributes: readonly string[],
    given?: readonly IGiven[]
  ): void {
    if (owner.self === name) {
      // `cls(…)` makes an object of the class.
      const methods = attributes.length > 0 ? attributes.slice(0, 1) : MAKING;
      if (attributes.length > 0 || how === 'call') {
        this.method(name, at, methods, {
          how: attributes.length > 1 ? 'read' : how,
          given
        });
      }
      return;
    }
    const value = owner.values.get(name);
    if (value?.kind === 'names' && value.made !== undefined) {
      // `a.m()` of `a = A()` runs what `A.m(a)` runs.
      const isSame = value.made === 'alias' || attributes.length > 0;
      for (const one of isSame && how !== 'read' ? value.names : []) {
        if (this.scope.readsGlobal(one)) {
          this.use(one, at, how, attributes, given);
        }
      }
      return;
    }
    const body = owner.bodies.get(name);
    const caller = this.scope.body;
    if (body === undefined) {
      if (owner.kind === 'function' && how !== 'read') {
        owner.early.add(name);
      }
    } else if (how === 'call' && !body.callers.has(caller)) {
      body.callers.add(caller);
      this.steps.push(...withoutReturns(body.steps));
    } else if (
      how !== 'call' &&
      !body.givers.has(caller) &&
      !body.callers.has(caller)
    ) {
      body.givers.add(caller);
      this.steps.push(...mayRun(body.steps));
    }
  }

  steps: Step[] = [];
  private isAnnotation = false;
}

/** The first child of a type. */
export function child(node: INode, type: string): INode | undefined {
  return node.children.find(one => one.type === type);
}
