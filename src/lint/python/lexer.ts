import { endOfClosingLines, endOfLine, endOfLinesBelow } from './lines-below';
import { Scanner } from './scanner';
import { escapeLength } from './string-form';
import type { IStringForm } from './string-form';
import {
  isIdentifierPart,
  isIdentifierStart,
  NUMBER,
  OPERATOR,
  STRING_PREFIX
} from './tokens';
import type { ILexed, ILogicalLine, IToken } from './tokens';
import { beginsStatement } from './unclosed';

const ASSIGNED = /([ \t]*)(?:!|%[A-Za-z_%])/y;

/**
 * Reads the logical lines of a cell from `from` on.
 *
 * IPython's escapes are known at the start of a logical line, and `%` and `!` behind an assignment's `=`, as IPython knows them: nowhere else.
 */
export function lex(source: string, from = 0): ILexed {
  return new Lexer(source, from).run();
}

class LexicalError extends Error {}

const UNCLOSED = 'a bracket is not closed';

class Lexer extends Scanner {
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
      this.column = indent.length;
      this.logicalLine();
    }
    return {
      chars: this.chars,
      lines: this.lines,
      comments: this.comments,
      islands: this.islands
    };
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
    this.begins = [];
    this.longText = null;
    this.problem = null;
    this.fields = 0;
    try {
      this.scan(0);
      if (this.open.length > 0) {
        throw new LexicalError(UNCLOSED);
      } else if (this.problem !== null) {
        this.pos -= this.isLineEnd(this.pos - 1) ? 1 : 0;
        throw new LexicalError(this.problem);
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
        this.broken(from, this.backToStatement() ?? error.message);
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
      const opener = this.openerOf(text);
      this.push('operator', at);
      if (opener !== undefined) {
        const partner = this.tokens.length - 1;
        this.tokens[opener].partner = partner;
        this.tokens[partner].partner = opener;
      }
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

  /** Closes brackets up to the one that a sign closes. */
  private openerOf(text: string): number | undefined {
    const { open, tokens } = this;
    const sign = '([{'[')]}'.indexOf(text)];
    const at = open.findLastIndex(index => tokens[index].text === sign);
    if (at < 0 || at < open.length - 1) {
      this.fail(`“${text}” closes no bracket`);
    }
    return at < 0 ? undefined : open.splice(at)[0];
  }

  /** Goes on behind what cannot be read, to find where its statement ends; in fields of texts nobody can tell. */
  private fail(reason: string): void {
    this.problem ??= reason;
    if (this.fields > 0) {
      throw new LexicalError(reason);
    }
  }

  /** A string, or an f-string or t-string with its fields; what is no code becomes `a`. */
  private string(at: number, start: string, quote: string): void {
    const { source } = this;
    const prefix = start.slice(0, -quote.length).toLowerCase();
    const isFormat = prefix.includes('f') || prefix.includes('t');
    this.pos += start.length;
    if (prefix.includes('t')) {
      this.chars[at + prefix.indexOf('t')] = 'f';
    }
    this.push('string', at);
    const isOutermost = quote.length === 3 && this.longText === null;
    if (isOutermost) {
      const end = source.indexOf(quote, this.pos);
      this.longText = end < 0 ? source.length : end + quote.length;
    }
    this.literal({
      quote,
      isFormat,
      isSpec: false,
      isRaw: prefix.includes('r')
    });
    if (isOutermost) {
      this.longText = null;
    }
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
        length = escapeLength(source, at, string);
      } else if (isFormat && c === '{') {
        length = 2;
      } else if ((c === '\n' || c === '\r') && quote.length === 1) {
        this.fail('a text is not closed');
        return;
      }
      this.chars.fill('a', at, Math.min(at + length, source.length));
      this.pos += length;
    }
    throw new LexicalError('a text is not closed');
  }

  /** A replacement field: `{expression=!r:specification}`. */
  private field(string: IStringForm): void {
    const { source } = this;
    this.push('operator', this.pos++);
    const opener = this.tokens.length - 1;
    this.open.push(opener);
    this.fields++;
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
    this.fields--;
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

  /** At the start of a line within brackets: whether a bracket was forgotten above it. */
  private checkUnclosed(): void {
    const { source, column, open, tokens, pos: at } = this;
    if (this.isLineEnd(at) || this.longText !== null) {
      return;
    }
    const begins = beginsStatement({ source, at, column, tokens, open });
    if (begins === 'no') {
      return;
    }
    this.begins.push(at);
    if (begins === 'certain' || this.unclosed.has(tokens[open[0]].from)) {
      throw new LexicalError(UNCLOSED);
    }
  }

  /** Goes back to where a statement is likely to begin below a bracket that was not closed; says that it was not. */
  private backToStatement(): string | null {
    const { open, tokens } = this;
    const outer = open.length > 0 ? tokens[open[0]].from : Infinity;
    const at = this.begins.find(begin => begin > outer);
    if (at === undefined) {
      return null;
    }
    // Whatever is read again need not be read to the same end again.
    open.forEach(index => this.unclosed.add(tokens[index].from));
    open.length = 0;
    this.goBack(at);
    this.pos--;
    return UNCLOSED;
  }

  /** Replaces a logical line that cannot be read, with those lines that are likely to belong to it, by a `0`. */
  private broken(from: number, reason: string): void {
    const { source } = this;
    if (this.longText !== null) {
      this.goBack(this.longText);
    }
    const end = endOfLine(source, Math.min(this.pos, source.length));
    this.pos =
      this.open.length > 0 ? endOfClosingLines(source, end, this.column) : end;
    // The body of a header that cannot be read is no code of the cell's own level.
    this.pos = endOfLinesBelow(source, from, this.pos);
    this.blank(from, this.pos);
    this.chars[from] = '0';
    this.islands.push({ from, to: this.pos, kind: 'broken', reason });
  }

  private readonly lines: ILogicalLine[] = [];
  private tokens: IToken[] = [];
  /** Indices of the brackets that are open. */
  private open: number[] = [];
  /** The lines within brackets that are likely to begin statements. */
  private begins: number[] = [];
  /** How far the logical line is indented. */
  private column = 0;
  /** Where the text of several lines ends that is being read; its fields are no place for statements. */
  private longText: number | null = null;
  /** What cannot be read in the logical line, and how many fields of texts are open. */
  private problem: string | null = null;
  private fields = 0;
  /** Where brackets stand that are known not to be closed. */
  private readonly unclosed = new Set<number>();
}
