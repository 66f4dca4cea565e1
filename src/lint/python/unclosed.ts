import { KEYWORDS } from './tokens';
import type { IToken } from './tokens';

/** A line within brackets, of a logical line that is being read. */
export interface ILineInBrackets {
  readonly source: string;
  /** Where it begins, before its indentation. */
  readonly at: number;
  /** How far the logical line is indented. */
  readonly column: number;
  /** The tokens before it, and the indices of the brackets that are open. */
  readonly tokens: readonly IToken[];
  readonly open: readonly number[];
}

const NAME = '[A-Za-z_\\u00a1-\\uffff][\\w\\u00a1-\\uffff]*';
const WORD = new RegExp(NAME, 'y');
/** What begins a statement and cannot stand inside brackets. */
const STATEMENT =
  /(?:(?:def|class|import|with|while|return|raise|try|del|global|nonlocal|assert|pass|break|continue)\b(?!\s*[=,)\]}])|from[ \t]+[\w.]+[ \t]+import\b|async[ \t]+(?:def|with)\b)/y;
/** Clauses of a statement that begins above. */
const CLAUSE = /(?:(?:elif|except|finally)\b(?!\s*[=,)\]}])|else[ \t]*:)/y;
/** Decorators and what they decorate; else `@` is an operator. */
const DECORATED =
  /(?:@[^\r\n]*(?:\r\n|\r|\n)[ \t]*)+(?:async[ \t]+)?(?:def|class)\b/y;
/** A header that ends in a colon; conditional expressions and clauses of comprehensions do not, but for `a if b else c:` in a slice. */
const HEADER =
  /(?:if|for|match|case|async[ \t]+for)\b(?:(?!\belse\b)[^\r\n])*:[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
/** For IPython. */
const ESCAPED = /(?:!(?!=)|%%?[A-Za-z_])/y;
/** An assignment to a name or, in group 2, to a part of it; or, in group 3, an augmented one. */
const ASSIGNMENT = new RegExp(
  `(${NAME})((?:[ \\t]*\\.[ \\t]*${NAME}|[ \\t]*\\[[^[\\]\\r\\n]*\\])*)[ \\t]*(\\*\\*|//|<<|>>|[-+*/%@&|^])?=(?!=)`,
  'y'
);
/** Keywords that go on with an expression. */
const CONTINUING: ReadonlySet<string> = new Set([
  'and',
  'as',
  'async',
  'else',
  'for',
  'from',
  'if',
  'in',
  'is',
  'or'
]);

/**
 * Whether a line within brackets is likely to begin a statement, because a bracket before it was not closed.
 *
 * @returns `certain` where no expression can go on so; `likely` where it is so if the bracket is not closed further below; `no`: the line
 *   may well stand in the brackets. An assignment that could be a keyword argument is none.
 */
export function beginsStatement(
  line: ILineInBrackets
): 'certain' | 'likely' | 'no' {
  const { source, column } = line;
  const at = endOfBlanks(source, line.at);
  const indent = at - line.at;
  if (matches(STATEMENT, source, at)) {
    return 'certain';
  }
  if (indent > column) {
    return 'no';
  }
  if (
    matches(DECORATED, source, at) ||
    // At the same column it belongs to the statement that has the bracket.
    (indent < column && matches(CLAUSE, source, at))
  ) {
    return 'certain';
  }
  return matches(HEADER, source, at) ||
    matches(ESCAPED, source, at) ||
    isNextOperand(line, at) ||
    isAssignment(line, at)
    ? 'likely'
    : 'no';
}

function endOfBlanks(source: string, from: number): number {
  let at = from;
  while (source[at] === ' ' || source[at] === '\t') {
    at++;
  }
  return at;
}

function matches(pattern: RegExp, source: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(source);
}

/** Whether one operand follows another with nothing between them, which no expression has. */
function isNextOperand(
  { source, tokens }: ILineInBrackets,
  at: number
): boolean {
  const before = tokens.at(-1);
  if (before === undefined || !endsOperand(before)) {
    return false;
  }
  const isText = before.kind === 'string' || before.text === '}';
  WORD.lastIndex = at;
  const word = WORD.exec(source)?.[0];
  if (word === undefined) {
    return isText
      ? /[\d{~]/.test(source[at] ?? '')
      : /[\d{~'"]/.test(source[at] ?? '');
  }
  const next = source[at + word.length];
  if (word.length <= 2 && (next === '"' || next === "'")) {
    return !isText;
  }
  return (
    !CONTINUING.has(word) &&
    !(word === 'not' && /^[ \t]+in\b/.test(source.slice(at + 3, at + 20)))
  );
}

/** Whether a line is an assignment whose `=` cannot be that of a keyword argument or of a default. */
function isAssignment(
  { source, tokens, open }: ILineInBrackets,
  at: number
): boolean {
  ASSIGNMENT.lastIndex = at;
  const [found, name, part, operator] = ASSIGNMENT.exec(source) ?? [];
  if (found === undefined || KEYWORDS.has(name)) {
    return false;
  }
  if (part !== '' || operator !== undefined) {
    return true;
  }
  const before = tokens.at(-1)?.text ?? '';
  return !(
    (before === ',' || '([{'.includes(before)) &&
    (open.some(index => endsOperand(tokens[index - 1])) ||
      tokens.some(({ text }) => text === 'lambda'))
  );
}

function endsOperand(token: IToken | undefined): boolean {
  switch (token?.kind) {
    case undefined:
      return false;
    case 'name':
      return (
        !KEYWORDS.has(token.text) ||
        ['None', 'True', 'False'].includes(token.text)
      );
    case 'operator':
      return [')', ']', '}', '...'].includes(token.text);
    default:
      return true;
  }
}
