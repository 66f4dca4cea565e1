import type { ISignature, Step, Text } from '../python/facts';
import { samePattern } from './patterns';
import type { PathPattern } from './patterns';

/** A function as it is held by a name: its body runs with the names of the time of the call. */
export interface IFunctionObject {
  /** The cell that defines it. */
  readonly cell: number;
  readonly body: readonly Step[];
  /** What it takes; null where nobody can tell what it is given. */
  readonly signature: IHeldSignature | null;
  /** Of a method, the class that defines it. */
  readonly definedIn?: IClassObject;
  /** What runs when what it gives back is called; null where that is not a function of its own. */
  readonly returned: readonly Step[] | null;
  /** The text that it gives back, or those at its several returns; null where that cannot be told. */
  readonly gives: Text | null;
  /** What its decorators made of it, which runs when it is called. */
  readonly wrappers: readonly IFunctionObject[];
}

/** A signature, with what the defaults are. */
export interface IHeldSignature extends ISignature {
  /** By the id of a parameter that has a default that is a text. */
  readonly defaults: ReadonlyMap<string, PathPattern>;
}

/** A class as it is held by a name. */
export interface IClassObject {
  readonly cell: number;
  readonly methods: Readonly<Record<string, readonly Step[]>>;
  readonly signatures: ReadonlyMap<string, IHeldSignature>;
  readonly properties: ReadonlySet<string>;
  readonly bases: readonly IClassObject[];
  /** Of a dataclass, the fields that making an object sets, with their defaults, in order. */
  readonly fields: ReadonlyMap<string, PathPattern> | null;
}

/** What is known of what a name holds. */
export interface IHeld {
  /** Functions that it is, or that went into it. */
  readonly functions: readonly IFunctionObject[];
  readonly classes: readonly IClassObject[];
  /** Whether it is these functions or classes, and not an instance or another thing made with them. */
  readonly isDirect: boolean;
  /** Whether it is an object of its one class for certain. */
  readonly isInstance: boolean;
  /** The text or path that it is; null when that cannot be told. */
  readonly text: PathPattern | null;
  /** The objects that it may be, of those whose texts the table keeps; none when it may be another one. */
  readonly objects: readonly string[];
  /** What the table keeps of an object itself, under its id. */
  readonly parts: IObjectParts | null;
}

/** The texts that an object holds, under `.name`, `["name"]` or `[0]`. */
export interface IObjectParts {
  readonly own: ReadonlyMap<string, PathPattern>;
  /** The object that has what this one has not, as a class has it for its objects. */
  readonly base: string | null;
}

/** Nothing is known. */
export const UNKNOWN_HELD: IHeld = {
  functions: [],
  classes: [],
  isDirect: false,
  isInstance: false,
  text: null,
  objects: [],
  parts: null
};

/** As many functions and classes as a name may hold; with more, none of them is followed. */
const MOST_HELD = 12;

/** What a name holds that holds one or the other. */
export function joinHeld(values: readonly IHeld[]): IHeld {
  const [first, ...others] = values;
  if (first === undefined) {
    return UNKNOWN_HELD;
  }
  if (others.every(other => other === first)) {
    return first;
  }
  const functions = [...new Set(values.flatMap(value => value.functions))];
  const classes = [...new Set(values.flatMap(value => value.classes))];
  const isFew = functions.length + classes.length <= MOST_HELD;
  return {
    functions: isFew ? functions : [],
    classes: isFew ? classes : [],
    isDirect: values.every(value => value.isDirect),
    isInstance: values.every(value => value.isInstance),
    text: others.every(other => samePattern(other.text, first.text))
      ? first.text
      : null,
    objects: values.every(({ objects }) => objects.length > 0)
      ? [...new Set(values.flatMap(({ objects }) => objects))]
      : [],
    parts: joinParts(values.map(({ parts }) => parts))
  };
}

/** What is known of an object that has changed in one or the other way. */
function joinParts(all: readonly (IObjectParts | null)[]): IObjectParts | null {
  const [first, ...others] = all;
  if (
    !first ||
    !others.every(other => other !== null && other.base === first.base)
  ) {
    return null;
  }
  const keys = new Set(all.flatMap(parts => [...(parts?.own.keys() ?? [])]));
  const own = new Map<string, PathPattern>();
  for (const key of keys) {
    const text = first.own.get(key) ?? null;
    const isSame = others.every(other =>
      samePattern(other?.own.get(key) ?? null, text)
    );
    own.set(key, isSame && text !== null ? text : [null]);
  }
  return { own, base: first.base };
}

function sameParts(a: IObjectParts | null, b: IObjectParts | null): boolean {
  return (
    a === b ||
    (a !== null &&
      b !== null &&
      a.base === b.base &&
      a.own.size === b.own.size &&
      [...a.own].every(([key, text]) =>
        samePattern(text, b.own.get(key) ?? null)
      ))
  );
}

/** Whether two names hold the same, as far as is known. */
export function sameHeld(a: IHeld, b: IHeld): boolean {
  return (
    a === b ||
    (a.isDirect === b.isDirect &&
      a.isInstance === b.isInstance &&
      samePattern(a.text, b.text) &&
      sameItems(a.objects, b.objects) &&
      sameParts(a.parts, b.parts) &&
      sameItems(
        a.functions.map(({ body }) => body),
        b.functions.map(({ body }) => body)
      ) &&
      a.functions.every(({ signature }, i) =>
        sameDefaults(signature, b.functions[i].signature)
      ) &&
      a.functions.every(({ wrappers }, i) =>
        sameItems(
          wrappers.map(({ body }) => body),
          b.functions[i].wrappers.map(({ body }) => body)
        )
      ) &&
      sameItems(a.classes, b.classes))
  );
}

function sameDefaults(
  a: IHeldSignature | null,
  b: IHeldSignature | null
): boolean {
  return (
    a === b ||
    (a !== null &&
      b !== null &&
      a.defaults.size === b.defaults.size &&
      [...a.defaults].every(([id, text]) =>
        samePattern(text, b.defaults.get(id) ?? null)
      ))
  );
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** The method that a class has or inherits, by Python's order but for diamonds. */
export function findMethod(
  owner: IClassObject,
  name: string,
  after: IClassObject | null = null
): IFunctionObject | null {
  const classes = lineage(owner);
  // Of the class itself, and of what stands before the one that asks, `super()` sees nothing.
  const first = after ? classes.indexOf(after) + 1 : 0;
  for (const each of classes.slice(first)) {
    if (Object.hasOwn(each.methods, name)) {
      return methodOf(each, name);
    }
  }
  return null;
}

/** All methods of a class and of those it inherits from; overridden ones, too, since `super()` may call them. */
export function allMethods(
  owner: IClassObject
): readonly (readonly [name: string, method: IFunctionObject])[] {
  return lineage(owner).flatMap(each =>
    Object.keys(each.methods).map(name => [name, methodOf(each, name)] as const)
  );
}

function methodOf(owner: IClassObject, name: string): IFunctionObject {
  const { cell, methods, signatures } = owner;
  return {
    cell,
    body: methods[name],
    signature: signatures.get(name) ?? null,
    definedIn: owner,
    returned: null,
    gives: null,
    wrappers: []
  };
}

/** A class and all that it inherits from, each once. */
function lineage(owner: IClassObject): readonly IClassObject[] {
  const found = new Set<IClassObject>();
  const visit = (each: IClassObject): void => {
    if (!found.has(each)) {
      found.add(each);
      each.bases.forEach(visit);
    }
  };
  visit(owner);
  return [...found];
}
