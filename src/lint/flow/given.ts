import type { IGiven } from '../python/facts';
import type { NameTable } from './name-table';
import { patternOf } from './evaluate';
import type { PathPattern } from './patterns';
import type { IHeldSignature } from './values';

/** What the parameters of the function that runs were given, by their ids; those are missing that cannot be told. */
export type GivenTexts = ReadonlyMap<string, PathPattern>;

/** Outside functions, and in those of which nobody can tell what they are given. */
export const NOTHING_GIVEN: GivenTexts = new Map();

/** How a body is called, as far as its parameters are concerned. */
export interface IArrival {
  readonly given: readonly IGiven[];
  /** Whether the object whose method it is comes first, though the call does not name it. */
  readonly hasOwner: boolean;
}

/** What a call gives the parameters, by names and texts as they are now, in a function that was itself given something. */
export function givenTo(
  signature: IHeldSignature | null,
  arrival: IArrival | null,
  table: NameTable,
  outer: GivenTexts,
  depth = 0
): GivenTexts {
  if (!signature || !arrival || signature.parameters.length === 0) {
    return NOTHING_GIVEN;
  }
  const { given, hasOwner } = arrival;
  const texts = new Map<string, PathPattern>();
  const positional = given.filter(
    ({ keyword, star }) => keyword === undefined && star !== '**'
  );
  const spread = positional.findIndex(({ star }) => star === '*');
  const spreads = given.some(({ star }) => star !== '');
  const first = hasOwner && signature.isBound ? 1 : 0;
  signature.parameters.forEach(({ name, id, takes }, i) => {
    const at = i - first;
    if (takes === 'rest' || at < 0) {
      return;
    }
    const named = given.find(({ keyword }) => keyword === name);
    const placed =
      takes === 'any' && (spread < 0 || at < spread)
        ? positional.at(at)
        : undefined;
    const found = named ?? placed;
    const text = found
      ? patternOf(found.text, table, outer, depth)
      : spreads
        ? null
        : signature.defaults.get(id);
    if (text?.some(piece => piece !== null)) {
      texts.set(id, text);
    }
  });
  return texts;
}

/** The same text for the same texts given. */
export function keyOf(given: GivenTexts): string {
  return given.size === 0 ? '' : JSON.stringify([...given]);
}
