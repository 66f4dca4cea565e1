import type { IToken } from './tokens';

/** The tokens of a logical line, and the characters of the source, to be rewritten without a change of length. */
export class TokenEditor {
  constructor(
    protected readonly chars: string[],
    protected readonly tokens: readonly IToken[]
  ) {}

  /** Unpacking stars at the level of the first token become signs. */
  protected plus(from: number, to: number): void {
    const depth = this.tokens[from]?.depth;
    for (let i = from; i < Math.min(to, this.tokens.length); i++) {
      const before = this.tokens[i - 1]?.text;
      if (
        this.tokens[i].text === '*' &&
        this.tokens[i].depth === depth &&
        (i === from || before === ',' || before === 'in')
      ) {
        this.put(i, '+');
      }
    }
  }

  protected replaceCommas(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (this.tokens[i].text === ',' && this.tokens[i].depth === 0) {
        this.put(i, i === to - 1 ? ' ' : '|');
      }
    }
  }

  /** The index of the colon that ends a compound statement's header; the number of tokens where there is none. */
  protected blockColon(from: number): number {
    const { tokens } = this;
    let lambdas = 0;
    for (let i = from; i < tokens.length; i++) {
      const token = tokens[i];
      if (token.depth > 0) {
        continue;
      }
      if (token.text === 'lambda') {
        lambdas++;
      } else if (token.text === ':' && lambdas-- === 0) {
        return i;
      }
    }
    return tokens.length;
  }

  protected find(text: string, from: number, depth: number): number {
    const { tokens } = this;
    for (let i = from; i < tokens.length && tokens[i].depth >= depth; i++) {
      if (tokens[i].text === text && tokens[i].depth === depth) {
        return i;
      }
    }
    return tokens.length;
  }

  /** The index of the bracket around a token; -1 outside of all. */
  protected opener(at: number): number {
    const { tokens } = this;
    for (let i = at - 1; i >= 0; i--) {
      if (tokens[i].depth === tokens[at].depth - 1 && tokens[i].partner > at) {
        return i;
      }
    }
    return -1;
  }

  protected put(i: number, text: string): void {
    for (let k = 0; k < text.length; k++) {
      this.chars[this.tokens[i].from + k] = text[k];
    }
  }

  protected fill(from: number, to: number, text: string): void {
    this.chars.fill(text, from, to);
  }
}
