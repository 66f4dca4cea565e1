import type { IEnvironmentChange, Place, Text } from '../python/facts';
import { givenTo } from './given';
import type { GivenTexts } from './given';
import { UNBOUND } from './name-table';
import type { NameTable } from './name-table';
import { partPattern } from './objects';
import {
  ANYTHING,
  isAbsolute,
  isSymbol,
  joined,
  knownText,
  NOTEBOOK_FOLDER,
  patternKey,
  patternText
} from './patterns';
import type { ISymbol, PathPattern } from './patterns';
import { UNKNOWN_HELD } from './values';
import type { IFunctionObject } from './values';

/** What functions give back is followed through so many others. */
const DEEPEST = 6;

/**
 * What a text is at a time of a run.
 *
 * @param given What the function that runs was given.
 * @param depth Through how many functions it comes that give texts back.
 */
export function patternOf(
  text: Text,
  table: NameTable,
  given: GivenTexts,
  depth = 0
): PathPattern {
  switch (text.kind) {
    case 'literal':
      return [text.value];
    case 'name': {
      const slot = table.get(text.name);
      return slot.presence === 'yes' && slot.held.text
        ? slot.held.text
        : ANYTHING;
    }
    case 'parameter':
      return given.get(text.id) ?? ANYTHING;
    case 'join':
      return joined(
        text.parts.map(part => patternOf(part, table, given, depth)),
        text.separator
      );
    case 'environment':
      return variablePattern(text, table);
    case 'place':
      return placePattern(text.place, table);
    case 'part':
      return partPattern(text, table);
    case 'call':
      return depth > DEEPEST ? ANYTHING : givenBack(text, table, given, depth);
    case 'either':
    case 'unknown':
      return ANYTHING;
  }
}

/** Under these, which are no names of Python, the table keeps variables of the environment once they are set. */
const VARIABLE = '%env ';
const ANY_VARIABLE = '%env';

function variablePattern(
  { name }: Extract<Text, { readonly kind: 'environment' }>,
  table: NameTable
): PathPattern {
  const { presence, held } = table.get(VARIABLE + name);
  if (presence === 'maybe' || table.get(ANY_VARIABLE).presence !== 'no') {
    return ANYTHING;
  }
  return presence === 'yes'
    ? (held.text ?? ANYTHING)
    : [
        {
          key: `$${name}`,
          text: `$${name}`,
          isText: true,
          isAbsolute: false
        }
      ];
}

/** Set a variable of the environment, or any. */
export function changeEnvironment(
  { name, text }: IEnvironmentChange,
  cell: number,
  table: NameTable,
  given: GivenTexts
): void {
  table.set(name === null ? ANY_VARIABLE : VARIABLE + name, {
    presence: 'yes',
    cells: [cell],
    held: { ...UNKNOWN_HELD, text: patternOf(text, table, given) },
    importText: null
  });
}

const PLACES: Readonly<Record<Exclude<Place, 'folder'>, ISymbol>> = {
  home: place('home', '~', true),
  temporary: place('temporary', '{tempdir}', true),
  user: place('user', '{user}', false),
  host: place('host', '{host}', false)
};

function place(key: string, text: string, isPath: boolean): ISymbol {
  return { key, text, isText: true, isAbsolute: isPath };
}

function placePattern(where: Place, table: NameTable): PathPattern {
  if (where !== 'folder') {
    return [PLACES[where]];
  }
  const { presence, held } = table.get(FOLDER);
  return presence === 'no'
    ? [NOTEBOOK_FOLDER]
    : presence === 'yes' && held.text
      ? joined([[NOTEBOOK_FOLDER], held.text], '/')
      : ANYTHING;
}

/** What a function gives back: what its last line says, or the same for the same arguments, as far as anybody can tell. */
function givenBack(
  { name, attributes, given }: Extract<Text, { readonly kind: 'call' }>,
  table: NameTable,
  outer: GivenTexts,
  depth: number
): PathPattern {
  const { presence, importText } = table.get(name);
  const callee = calledFunction(name, attributes, table);
  if (presence !== 'yes' || (!callee && importText === null)) {
    return ANYTHING;
  }
  if (callee?.gives && callee.wrappers.length === 0) {
    const arrival = { given, hasOwner: false };
    const inner = givenTo(callee.signature, arrival, table, outer, depth + 1);
    const text = patternOf(callee.gives, table, inner, depth + 1);
    if (text.some(piece => piece !== null)) {
      return text;
    }
  }
  const texts = given.map(each =>
    patternOf(each.text, table, outer, depth + 1)
  );
  if (texts.some(text => text.includes(null))) {
    return ANYTHING;
  }
  const called = [name, ...attributes].join('.');
  const shown = texts.map((text, i) => {
    const { keyword } = given[i];
    const value = patternText(text, '…');
    return keyword === undefined ? value : `${keyword}=${value}`;
  });
  return [
    {
      key: JSON.stringify([
        importText ?? callee?.cell ?? null,
        called,
        texts.map(patternKey),
        given.map(({ keyword }) => keyword ?? null)
      ]),
      text: `{${called}(${shown.join(', ')})}`,
      isText: false,
      isAbsolute: false
    }
  ];
}

/** The function that a name holds for certain; null when it holds another thing, or may. */
function calledFunction(
  name: string,
  attributes: readonly string[],
  table: NameTable
): IFunctionObject | null {
  const { presence, held } = table.get(name);
  return presence === 'yes' &&
    held.isDirect &&
    held.functions.length === 1 &&
    held.classes.length === 0 &&
    attributes.length === 0
    ? held.functions[0]
    : null;
}

/** What a text is, or, of a function with several returns, what it may be. */
function patternsOf(
  text: Text,
  table: NameTable,
  outer: GivenTexts
): readonly PathPattern[] {
  const callee =
    text.kind === 'call'
      ? calledFunction(text.name, text.attributes, table)
      : null;
  if (
    text.kind !== 'call' ||
    callee?.gives?.kind !== 'either' ||
    callee.wrappers.length > 0
  ) {
    return [patternOf(text, table, outer)];
  }
  const arrival = { given: text.given, hasOwner: false };
  const inner = givenTo(callee.signature, arrival, table, outer, 1);
  return callee.gives.of.map(each => patternOf(each, table, inner, 1));
}

/** Under this, which is no name of Python, the table keeps the working folder, once it is not that of the notebook. */
const FOLDER = '%cd';

/** What the path of a file is at a time of a run, as seen from the notebook's folder. */
export function filePattern(
  text: Text,
  table: NameTable,
  given: GivenTexts
): PathPattern {
  return placedPattern(patternOf(text, table, given), table);
}

/** The paths that a file may have: one, or those at the several returns of the function that gives it. */
export function filePatterns(
  text: Text,
  table: NameTable,
  given: GivenTexts
): readonly PathPattern[] {
  return patternsOf(text, table, given).map(path => placedPattern(path, table));
}

function placedPattern(path: PathPattern, table: NameTable): PathPattern {
  if (isAbsolute(path)) {
    return fromNotebook(path);
  }
  const { presence, held } = table.get(FOLDER);
  // What begins with what is not known may be absolute.
  if (presence === 'no' || path[0] === null || isSymbol(path[0])) {
    return path;
  }
  return presence === 'yes' && held.text
    ? joined([held.text, path], '/')
    : joined([ANYTHING, path], '');
}

/** A path that begins at the folder of the notebook, without saying so. */
function fromNotebook(path: PathPattern): PathPattern {
  const [first, second, ...others] = path;
  if (!isSymbol(first) || first.key !== NOTEBOOK_FOLDER.key) {
    return path;
  }
  if (second === undefined) {
    return ['.'];
  }
  if (typeof second !== 'string' || !second.startsWith('/')) {
    return joined([ANYTHING, [second, ...others]], '');
  }
  const rest = second.replace(/^\/+/, '');
  return rest === '' && others.length > 0 ? others : [rest, ...others];
}

/** Change the working folder, to one that is known or to one of which nothing is. */
export function enterFolder(
  text: Text,
  cell: number,
  table: NameTable,
  given: GivenTexts
): void {
  const folder = filePattern(text, table, given);
  table.set(FOLDER, {
    ...UNBOUND,
    presence: 'yes',
    cells: [cell],
    held: { ...UNKNOWN_HELD, text: knownText(folder) === null ? null : folder }
  });
}
