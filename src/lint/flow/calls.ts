import type { IMethodUse, IUse } from '../python/facts';
import type { IArrival } from './given';
import type { Certainty } from './run-flow';
import { allMethods, findMethod } from './values';
import type { IClassObject, IFunctionObject, IHeld } from './values';

/** A body that a use runs, or may run. */
export interface ICallee {
  readonly callable: IFunctionObject;
  readonly certainty: Certainty;
  /** How it is called, where that is told. */
  readonly arrival: IArrival | null;
  /** Of a method, the class of the object. */
  readonly self: IClassObject | null;
}

/** What calling a class runs. */
const CONSTRUCTORS = ['__new__', '__init__', '__post_init__'];

/**
 * The bodies that reading, calling or handing over a name runs, by what it holds.
 *
 * #### Notes
 * A method may call any other method of its object, which no fact tells: with one, all others may run.
 */
export function callsOf(held: IHeld, use: IUse): readonly ICallee[] {
  const attribute = use.attributes[use.attributes.length - 1];
  if (attribute !== undefined) {
    return attributeCalls(held, use, attribute);
  }
  if (!held.isDirect) {
    // Operators, loops and printing call what is named with two underscores.
    return use.how === 'read'
      ? each(methodsOf(held.classes, /^__/), 'maybe')
      : [
          ...(held.isInstance && use.how === 'call'
            ? methodCalled(
                held.classes[0],
                {
                  methods: ['__call__'],
                  how: 'call',
                  given: use.given
                },
                null
              )
            : []),
          ...each([...held.functions, ...methodsOf(held.classes)], 'maybe')
        ];
  }
  if (use.how === 'read') {
    return [];
  }
  const isAlone = held.functions.length + held.classes.length === 1;
  // What is handed over is called sooner or later, or there was no use in it.
  const certainty =
    use.how === 'argument' ? 'likely' : isAlone ? 'certain' : 'maybe';
  return [
    ...each(held.functions, certainty, arrivalOf(use, false)),
    ...each(
      held.functions.flatMap(({ wrappers }) => wrappers),
      // Where it is decorated, it is handed over, but what comes of that is not called.
      certainty === 'certain' ? 'certain' : 'maybe'
    ),
    ...held.classes.flatMap(owner =>
      construction(owner, certainty, arrivalOf(use, true))
    )
  ];
}

/** `name.attribute`, read or called: a method, or a property. */
function attributeCalls(
  held: IHeld,
  use: IUse,
  attribute: string
): readonly ICallee[] {
  const found = held.classes.flatMap(owner => {
    const method = findMethod(owner, attribute);
    return method ? [{ owner, method }] : [];
  });
  const isAlone =
    found.length === 1 &&
    held.classes.length === 1 &&
    use.attributes.length === 1;
  const isRun = use.how === 'call' || found.length > 0;
  const others =
    isRun && !held.isDirect ? held.classes : found.map(({ owner }) => owner);
  const certainty = (owner: IClassObject): Certainty =>
    !isAlone
      ? 'maybe'
      : use.how === 'call' || owner.properties.has(attribute)
        ? 'certain'
        : use.how === 'argument'
          ? 'likely'
          : // It may only be looked at.
            'maybe';
  return [
    ...found.flatMap(({ owner, method }) =>
      each(
        [method],
        certainty(method.definedIn ?? owner),
        use.attributes.length === 1 ? arrivalOf(use, !held.isDirect) : null,
        owner
      )
    ),
    ...each(methodsOf(others), 'maybe'),
    // `f.delayed()`, `f.map(…)`, `f.cache_clear()`
    ...(use.how === 'call' && held.isDirect
      ? each(held.functions, 'maybe')
      : [])
  ];
}

/** What making an instance runs, and what may be done with it at once. */
function construction(
  owner: IClassObject,
  certainty: Certainty,
  arrival: IArrival | null
): readonly ICallee[] {
  const run = CONSTRUCTORS.flatMap(name => findMethod(owner, name) ?? []);
  return [
    ...each(run, certainty, arrival, owner),
    ...each(methodsOf([owner]), 'maybe')
  ];
}

function methodsOf(
  classes: readonly IClassObject[],
  named = /^/
): readonly IFunctionObject[] {
  return classes.flatMap(owner =>
    allMethods(owner)
      .filter(([name]) => named.test(name) && !CONSTRUCTORS.includes(name))
      .map(([, method]) => method)
  );
}

function each(
  callables: readonly IFunctionObject[],
  certainty: Certainty,
  arrival: IArrival | null = null,
  self: IClassObject | null = null
): readonly ICallee[] {
  return callables.map(callable => ({ callable, certainty, arrival, self }));
}

/** The method of an object that a step calls: the first that its class has, or inherits from what comes after another class. */
export function methodCalled(
  owner: IClassObject,
  { methods, how, given }: Pick<IMethodUse, 'methods' | 'how' | 'given'>,
  after: IClassObject | null
): readonly ICallee[] {
  for (const name of methods) {
    const method = findMethod(owner, name, after);
    if (method) {
      const isRun =
        how === 'call' || method.definedIn?.properties.has(name) === true;
      return each(
        [method],
        isRun ? 'certain' : 'likely',
        arrivalOf({ how, given }, true),
        owner
      );
    }
  }
  return [];
}

/** The one class of the objects that a name holds, or that calling it makes; null where there is none, or more. */
export function classOf(held: IHeld, isMadeHere: boolean): IClassObject | null {
  const isAlone = held.classes.length === 1 && held.functions.length === 0;
  return isAlone && (isMadeHere ? held.isDirect : held.isInstance)
    ? held.classes[0]
    : null;
}

function arrivalOf(
  { how, given }: Pick<IUse, 'how' | 'given'>,
  hasOwner: boolean
): IArrival | null {
  return how === 'call' && given ? { given, hasOwner } : null;
}
