import type { IRange } from '../finding';
import type { IIsland, ILexed } from './tokens';
import { identifier } from './tokens';

/** The source of a cell, by which nodes of the tree are read: the tree itself is made of mended source. */
export class Source {
  constructor(readonly value: string) {}

  /** The same, mended: the same length up to its own end, texts blanked. */
  code = '';

  /** Runs an action that reads the tree of a part of the source. */
  within<T>(lexed: ILexed, action: () => T): T {
    const before = { code: this.code, islands: this.islands };
    this.code = lexed.chars.join('');
    this.islands = new Map(lexed.islands.map(island => [island.from, island]));
    try {
      return action();
    } finally {
      this.code = before.code;
      this.islands = before.islands;
    }
  }

  text(range: IRange): string {
    return this.value.slice(range.from, range.to);
  }

  /** The text of a node that may be missing. */
  textOf(range: IRange | undefined): string {
    return range === undefined ? '' : this.text(range);
  }

  /** A name, as Python keeps it. */
  name(range: IRange): string {
    return identifier(this.text(range));
  }

  /** What stands in the source where the tree has the number `0`, if it is no Python. */
  islandAt(range: IRange): IIsland | undefined {
    return this.islands.get(range.from);
  }

  private islands: ReadonlyMap<number, IIsland> = new Map();
}
