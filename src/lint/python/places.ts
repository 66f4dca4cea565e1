import type { IArgument } from './calls';
import { dottedName, inner } from './expressions';
import type { IEnvironmentChange, Place, Text } from './facts';
import { stringValue } from './literals';
import { join, textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** Functions that say where, or for whom, the code runs. */
const PLACES: readonly (readonly [RegExp, Place])[] = [
  [/^(?:pathlib\.)?(?:P|Path|PosixPath|WindowsPath)\.home$/, 'home'],
  [/^(?:tempfile\.)?gettempdir$/, 'temporary'],
  [/^(?:getpass\.getuser|getuser|os\.getlogin)$/, 'user'],
  [/^(?:socket\.gethostname|gethostname|platform\.node)$/, 'host'],
  [
    /^(?:os\.getcwd|getcwd|(?:pathlib\.)?(?:P|Path|PosixPath|WindowsPath)\.cwd)$/,
    'folder'
  ]
];

const HOME: Text = { kind: 'place', place: 'home' };

const UNKNOWN_TEXT: Text = { kind: 'unknown' };

/** The text that only the run tells, but always the same, by the function that is called; null when it is no such function. */
export function placeText(
  walk: Walk,
  name: string,
  args: readonly IArgument[]
): Text | null {
  const root = name.split('.')[0];
  if (!walk.scope.readsGlobal(root) && !walk.imports.has(root)) {
    return null;
  }
  if (/^(?:os\.getenv|getenv|(?:os\.)?environ\.get)$/.test(name)) {
    // Where there is no such variable, those that name no other text fail.
    const [variable] = args;
    const text =
      variable === undefined
        ? UNKNOWN_TEXT
        : textOf(walk, variable.node, 'value');
    return text.kind === 'literal'
      ? { kind: 'environment', name: text.value }
      : UNKNOWN_TEXT;
  }
  const place = args.length > 0 ? null : PLACES.find(([is]) => is.test(name));
  return place ? { kind: 'place', place: place[1] } : null;
}

/** `os.environ["X"]`, or an attribute or item of what a global name holds. */
export function memberText(walk: Walk, node: INode): Text {
  if (isEnvironment(walk, node.children[0])) {
    const name = keyText(walk, node);
    return name === null ? UNKNOWN_TEXT : { kind: 'environment', name };
  }
  const key = keyOf(walk, node);
  return partText(walk, node.children[0], key);
}

/** What stands under a key of what a node names. */
export function partText(walk: Walk, node: INode, key: string | null): Text {
  const owner = inner(node);
  const name = owner.type === 'VariableName' ? walk.source.name(owner) : '';
  return key !== null && name !== '' && walk.scope.readsGlobal(name)
    ? { kind: 'part', of: name, key }
    : UNKNOWN_TEXT;
}

/** How an attribute or item is named: `.out`, `["out"]`, `[0]`; null when that cannot be told. */
export function keyOf(walk: Walk, node: INode): string | null {
  const [, sign, key, end] = node.children;
  if (key === undefined) {
    return null;
  }
  if (sign.type === '.') {
    return `.${walk.source.name(key)}`;
  }
  const text = walk.source.text(key).replace(/\s/g, '');
  if (end?.type === ']' && /^-?\d+$/.test(text)) {
    return `[${Number(text)}]`;
  }
  const name = keyText(walk, node);
  return name === null ? null : itemKey(name);
}

/** How an item under a text is named. */
export function itemKey(name: string): string {
  return `[${JSON.stringify(name)}]`;
}

/** The text in `x["text"]`. */
function keyText(walk: Walk, node: INode): string | null {
  const [, sign, key, end] = node.children;
  return sign?.type === '[' && key?.type === 'String' && end?.type === ']'
    ? stringValue(walk.source.text(key))
    : null;
}

function isEnvironment(walk: Walk, node: INode): boolean {
  const dotted = dottedName(node);
  return (
    dotted !== null &&
    /^(?:os\.)?environ$/.test(walk.source.text(node)) &&
    walk.scope.readsGlobal(walk.source.name(dotted.root))
  );
}

/** A text whose `~` at the beginning is the user's home. */
export function expandedUser(text: Text): Text {
  const [first, ...others] = text.kind === 'join' ? text.parts : [text];
  if (first.kind !== 'literal' || !first.value.startsWith('~')) {
    return text;
  }
  if (!/^~(?:\/|$)/.test(first.value)) {
    return UNKNOWN_TEXT;
  }
  const begun = join(
    [HOME, { kind: 'literal', value: first.value.slice(1) }],
    ''
  );
  return others.length === 0
    ? begun
    : join([begun, ...others], text.kind === 'join' ? text.separator : '');
}

/** A text whose `$NAME` at the beginning is a variable of the environment. */
export function expandedVariables(text: Text): Text {
  if (text.kind !== 'literal' || !text.value.includes('$')) {
    return text;
  }
  const [whole, plain, braced] =
    /^\$(?:(\w+)|\{(\w+)\})/.exec(text.value) ?? [];
  const name = plain ?? braced;
  const rest = text.value.slice(whole?.length);
  return name === undefined || rest.includes('$')
    ? UNKNOWN_TEXT
    : join(
        [
          { kind: 'environment', name },
          { kind: 'literal', value: rest }
        ],
        ''
      );
}

/** Says that a variable of the environment is set, where a target is one. */
export function setVariable(walk: Walk, target: INode, text: Text): void {
  if (isEnvironment(walk, target.children[0])) {
    change(walk, target, keyText(walk, target), text);
  }
}

/** Says what a call does to the environment. */
export function changeEnvironment(
  walk: Walk,
  node: INode,
  name: string,
  args: readonly IArgument[]
): void {
  if (/^(?:dotenv\.)?load_dotenv$/.test(name)) {
    change(walk, node, null, UNKNOWN_TEXT);
    return;
  }
  const method = /^(?:os\.)?environ\.(\w+)$/.exec(name)?.[1] ?? '';
  if (/^(?:setdefault|pop|__setitem__|__delitem__)$/.test(method)) {
    const variable = args[0] && textOf(walk, args[0].node, 'value');
    const known = variable?.kind === 'literal' ? variable.value : null;
    change(walk, node, known, UNKNOWN_TEXT);
  } else if (/^(?:update|clear|popitem)$/.test(method)) {
    change(walk, node, null, UNKNOWN_TEXT);
  }
}

/** `%env NAME=value`, `%set_env NAME value`; a name alone is read. */
export function environmentMagic(
  magic: string,
  args: string
): Pick<IEnvironmentChange, 'name' | 'text'> | null {
  if (magic.includes('dotenv')) {
    return { name: null, text: UNKNOWN_TEXT };
  }
  if (magic !== 'env' && magic !== 'set_env') {
    return null;
  }
  const [, name, value] = /^(\w+)(?:\s*=\s*|\s+)(\S.*)$/.exec(args) ?? [];
  return name === undefined
    ? null
    : {
        name,
        text: /[{$]/.test(value) ? UNKNOWN_TEXT : { kind: 'literal', value }
      };
}

function change(
  walk: Walk,
  { from, to }: INode,
  name: string | null,
  text: Text
): void {
  walk.emit({ kind: 'environment', name, text, from, to });
}
