import type { IMethodUse } from '../python/facts';
import { classOf, methodCalled } from './calls';
import type { ICallee } from './calls';
import { givenTo, keyOf, NOTHING_GIVEN } from './given';
import type { GivenTexts } from './given';
import type { NameTable } from './name-table';
import type { IClassObject } from './values';

/** What a body runs with, besides the names. */
export interface IFrame {
  /** What its parameters were given. */
  readonly given: GivenTexts;
  /** Of a method, the class of the object; null where that cannot be told. */
  readonly self: IClassObject | null;
  /** Of a method, the class that defines it. */
  readonly definedIn: IClassObject | null;
  /** The same for frames in which a body does the same. */
  readonly key: string;
}

/** Outside functions. */
export const OUTERMOST: IFrame = {
  given: NOTHING_GIVEN,
  self: null,
  definedIn: null,
  key: ''
};

/** What a call gives the body that it runs. */
export function frameOf(
  { callable, arrival, self }: ICallee,
  table: NameTable,
  outer: IFrame
): IFrame {
  const given = givenTo(callable.signature, arrival, table, outer.given);
  const definedIn = callable.definedIn ?? null;
  return { given, self, definedIn, key: keyOf(given) };
}

/** Whether a body does the same in both. */
export function sameFrame(a: IFrame, b: IFrame): boolean {
  return a.key === b.key && a.self === b.self;
}

/** The methods that a step calls by what holds the object. */
export function methodsCalled(
  step: IMethodUse,
  { self, definedIn }: IFrame,
  table: NameTable
): readonly ICallee[] {
  const { of, isMadeHere, isInherited } = step;
  const owner = of === null ? self : classOf(table.get(of).held, isMadeHere);
  if (!owner || (isInherited && !definedIn)) {
    return [];
  }
  return methodCalled(owner, step, isInherited ? definedIn : null);
}
