import type { Parts, Text } from '../python/facts';
import type { IArrival } from './given';
import type { NameTable } from './name-table';
import { ANYTHING, isSymbol } from './patterns';
import type { PathPattern } from './patterns';
import { UNKNOWN_HELD } from './values';
import type { IHeld, IObjectParts } from './values';

/** Under this, which is no name of Python, and its id, the table keeps what an object holds, so that all its names see it change. */
const OBJECT = '%object ';

/** Objects that stand for others are looked through so often. */
const DEEPEST = 4;

/**
 * Keep an object of texts.
 *
 * @param id The same in each run of the same code.
 * @param base The object that has what this one has not.
 */
export function keepObject(
  id: string,
  own: ReadonlyMap<string, PathPattern>,
  base: string | null,
  cell: number,
  table: NameTable
): void {
  setParts(id, { own, base }, cell, table);
}

/** The texts of parts, at the time at which they are put together. */
export function ownParts(
  parts: Parts,
  textOf: (text: Text) => PathPattern
): ReadonlyMap<string, PathPattern> {
  return new Map(
    Object.entries(parts).map(([key, text]) => [key, textOf(text)])
  );
}

/** What making an object of a dataclass sets; null when that cannot be told. */
export function fieldParts(
  fields: ReadonlyMap<string, PathPattern>,
  { given }: Pick<IArrival, 'given'>,
  textOf: (text: Text) => PathPattern
): ReadonlyMap<string, PathPattern> | null {
  if (given.some(({ star }) => star !== '')) {
    return null;
  }
  const positional = given.filter(({ keyword }) => keyword === undefined);
  return new Map(
    [...fields].map(([name, fallback], i) => {
      const found =
        given.find(({ keyword }) => keyword === name) ?? positional.at(i);
      return [`.${name}`, found ? textOf(found.text) : fallback];
    })
  );
}

/** What stands under an attribute or item of what a name holds. */
export function partPattern(
  { of, key }: Extract<Text, { readonly kind: 'part' }>,
  table: NameTable
): PathPattern {
  const { presence, held, importText } = table.get(of);
  if (presence !== 'yes') {
    return ANYTHING;
  }
  if (held.objects.length > 0) {
    return held.objects.length === 1
      ? ownPart(held.objects[0], key, table, 0)
      : ANYTHING;
  }
  const symbol = held.text?.length === 1 ? held.text[0] : null;
  const owner = isSymbol(symbol)
    ? symbol.key
    : held.text === null
      ? importText
      : null;
  return owner === null
    ? ANYTHING
    : [
        {
          key: JSON.stringify([owner, key]),
          text: `{${of}${key}}`,
          isText: false,
          isAbsolute: false
        }
      ];
}

function ownPart(
  id: string,
  key: string,
  table: NameTable,
  depth: number
): PathPattern {
  const { presence, held } = table.get(OBJECT + id);
  if (presence !== 'yes' || !held.parts) {
    return ANYTHING;
  }
  const { own, base } = held.parts;
  return (
    own.get(key) ??
    (base !== null && depth < DEEPEST
      ? ownPart(base, key, table, depth + 1)
      : ANYTHING)
  );
}

/**
 * Change what a name holds.
 *
 * @param part The attribute or item that is set; null where it may be any.
 */
export function changeObject(
  name: string,
  part: { readonly key: string; readonly text: PathPattern } | null,
  cell: number,
  table: NameTable
): void {
  const slot = table.get(name);
  const { objects, text } = slot.held;
  if (part && objects.length === 1) {
    const [id] = objects;
    const { parts } = table.get(OBJECT + id).held;
    if (parts) {
      const own = new Map([...parts.own, [part.key, part.text] as const]);
      setParts(id, { own, base: parts.base }, cell, table);
    }
    return;
  }
  forgetObjects(slot.held, cell, table);
  const isOpaque = text === null ? slot.importText !== null : isSymbol(text[0]);
  if (objects.length === 0 && isOpaque) {
    // From now on, its parts are others than they were.
    table.set(name, { ...slot, held: { ...slot.held, text: ANYTHING } });
  }
}

/** From here on, nobody can tell what the objects hold. */
export function forgetObjects(
  { objects }: IHeld,
  cell: number,
  table: NameTable
): void {
  for (const id of objects) {
    setParts(id, null, cell, table);
  }
}

function setParts(
  id: string,
  parts: IObjectParts | null,
  cell: number,
  table: NameTable
): void {
  table.set(OBJECT + id, {
    presence: 'yes',
    cells: [cell],
    held: { ...UNKNOWN_HELD, parts },
    importText: null
  });
}
