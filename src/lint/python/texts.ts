import { argumentsOf } from './calls';
import { dottedName, inner } from './expressions';
import type { Text } from './facts';
import { stringValue } from './literals';
import {
  expandedUser,
  expandedVariables,
  itemKey,
  memberText,
  partText,
  placeText
} from './places';
import type { INode } from './tree';
import type { Walk } from './walk';

const UNKNOWN_TEXT: Text = { kind: 'unknown' };

/** Whether nothing says that an expression is a text at all: what is called or held may be anything. */
export function isUnknownText(text: Text): boolean {
  return (
    ['unknown', 'part', 'call'].includes(text.kind) ||
    (text.kind === 'join' && text.parts.every(isUnknownText))
  );
}

/** Whether nothing is known of a text, and nothing will be when the code runs. */
export function isNoText(text: Text): boolean {
  return (
    text.kind === 'unknown' ||
    (text.kind === 'join' && text.parts.every(isNoText))
  );
}

/**
 * The text or path that an expression makes, as far as it can be told without running it; emits nothing.
 *
 * @param use - A `path` is wanted as a path, so that `a / b` joins; of a `value` that is known only where a text is in it.
 */
export function textOf(walk: Walk, node: INode, use: 'path' | 'value'): Text {
  const { source } = walk;
  const at = inner(node);
  switch (at.type) {
    case 'String':
      return stringText(source.text(at));
    case 'FormatString':
      return formatText(walk, at);
    case 'ContinuedString':
      return join(
        at.children.map(child => textOf(walk, child, use)),
        ''
      );
    case 'Number':
      return use === 'value' && /^\d+$/.test(source.text(at))
        ? { kind: 'literal', value: String(Number(source.text(at))) }
        : UNKNOWN_TEXT;
    case 'VariableName':
      return nameText(walk, at);
    case 'BinaryExpression':
      return binaryText(walk, at, use);
    case 'CallExpression':
      return callText(walk, at, use);
    case 'MemberExpression':
      return memberText(walk, at);
    default:
      return UNKNOWN_TEXT;
  }
}

/** Texts put together; literals side by side become one. */
export function join(parts: readonly Text[], separator: '' | '/'): Text {
  const joined: Text[] = [];
  for (const part of parts) {
    const flat =
      part.kind === 'join' && part.separator === separator
        ? part.parts
        : [part];
    for (const one of flat) {
      const isHere =
        separator === '/' && one.kind === 'literal' && /^\.?$/.test(one.value);
      if (isHere && (joined.length > 0 || parts.length > 1)) {
        continue;
      }
      const last = joined.at(-1);
      if (one.kind === 'literal' && last?.kind === 'literal') {
        const isAbsolute = separator === '/' && one.value.startsWith('/');
        const between =
          separator === '/' && !last.value.endsWith('/') && last.value !== ''
            ? '/'
            : '';
        joined[joined.length - 1] = {
          kind: 'literal',
          value: isAbsolute ? one.value : last.value + between + one.value
        };
      } else {
        joined.push(one);
      }
    }
  }
  return joined.length === 1
    ? joined[0]
    : joined.length === 0
      ? { kind: 'literal', value: separator === '/' ? '.' : '' }
      : { kind: 'join', parts: joined, separator };
}

function stringText(text: string): Text {
  const value = stringValue(text);
  return value === null ? UNKNOWN_TEXT : { kind: 'literal', value };
}

function nameText(walk: Walk, node: INode): Text {
  const name = walk.source.name(node);
  return name === 'yield'
    ? UNKNOWN_TEXT
    : walk.scope.readsGlobal(name)
      ? { kind: 'name', name }
      : (walk.localText(name) ?? UNKNOWN_TEXT);
}

/** An f-string: fields of plain names and texts are known, those with a conversion or specification are not. */
function formatText(walk: Walk, node: INode): Text {
  const { source } = walk;
  const start = /^([a-zA-Z]*)('''|"""|'|")/.exec(source.text(node));
  if (start === null || /[tT]/.test(start[1])) {
    return UNKNOWN_TEXT;
  }
  const isRaw = /r/i.test(start[1]);
  const quote = start[2];
  const parts: Text[] = [];
  let at = node.from + start[0].length;
  const literal = (to: number) => {
    if (to > at) {
      const text = source.value
        .slice(at, to)
        .replace(/\{\{/g, '{')
        .replace(/\}\}/g, '}');
      parts.push(stringText(`${isRaw ? 'r' : ''}${quote}${text}${quote}`));
    }
  };
  for (const field of node.children) {
    literal(field.from);
    const [, value, end] = field.children;
    parts.push(
      end?.type === '}' && value !== undefined
        ? textOf(walk, value, 'value')
        : UNKNOWN_TEXT
    );
    at = field.to;
  }
  literal(node.to - quote.length);
  return join(parts, '');
}

function binaryText(walk: Walk, node: INode, use: 'path' | 'value'): Text {
  const [left, operator, right] = node.children;
  const sign = walk.source.textOf(operator);
  if (right === undefined || !['+', '/', '%'].includes(sign)) {
    return UNKNOWN_TEXT;
  }
  if (sign === '%') {
    return percentText(walk, left, right);
  }
  const parts = [textOf(walk, left, use), textOf(walk, right, use)];
  const hasNumber = [left, right].some(one => inner(one).type === 'Number');
  return hasNumber || (use === 'value' && !parts.some(hasLiteral))
    ? UNKNOWN_TEXT
    : join(parts, sign === '/' ? '/' : '');
}

/** Whether something in a text is one for certain. */
function hasLiteral(text: Text): boolean {
  return (
    ['literal', 'environment', 'place'].includes(text.kind) ||
    (text.kind === 'join' && text.parts.some(hasLiteral))
  );
}

/** `'a_%s_%d' % (x, y)`. */
function percentText(walk: Walk, left: INode, right: INode): Text {
  const format = textOf(walk, left, 'value');
  if (format.kind !== 'literal' || /%(?![sd%])/.test(format.value)) {
    return UNKNOWN_TEXT;
  }
  const values =
    right.type === 'TupleExpression'
      ? right.children.filter(one => !/^[(),]$/.test(one.type))
      : [right];
  const pieces = format.value.split(/%[sd]/);
  if (pieces.length !== values.length + 1) {
    return UNKNOWN_TEXT;
  }
  return join(
    pieces.flatMap((piece, i) => [
      { kind: 'literal' as const, value: piece.replace(/%%/g, '%') },
      ...(i < values.length ? [textOf(walk, values[i], 'value')] : [])
    ]),
    ''
  );
}

/** Functions of one text that give the same text, or path. */
const SAME = /^(?:str|os\.fspath|fspath|os\.path\.normpath)$/;
const EXPANDS_USER = /^(?:os\.path\.|osp\.|path\.)?expanduser$/;
const EXPANDS_VARIABLES = /^(?:os\.path\.|osp\.|path\.)?expandvars$/;
const PATHS =
  /^(?:pathlib\.)?(?:P|Path|PurePath|PosixPath|PurePosixPath|WindowsPath)$/;
const JOINS = /^(?:os\.path\.join|path\.join|osp\.join|join)$/;

function callText(walk: Walk, node: INode, use: 'path' | 'value'): Text {
  const [callee, list] = node.children;
  const args = argumentsOf(walk, list);
  const dotted = dottedName(callee);
  const name =
    dotted === null ? '' : walk.source.text(callee).replace(/\s/g, '');
  const texts = () => args.map(arg => textOf(walk, arg.node, 'path'));
  if (args.some(arg => arg.star !== '')) {
    return UNKNOWN_TEXT;
  }
  if (PATHS.test(name) || (JOINS.test(name) && args.length > 1)) {
    return args.length === 0
      ? { kind: 'literal', value: '.' }
      : JOINS.test(name) && endsWithSlash(walk, args)
        ? join([join(texts(), '/'), { kind: 'literal', value: '/' }], '')
        : join(texts(), '/');
  }
  if (args.length === 1) {
    const only = () => textOf(walk, args[0].node, use);
    if (SAME.test(name)) {
      return only();
    }
    if (EXPANDS_USER.test(name)) {
      return expandedUser(only());
    }
    if (EXPANDS_VARIABLES.test(name)) {
      return expandedVariables(only());
    }
  }
  const place = placeText(walk, name, args);
  if (place !== null) {
    return place;
  }
  return methodText(walk, node, args, use) ?? givenText(walk, node, args);
}

/** What a method of a text or path gives; null when it is none. */
function methodText(
  walk: Walk,
  node: INode,
  args: ReturnType<typeof argumentsOf>,
  use: 'path' | 'value'
): Text | null {
  const [callee] = node.children;
  const texts = () => args.map(arg => textOf(walk, arg.node, 'path'));
  if (callee.type !== 'MemberExpression' || callee.children[1]?.type !== '.') {
    return null;
  }
  const base = callee.children[0];
  switch (walk.source.textOf(callee.children[2])) {
    case 'joinpath':
      return join([textOf(walk, base, 'path'), ...texts()], '/');
    case 'absolute':
    case 'as_posix':
    case 'resolve':
      return textOf(walk, base, use);
    case 'expanduser':
      return expandedUser(textOf(walk, base, use));
    case 'format':
      return formatCallText(walk, base, args);
    case 'join':
      return joinCallText(walk, base, args);
    case 'get': {
      const key =
        args.length === 1 ? textOf(walk, args[0].node, 'value') : UNKNOWN_TEXT;
      return key.kind === 'literal'
        ? partText(walk, base, itemKey(key.value))
        : UNKNOWN_TEXT;
    }
    default:
      return null;
  }
}

/** What functions give that is another text each time, or none. */
const CHANGES =
  /(?:^(?:input|next|open|iter|zip|map|filter|range|print|display|locals|globals|vars)|uuid\d?|random|rand\w*|choice|sample|time|now|today|monotonic|mkdtemp|mkstemp|mktemp|Temporary\w+|NamedTemporary\w+|read\w*|pop|token_\w+|IO|Buffer)$/;

/** What calling a global name, or an attribute of it, gives, for the run to tell. */
function givenText(
  walk: Walk,
  node: INode,
  args: ReturnType<typeof argumentsOf>
): Text {
  const [callee, list] = node.children;
  const dotted = dottedName(callee);
  if (dotted === null || list?.children.some(one => one.type === 'for')) {
    return UNKNOWN_TEXT;
  }
  const { source } = walk;
  const name = source.name(dotted.root);
  const attributes = dotted.attributes.map(one => source.name(one));
  if (
    !walk.scope.readsGlobal(name) ||
    attributes.length > 2 ||
    CHANGES.test(attributes.at(-1) ?? name)
  ) {
    return UNKNOWN_TEXT;
  }
  const given = args.map(({ node: arg, keyword }) => ({
    text: textOf(walk, arg, 'value'),
    ...(keyword === undefined ? {} : { keyword }),
    star: '' as const
  }));
  return { kind: 'call', name, attributes, given };
}

/** `os.path.join('a', '')` ends with `/`, for those who go on with `+`. */
function endsWithSlash(walk: Walk, args: ReturnType<typeof argumentsOf>) {
  const last = args.at(-1);
  const text = last === undefined ? null : textOf(walk, last.node, 'path');
  return args.length > 1 && text?.kind === 'literal' && text.value === '';
}

/** `'_'.join(['a', b])`. */
function joinCallText(
  walk: Walk,
  base: INode,
  args: ReturnType<typeof argumentsOf>
): Text {
  const separator = textOf(walk, base, 'value');
  const list = args.length === 1 ? inner(args[0].node) : undefined;
  if (
    list === undefined ||
    separator.kind !== 'literal' ||
    !['ArrayExpression', 'TupleExpression'].includes(list.type) ||
    list.children.some(one => one.type === '*')
  ) {
    return UNKNOWN_TEXT;
  }
  return join(
    list.children
      .filter(one => !/^[[\](),]$/.test(one.type))
      .flatMap((one, i) => [
        ...(i > 0 ? [separator] : []),
        textOf(walk, one, 'value')
      ]),
    ''
  );
}

/** `'{}_{name}'.format(x, name=y)`. */
function formatCallText(
  walk: Walk,
  base: INode,
  args: ReturnType<typeof argumentsOf>
): Text {
  const format = textOf(walk, base, 'value');
  if (format.kind !== 'literal') {
    return UNKNOWN_TEXT;
  }
  const positional = args.filter(arg => arg.keyword === undefined);
  let next = 0;
  const parts: Text[] = [];
  for (const piece of format.value.split(/(\{\w*\})/)) {
    const field = /^\{(\w*)\}$/.exec(piece)?.[1];
    if (field === undefined) {
      if (/[{}]/.test(piece)) {
        return UNKNOWN_TEXT;
      }
      parts.push({ kind: 'literal', value: piece });
      continue;
    }
    const arg = /^\d*$/.test(field)
      ? positional[field === '' ? next++ : Number(field)]
      : args.find(one => one.keyword === field);
    parts.push(
      arg === undefined ? UNKNOWN_TEXT : textOf(walk, arg.node, 'value')
    );
  }
  return join(parts, '');
}
