import type { ISignature, Step, Text, Value } from './facts';
import { mayRun, sizeOf } from './inline';

/** Names that a stretch of code binds in its own scope, and what it says of other scopes. */
export interface IBindings {
  readonly locals: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
}

export type ScopeKind =
  'module' | 'function' | 'class' | 'comprehension' | 'type';

/** What a name that is local to a function holds: what runs when it is called, or the global names that it is made of. */
export interface ILocalBody {
  readonly steps: readonly Step[];
  /** Of a method; null where nobody can tell what it is given. */
  readonly signature: ISignature | null;
  readonly isProperty: boolean;
  /** The scopes that have told its steps already, by a call and by handing it on: once each is enough. */
  readonly callers: Set<Scope>;
  readonly givers: Set<Scope>;
}

/** How many steps of local functions are put where they are called; more would be put there again and again. */
const MOST_STEPS = 2000;

/** A scope of Python names, in which a name is either global or of no concern to other cells. */
export class Scope {
  constructor(
    readonly kind: ScopeKind,
    readonly parent: Scope | null,
    private readonly bindings: IBindings
  ) {
    if (kind === 'class') {
      this.bound.add('__module__').add('__qualname__');
      bindings.locals.add('__module__').add('__qualname__');
    }
  }

  /** Whether reading a name here reads a global. */
  readsGlobal(name: string): boolean {
    if (this.kind === 'module' || this.bindings.globals.has(name)) {
      return true;
    }
    if (this.bindings.nonlocals.has(name)) {
      return false;
    }
    if (this.bindings.locals.has(name)) {
      // In a class, what is not yet bound is looked up among the globals.
      return this.kind === 'class' && !this.bound.has(name);
    }
    return this.outer().readsGlobal(name);
  }

  /** Whether binding a name here, other than by a comprehension's own targets, binds a global. */
  bindsGlobal(name: string): boolean {
    return this.kind === 'comprehension' || this.kind === 'type'
      ? this.bindings.locals.has(name)
        ? false
        : (this.parent?.bindsGlobal(name) ?? true)
      : this.kind === 'module' || this.bindings.globals.has(name);
  }

  /** A class's names are bound from here on. */
  bind(name: string): void {
    this.bound.add(name);
    this.everBound.add(name);
  }

  /** Of a class, whether `del` finds the name here. */
  holds(name: string): 'yes' | 'maybe' | 'no' {
    return this.bound.has(name)
      ? 'yes'
      : this.everBound.has(name)
        ? 'maybe'
        : 'no';
  }

  unbind(name: string): void {
    this.bound.delete(name);
  }

  /** Where a name that is not global lives; null when it is global. */
  owner(name: string): Scope | null {
    if (this.readsGlobal(name)) {
      return null;
    }
    return this.kind !== 'module' && this.bindings.locals.has(name)
      ? this
      : this.outer().owner(name);
  }

  /** The next scope outwards that is no comprehension's and no type parameters': the one that `:=` binds in. */
  get body(): Scope {
    return this.kind === 'comprehension' || this.kind === 'type'
      ? (this.parent?.body ?? this)
      : this;
  }

  /** Functions and classes bound here, by name; of function scopes only. */
  readonly bodies = new Map<string, ILocalBody>();
  /** Texts bound here, by name, with the list of steps in which they were; of function scopes only. */
  readonly texts = new Map<
    string,
    { readonly text: Text; readonly list: readonly Step[] }
  >();

  /** Values made of global names, by name; of function scopes only. */
  readonly values = new Map<string, Value>();
  /** Names that were called before they were bound, as in functions that call each other. */
  readonly early = new Set<string>();

  /** Keeps what a function or class runs; of several by one name, as in `if` and `else`, each may. */
  addBody(
    name: string,
    body: readonly Step[],
    signature: ISignature | null,
    isProperty = false
  ): void {
    const known = this.bodies.get(name)?.steps;
    const steps =
      known === undefined ? body : [...mayRun(known), ...mayRun(body)];
    this.bodies.set(name, {
      steps: sizeOf(steps) > MOST_STEPS ? [] : steps,
      signature: known === undefined ? signature : null,
      isProperty,
      callers: new Set(),
      givers: new Set()
    });
  }

  /** Scopes of classes are seen by their own code only, and by type parameters. */
  private outer(): Scope {
    let scope = this.parent;
    while (
      scope?.parent != null &&
      scope.kind === 'class' &&
      this.kind !== 'type'
    ) {
      scope = scope.parent;
    }
    return scope ?? this;
  }

  /** Of a method, the parameter that holds the object. */
  self: string | null = null;
  private readonly bound = new Set<string>();
  private readonly everBound = new Set<string>();
}

/** Nothing bound. */
export function noBindings(locals: Iterable<string> = []): IBindings {
  return { locals: new Set(locals), globals: new Set(), nonlocals: new Set() };
}
