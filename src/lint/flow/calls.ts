import type { IUse } from '../python/facts';
import { allMethods, findMethod } from './values';
import type { IClassObject, IFunctionObject, IHeld } from './values';

/** A body that a use runs, or may run. */
export interface ICallee {
  readonly callable: IFunctionObject;
  readonly certain: boolean;
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
  const isAlone = held.functions.length + held.classes.length === 1;
  switch (use.how) {
    case 'call':
      return held.isDirect
        ? [
            ...held.functions.map(callable => ({ callable, certain: isAlone })),
            ...held.classes.flatMap(each => construction(each, isAlone))
          ]
        : maybe([...held.functions, ...methodsOf(held.classes)]);
    case 'argument':
      return held.isDirect
        ? maybe([
            ...held.functions,
            ...held.classes.flatMap(each =>
              construction(each, false).map(({ callable }) => callable)
            )
          ])
        : maybe([...held.functions, ...methodsOf(held.classes)]);
    case 'read':
      // Operators, loops and printing call what is named with two underscores.
      return held.isDirect ? [] : maybe(methodsOf(held.classes, /^__/));
  }
}

/** `name.attribute`, read or called: a method, or a property. */
function attributeCalls(
  held: IHeld,
  use: IUse,
  attribute: string
): readonly ICallee[] {
  const found = held.classes
    .map(owner => ({ owner, method: findMethod(owner, attribute) }))
    .filter(({ method }) => method !== null);
  const certain =
    found.length === 1 &&
    held.classes.length === 1 &&
    use.attributes.length === 1 &&
    use.how !== 'argument';
  const direct = found.flatMap(({ method }) =>
    method ? [{ callable: method, certain }] : []
  );
  const isRun = use.how === 'call' || found.length > 0;
  return [
    ...direct,
    ...(isRun && !held.isDirect
      ? maybe(methodsOf(held.classes))
      : maybe(found.flatMap(({ owner }) => methodsOf([owner])))),
    // `f.delayed()`, `f.map(…)`, `f.cache_clear()`
    ...(use.how === 'call' && held.isDirect ? maybe(held.functions) : [])
  ];
}

function construction(
  owner: IClassObject,
  certain: boolean
): readonly ICallee[] {
  const run = CONSTRUCTORS.flatMap(name => {
    const method = findMethod(owner, name);
    return method ? [{ callable: method, certain }] : [];
  });
  return run.length > 0 ? [...run, ...maybe(methodsOf([owner]))] : [];
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

function maybe(callables: readonly IFunctionObject[]): readonly ICallee[] {
  return callables.map(callable => ({ callable, certain: false }));
}
