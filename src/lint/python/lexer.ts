import { endOfLinesBelow } from './lines-below';
import { Scanner } from './scanner';
import { isIdentifierPart, isIdentifierStart } from './tokens';
import type { IIsland, ILexed, ILogicalLine, IToken } from './tokens';

const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|[=!<>+\-*/%&|^@]=|<>|\*\*|\/\/|<<|>>|[()[\]{}:,;.+\-*/%&|^~<>=@]/y;
const NUMBER =
  /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
const ASSIGNED = /([ \t]*)(?:!|%[A-Za-z_%])/y;
const STRING_PREFIX = /(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?('''|"""|'|")/y;
/** A line end and the begin of a line that is indented or closes a bracket. */
const CLOSING_LINE = /(?:\r\n|\r|\n)(?:[ \t]+\S|[)\]}])/y;
/** What begins a statement and cannot stand inside brackets: there the bracket was not closed. */
const STATEMENT_START =
  /[ \t]*(?:def|class|import|with|while|return|raise|try|del|global|nonlocal|assert|pass)\b(?!\s*[=,)\]}])/y;

/**
 * Reads the logical lines of a cell from `from` on.
 *
 * IPython's escapes are known at the start of a logical line, and `%` and `!` behind an assignment's `=`, as IPython knows them: nowhere else.
 */
export function lex(source: string, from = 0): ILexed {
  return new Lexer(source, from).run();
}

interface IStringForm {
  readonly quote: string;
  readonly isFormat: boolean;
  readonly isRaw: boolean;
  /** Whether it is the specification of a field. */
  readonly isSpec: boolean;
}

class LexicalError extends Error {}

class Lexer extends Scanner {
  constructor(source: string, from: number) {
    super(source, from);
    this.start = from;
  }

  run(): ILexed {
    const { source } = this;
    let lead: string | null = null;
    for (;;) {
      const begin = this.pos;
      const isBlank = this.skipIndent();
      if (this.pos >= source.length) {
        break;
      }
      if (isBlank) {
        continue;
      }
      const indent = source.slice(begin, this.pos);
      lead ??= indent;
      this.dedent(begin, indent, lead);
      this.logicalLine();
    }
    return {
      chars: this.chars,
      lines: this.lines,
      comments: this.comments,
      islands: this.islands
    };
  }

  /** Passes white space at the start of a line; true, behind the line's end, when there is nothing but a comment. */
  private skipIndent(): boolean {
    const { source } = this;
    for (;;) {
      const c = source[this.pos];
      if (c === ' ' || c === '\t' || c === '\f') {
        this.pos++;
      } else if (c === '#') {
        this.comment();
      } else if (c === '\r' || c === '\n') {
        this.lineEnd();
        return true;
      } else if (c === '\\' && this.continuation()) {
        continue;
      } else {
        return false;
      }
    }
  }

  /**
   * Takes off what IPython takes off all lines when the first is indented, and what stands before a form feed: the line end
   * changes places with the white space, so that every offset stays.
   */
  private dedent(begin: number, indent: string, lead: string): void {
    const feed = indent.lastIndexOf('\f') + 1;
    const cut = Math.max(feed, indent.startsWith(lead) ? lead.length : 0);
    for (let i = begin; i < begin + cut; i++) {
      this.chars[i] = ' ';
    }
    if (cut > 0 && begin > this.start) {
      this.chars[begin - 1] = ' ';
      this.chars[begin + cut - 1] = '\n';
    }
  }

  private logicalLine(): void {
    const from = this.pos;
    const escape = this.source[from];
    if ('%!?,;/'.includes(escape)) {
      this.island(from, from, 'line');
      return;
    }
    this.tokens = [];
    this.open = [];
    try {
      this.scan(0);
      if (this.open.length > 0) {
        throw new LexicalError('a bracket is not closed');
      }
      this.lines.push({ from, to: this.pos, tokens: this.tokens });
    } catch (error) {
      if (!(error instanceof LexicalError)) {
        throw error;
      }
      const line = this.lineFrom(from);
      if (/\?\s*$/.test(line) && this.tokens.every(one => one.depth === 0)) {
        this.island(from, from, 'help');
      } else {
        this.broken(from, error.message);
      }
    }
  }

  /** Reads tokens up to the logical line's end or, in a replacement field, which has `base` open brackets, up to what ends it. */
  private scan(base: number): void {
    const { source } = this;
    while (this.pos < source.length) {
      const at = this.pos;
      const code = source.charCodeAt(at);
      if (code === 32 || code === 9 || code === 12) {
        if (code === 12) {
          this.chars[at] = ' ';
        }
        this.pos++;
      } else if (code === 10 || code === 13) {
        if (this.open.length === 0) {
          this.lineEnd();
          return;
        }
        this.blank(at, at + 1);
        this.pos++;
        this.checkUnclosed();
      } else if (code === 35) {
        this.comment();
        if (this.open.length > 0) {
          this.blank(at, this.pos);
        }
      } else if (code === 92) {
        if (!this.continuation()) {
          throw new LexicalError('a backslash stands where none can stand');
        }
      } else if (base > 0 && this.open.length === base && this.endsField()) {
        return;
      } else {
        this.token(code);
      }
    }
  }

  private token(code: number): void {
    const { source } = this;
    const at = this.pos;
    STRING_PREFIX.lastIndex = at;
    const string = STRING_PREFIX.exec(source);
    if (string !== null) {
      this.string(at, string[0], string[1]);
    } else if (isIdentifierStart(code)) {
      do {
        this.pos++;
      } while (isIdentifierPart(source.charCodeAt(this.pos)));
      this.push('name', at);
    } else if (
      (code >= 48 && code <= 57) ||
      (code === 46 && /\d/.test(source[at + 1] ?? ''))
    ) {
      NUMBER.lastIndex = at;
      this.pos += NUMBER.exec(source)?.[0].length ?? 1;
      if (source[this.pos - 1] === '.' && source[this.pos] !== '.') {
        // The grammar wants digits behind the point.
        this.chars[this.pos - 1] = '0';
      }
      this.push('number', at);
    } else {
      OPERATOR.lastIndex = at;
      const text = OPERATOR.exec(source)?.[0];
      if (text === undefined) {
        throw new LexicalError(`“${source[at]}” is no Python`);
      }
      this.pos += text.length;
      this.operator(text, at);
    }
  }

  private operator(text: string, at: number): void {
    if (text === '(' || text === '[' || text === '{') {
      this.push('operator', at);
      this.open.push(this.tokens.length - 1);
      return;
    }
    if (text === ')' || text === ']' || text === '}') {
      const opener = this.open.pop();
      const bracket = opener === undefined ? null : this.tokens[opener];
      if (
        opener === undefined ||
        bracket === null ||
        '([{'.indexOf(bracket.text) !== ')]}'.indexOf(text)
      ) {
        throw new LexicalError(`“${text}” closes no bracket`);
      }
      bracket.partner = this.tokens.length;
      this.push('operator', at);
      this.tokens[bracket.partner].partner = opener;
      return;
    }
    this.push('operator', at);
    if (text === '=' && this.open.length === 0) {
      ASSIGNED.lastIndex = this.pos;
      const blanks = ASSIGNED.exec(this.source)?.[1];
      if (blanks !== undefined) {
        const start = this.pos + blanks.length;
        this.island(start, start, 'assigned');
        this.tokens.push({
          kind: 'number',
          from: start,
          to: this.pos,
          text: '0',
          depth: 0,
          partner: -1
        });
      }
    }
  }

  /** A string, or an f-string or t-string with its fields; what is no code becomes `a`. */
  private string(at: number, start: string, quote: string): void {
    const prefix = start.slice(0, -quote.length).toLowerCase();
    const isFormat = prefix.includes('f') || prefix.includes('t');
    this.pos += start.length;
    if (prefix.includes('t')) {
      this.chars[at + prefix.indexOf('t')] = 'f';
    }
    this.push('string', at);
    this.literal({
      quote,
      isFormat,
      isSpec: false,
      isRaw: prefix.includes('r')
    });
  }

  /** The literal part of a string up to its quote, or of a format specification up to the `}` that ends it. */
  private literal(string: IStringForm): void {
    const { source } = this;
    const { quote, isFormat, isSpec } = string;
    while (this.pos < source.length) {
      const at = this.pos;
      const c = source[at];
      if (source.startsWith(quote, at)) {
        this.pos += isSpec ? 0 : quote.length;
        return;
      }
      let length = 1;
      if (isFormat && c === '{' && (isSpec || source[at + 1] !== '{')) {
        this.field(string);
        continue;
      } else if (isSpec && c === '}') {
        return;
      } else if (c === '\\') {
        length = this.escapeLength(at, string);
      } else if (isFormat && c === '{') {
        length = 2;
      } else if ((c === '\n' || c === '\r') && quote.length === 1) {
        throw new LexicalError('a text is not closed');
      }
      this.chars.fill('a', at, Math.min(at + length, source.length));
      this.pos += length;
    }
    throw new LexicalError('a text is not closed');
  }

  private escapeLength(at: number, { isFormat, isRaw }: IStringForm): number {
    const { source } = this;
    if (source.startsWith('\r\n', at + 1)) {
      return 3;
    }
    if (isFormat && source[at + 1] === '{') {
      return 1;
    }
    if (isFormat && !isRaw && source.startsWith('N{', at + 1)) {
      const end = source.indexOf('}', at);
      return end < 0 ? 2 : end + 1 - at;
    }
    return 2;
  }

  /** A replacement field: `{expression=!r:specification}`. */
  private field(string: IStringForm): void {
    const { source } = this;
    this.push('operator', this.pos++);
    const opener = this.tokens.length - 1;
    this.open.push(opener);
    this.scan(this.open.length);
    let c = source[this.pos];
    if (c === '!') {
      this.pos += 2;
      while (/[ \t\n]/.test(source[this.pos] ?? '')) {
        this.chars[this.pos++] = ' ';
      }
      c = source[this.pos];
    }
    if (c === ':') {
      this.pos++;
      this.literal({ ...string, isSpec: true });
      c = source[this.pos];
    }
    if (c !== '}') {
      throw new LexicalError('a field of an f-string is not closed');
    }
    this.open.length = this.open.indexOf(opener);
    this.tokens[opener].partner = this.tokens.length;
    this.push('operator', this.pos++);
    this.tokens[this.tokens.length - 1].partner = opener;
  }

  /** Whether a replacement field's expression ends here. */
  private endsField(): boolean {
    const c = this.source[this.pos];
    return (
      c === '}' || c === ':' || (c === '!' && this.source[this.pos + 1] !== '=')
    );
  }

  private push(kind: IToken['kind'], from: number): void {
    this.tokens.push({
      kind,
      from,
      to: this.pos,
      text: this.source.slice(from, this.pos),
      depth: this.open.length,
      partner: -1
    });
  }

  /** The bracket was forgotten when a statement begins below it. */
  private checkUnclosed(): void {
    const { source } = this;
    STATEMENT_START.lastIndex = this.pos;
    if (STATEMENT_START.test(source)) {
      this.pos--;
      this.open.length = 0;
      throw new LexicalError('a bracket is not closed');
    }
  }

  /** Replaces a logical line that cannot be read, with those lines that are likely to belong to it, by a `0`. */
  private broken(from: number, reason: string): void {
    const { source } = this;
    this.pos = Math.min(this.pos, source.length);
    const inBrackets = this.open.length > 0;
    for (;;) {
      while (this.pos < source.length && !this.isLineEnd(this.pos)) {
        this.pos++;
      }
      CLOSING_LINE.lastIndex = this.pos;
      if (!inBrackets || !CLOSING_LINE.test(source)) {
        break;
      }
      this.pos = CLOSING_LINE.lastIndex;
    }
    // The body of a header that cannot be read is no code of the cell's own level.
    this.pos = endOfLinesBelow(source, from, this.pos);
    this.blank(from, this.pos);
    this.chars[from] = '0';
    this.islands.push({ from, to: this.pos, kind: 'broken', reason });
  }

  /** What stands from `at` to the end of its line, with continuation lines, is for IPython. */
  private island(from: number, at: number, kind: IIsland['kind']): void {
    this.pos = at + this.lineFrom(at).length;
    this.blank(from, this.pos);
    this.chars[from] = '0';
    this.islands.push({ from, to: this.pos, kind });
  }

  private readonly start: number;
  private readonly lines: ILogicalLine[] = [];
  private readonly islands: IIsland[] = [];
  private tokens: IToken[] = [];
  /** Indices of the brackets that are open. */
  private open: number[] = [];
}
