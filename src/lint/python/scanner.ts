import type { IRange } from '../finding';

/** A place in a source that moves on, and the source's UTF-16 units, to be rewritten one by one. */
export class Scanner {
  /** What stands before `pos` is blanked. */
  constructor(
    protected readonly source: string,
    protected pos: number
  ) {
    this.chars = source.split('');
    this.blank(0, pos);
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

  protected blank(from: number, to: number): void {
    this.chars.fill(' ', from, to);
  }

  protected readonly chars: string[];
  protected readonly comments: IRange[] = [];
}
