import type { JsonValue } from './json';

/**
 * The text of a view as a tree that knows where each of its parts stands, read with tolerance.
 *
 * #### Notes
 * When several people edit a view at the same time, their edits of its text are merged without regard to JSON. As all edits
 * replace whole members, items or strings, the merged text still consists of whole tokens and its brackets are in
 * balance; what may be wrong are commas, keys that come twice, and leavings of what somebody else removed. This reader
 * relies on that: unlike general fault-tolerant readers it never lets a fault reach beyond the bracket it is in.
 */
export type TreeNode = IObjectNode | IArrayNode | IScalarNode;

interface ISpan {
  /** Offset of the first character. */
  readonly from: number;
  /** Offset behind the last character. */
  readonly to: number;
}

export interface IObjectNode extends ISpan {
  readonly kind: 'object';
  /** In the order of the text; a key may come twice, and then its last member counts. */
  readonly members: readonly IMember[];
}

export interface IMember extends ISpan {
  readonly key: string;
  readonly value: TreeNode;
}

export interface IArrayNode extends ISpan {
  readonly kind: 'array';
  readonly items: readonly TreeNode[];
}

export interface IScalarNode extends ISpan {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
}

/** What is wrong with a text as JSON. */
export type FaultKind =
  | 'character'
  | 'string'
  | 'comma-missing'
  | 'comma-extra'
  | 'colon-missing'
  | 'key-expected'
  | 'value-expected'
  | 'not-closed'
  | 'not-expected'
  | 'too-deep';

export interface IFault {
  readonly kind: FaultKind;
  /** Offset in the text. */
  readonly at: number;
}

export interface IParsedText {
  /** Complete values at the top level, in order; JSON has exactly one. */
  readonly roots: readonly TreeNode[];
  /** In the order of the text; none when the text is JSON. */
  readonly faults: readonly IFault[];
}

/** Read a text as JSON, as far as it goes. */
export function parseText(text: string): IParsedText {
  return new Parser(text).parse();
}

/** Whether a text consists of whole tokens only, with every bracket closed by its own kind. */
export function isBalanced(text: string): boolean {
  const open: string[] = [];
  return (
    tokens(text).every(({ kind }) => {
      switch (kind) {
        case '{':
        case '[':
          open.push(kind);
          return true;
        case '}':
          return open.pop() === '{';
        case ']':
          return open.pop() === '[';
        default:
          return kind !== 'unknown';
      }
    }) && open.length === 0
  );
}

/** The value that a tree stands for. */
export function valueOf(node: TreeNode): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'array':
      return node.items.map(valueOf);
    case 'object':
      // fromEntries defines own keys, `__proto__` among them, and the last of two wins.
      return Object.fromEntries(
        node.members.map(({ key, value }) => [key, valueOf(value)])
      );
  }
}

/** Line and column of an offset, both from 1. */
export function placeOf(
  text: string,
  offset: number
): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

type TokenKind =
  '{' | '}' | '[' | ']' | ',' | ':' | 'scalar' | 'unknown' | 'end';

export interface IToken extends ISpan {
  readonly kind: TokenKind;
}

// JSON allows no control characters in its texts.
const TOKEN =
  // eslint-disable-next-line no-control-regex
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\r\n]*/y;
/** What is not a token is taken up to where one may start again; a text that is not closed ends with its line. */
const UNKNOWN = /"[^\n]*|[^\s{}[\],:"]+|\s/y;

/** The tokens of a text, white space left out; the last is `end`. */
export function tokens(text: string): IToken[] {
  const found: IToken[] = [];
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
    if (at >= text.length) {
      found.push({ kind: 'end', from: at, to: at });
      return found;
    }
    TOKEN.lastIndex = at;
    const known = TOKEN.exec(text);
    if (known) {
      const to = TOKEN.lastIndex;
      found.push({ kind: kindOf(known[0][0]), from: at, to });
      at = to;
    } else {
      UNKNOWN.lastIndex = at;
      UNKNOWN.exec(text);
      found.push({ kind: 'unknown', from: at, to: UNKNOWN.lastIndex });
      at = UNKNOWN.lastIndex;
    }
  }
}

function kindOf(first: string): TokenKind {
  switch (first) {
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':':
      return first;
    default:
      return 'scalar';
  }
}

/** Views are four levels deep; a text that is much deeper is none, and must not exhaust the stack. */
const MAX_DEPTH = 64;

class Parser {
  constructor(private _text: string) {
    this._tokens = tokens(_text);
  }

  parse(): IParsedText {
    const roots: TreeNode[] = [];
    while (this._token.kind !== 'end') {
      if (roots.length > 0) {
        this._fault('not-expected');
      }
      const node = this._value(0);
      if (node) {
        roots.push(node);
      } else {
        this._fault('not-expected');
        this._next();
      }
    }
    if (roots.length === 0) {
      this._fault('value-expected');
    }
    return { roots, faults: this._faults };
  }

  /** A value, or null (and no token taken) when none starts here. */
  private _value(depth: number): TreeNode | null {
    const { kind, from, to } = this._token;
    if (kind === 'scalar') {
      this._next();
      const value: unknown = JSON.parse(this._text.slice(from, to));
      return { kind: 'scalar', from, to, value: scalar(value) };
    }
    if (kind !== '{' && kind !== '[') {
      return null;
    }
    if (depth >= MAX_DEPTH) {
      this._fault('too-deep');
      this._at = this._tokens.length - 1;
      return null;
    }
    return kind === '{' ? this._object(depth + 1) : this._array(depth + 1);
  }

  private _object(depth: number): IObjectNode {
    const from = this._token.from;
    const members: IMember[] = [];
    this._next();
    this._children('}', () => {
      const { kind, from: start, to } = this._token;
      const isKey = kind === 'scalar' && this._text[start] === '"';
      if (!isKey) {
        this._fault('key-expected');
        return this._value(depth) !== null;
      }
      const key = String(JSON.parse(this._text.slice(start, to)));
      this._next();
      if (this._token.kind !== ':') {
        this._fault('colon-missing');
        return true;
      }
      this._next();
      const value = this._value(depth);
      if (value) {
        members.push({ key, from: start, to: value.to, value });
      } else {
        this._fault('value-expected');
      }
      return true;
    });
    return { kind: 'object', from, to: this._end(), members };
  }

  private _array(depth: number): IArrayNode {
    const from = this._token.from;
    const items: TreeNode[] = [];
    this._next();
    this._children(']', () => {
      const item = this._value(depth);
      if (!item) {
        return false;
      }
      if (this._token.kind === ':') {
        // A member that lost its object: neither its key nor its value is an item.
        this._fault('not-expected');
        this._next();
        this._value(depth);
      } else {
        items.push(item);
      }
      return true;
    });
    return { kind: 'array', from, to: this._end(), items };
  }

  /** Read children and commas up to the closing bracket; `child` says whether it took something. */
  private _children(close: '}' | ']', child: () => boolean): void {
    let expected: 'first' | 'comma' | 'child' = 'first';
    for (;;) {
      const { kind } = this._token;
      if (kind === close) {
        if (expected === 'child') {
          this._fault('comma-extra');
        }
        return;
      }
      if (kind === 'end') {
        this._fault('not-closed');
        return;
      }
      if (kind === ',') {
        if (expected !== 'comma') {
          this._fault('comma-extra');
        }
        expected = 'child';
        this._next();
        continue;
      }
      if (
        expected === 'comma' &&
        (kind === 'scalar' || kind === '{' || kind === '[')
      ) {
        this._fault('comma-missing');
      }
      if (child()) {
        expected = 'comma';
      } else {
        this._fault('not-expected');
        this._next();
      }
    }
  }

  /** Take the closing bracket; the offset behind it. */
  private _end(): number {
    const { to } = this._token;
    if (this._token.kind !== 'end') {
      this._next();
    }
    return to;
  }

  private _fault(kind: FaultKind): void {
    const { kind: token, from } = this._token;
    const isUnknown = token === 'unknown';
    const what = this._text[from] === '"' ? 'string' : 'character';
    this._faults.push({ kind: isUnknown ? what : kind, at: from });
  }

  private _next(): void {
    this._at = Math.min(this._at + 1, this._tokens.length - 1);
  }

  private get _token(): IToken {
    return this._tokens[this._at];
  }

  private _tokens: readonly IToken[];
  private _at = 0;
  private _faults: IFault[] = [];
}

function scalar(value: unknown): null | boolean | number | string {
  return typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
    ? value
    : null;
}
