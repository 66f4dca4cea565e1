import type { IRange } from '../finding';
import type { IIsland } from './tokens';

/** A place in a source that moves on, and the source's UTF-16 units, to be rewritten one by one. */
export class Scanner {
  /** What stands before `pos` is blanked. */
  constructor(
    protected readonly source: string,
    protected pos: number
  ) {
    this.chars = source.split('');
    this.start = pos;
    this.blank(0, pos);
  }

  /** Passes white space at the start of a line; true, behind the line's end, when there is nothing but a comment. */
  protected skipIndent(): boolean {
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
  protected dedent(begin: number, indent: string, lead: string): void {
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

  protected comment(): void {
    const from = this.pos;
    while (this.pos < this.source.length && !this.isLineEnd(this.pos)) {
      this.pos++;
    }
    this.comments.push({ from, to: this.pos });
  }

  /** A backslash at the end of a line, and the line end, are blanks. */
  protected continuation(): boolean {
    const length = this.continuationAt(this.pos);
    this.blank(this.pos, this.pos + length);
    this.pos += length;
    return length > 0;
  }

  /** The length of a backslash and the line end behind it; 0 where there is none. */
  protected continuationAt(at: number): number {
    const { source } = this;
    return source[at] !== '\\' || !this.isLineEnd(at + 1)
      ? 0
      : source[at + 1] === '\r' && source[at + 2] === '\n'
        ? 3
        : 2;
  }

  protected lineEnd(): void {
    if (this.source.startsWith('\r\n', this.pos)) {
      this.chars[this.pos++] = ' ';
    }
    this.chars[this.pos++] = '\n';
  }

  /** What stands from `at` to the end of its line, with continuation lines, is for IPython. */
  protected island(from: number, at: number, kind: IIsland['kind']): void {
    this.pos = at + this.lineFrom(at).length;
    this.blank(from, this.pos);
    this.chars[from] = '0';
    this.islands.push({ from, to: this.pos, kind });
  }

  protected lineFrom(at: number): string {
    let end = at;
    while (end < this.source.length && !this.isLineEnd(end)) {
      end += this.continuationAt(end) || 1;
    }
    return this.source.slice(at, end);
  }

  protected isLineEnd(at: number): boolean {
    const c = this.source.charCodeAt(at);
    return c === 10 || c === 13;
  }

  /** Takes back what has been made of the source from a place on. */
  protected goBack(at: number): void {
    const { source } = this;
    for (let i = at; i < Math.min(this.pos, source.length); i++) {
      this.chars[i] = source[i];
    }
    while ((this.comments.at(-1)?.from ?? -1) >= at) {
      this.comments.pop();
    }
    this.pos = at;
  }

  protected blank(from: number, to: number): void {
    this.chars.fill(' ', from, to);
  }

  protected readonly chars: string[];
  protected readonly islands: IIsland[] = [];
  protected readonly comments: IRange[] = [];
  private readonly start: number;
}
