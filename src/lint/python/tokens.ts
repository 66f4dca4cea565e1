import type { IRange } from '../finding';

/** A token of Python's lexical structure; comments and line ends are none. */
export interface IToken extends IRange {
  readonly kind: 'name' | 'number' | 'operator' | 'string';
  readonly text: string;
  /** How many brackets, of whatever kind, and replacement fields are open around it; a bracket has the depth outside of it. */
  readonly depth: number;
  /** Of a bracket: the index of its partner in the logical line; -1 where there is none. */
  partner: number;
}

/** A logical line: one that ends a simple statement or a compound statement's header. */
export interface ILogicalLine extends IRange {
  readonly tokens: readonly IToken[];
}

/** What the lexer makes of a source. */
export interface ILexed {
  /** Plain Python of the same length: strings blanked, magics and broken lines replaced by a `0`, logical lines without line ends. */
  readonly chars: string[];
  readonly lines: readonly ILogicalLine[];
  readonly comments: readonly IRange[];
  readonly islands: readonly IIsland[];
}

/** A stretch of source that is no Python; in its place stands the number `0`, by which the parser's tree shows where it belongs. */
export interface IIsland extends IRange {
  /** A line that begins with an escape, what stands behind `=`, a line that ends in `?`, or a line that cannot be read. */
  readonly kind: 'line' | 'assigned' | 'help' | 'broken';
  readonly reason?: string;
}

/** Operators and delimiters, numbers, and the begin of texts, as Python's lexical analysis has them; sticky. */
export const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|[=!<>+\-*/%&|^@]=|<>|\*\*|\/\/|<<|>>|[()[\]{}:,;.+\-*/%&|^~<>=@]/y;
export const NUMBER =
  /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
export const STRING_PREFIX =
  /(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?('''|"""|'|")/y;

/** Keywords of Python that are never names. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'False',
  'None',
  'True',
  'and',
  'as',
  'assert',
  'async',
  'await',
  'break',
  'class',
  'continue',
  'def',
  'del',
  'elif',
  'else',
  'except',
  'finally',
  'for',
  'from',
  'global',
  'if',
  'import',
  'in',
  'is',
  'lambda',
  'nonlocal',
  'not',
  'or',
  'pass',
  'raise',
  'return',
  'try',
  'while',
  'with',
  'yield'
]);

/** Whether a UTF-16 unit can begin an identifier; generous above ASCII, as the grammar is. */
export function isIdentifierStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code > 160
  );
}

/** Whether a UTF-16 unit can go on with an identifier. */
export function isIdentifierPart(code: number): boolean {
  return isIdentifierStart(code) || (code >= 48 && code <= 57);
}

/** The identifiers of a stretch of code that are not attributes, each once, in order; strings and comments count, too. */
export function identifiersIn(text: string): string[] {
  const names = new Set<string>();
  const pattern = /(\.\s*)?([A-Za-z_\u00a1-\uffff][\w\u00a1-\uffff]*)/gu;
  for (const [, dot, name] of text.matchAll(pattern)) {
    if (dot === undefined && !KEYWORDS.has(name)) {
      names.add(identifier(name));
    }
  }
  return [...names];
}

/** A name as Python keeps it: in normal form KC. */
export function identifier(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) {
      return text.normalize('NFKC');
    }
  }
  return text;
}
