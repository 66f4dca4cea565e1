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

  /** Runs an action that reads the body of a class, in which names such as `__x` are private. */
  inClass<T>(name: string, action: () => T): T {
    const before = this.className;
    this.className = name.replace(/^_+/, '');
    try {
      return action();
    } finally {
      this.className = before;
    }
  }

  /** A name, as Python keeps it: `__x` in the class `A` is `_A__x`. */
  name(range: IRange): string {
    const name = identifier(this.text(range));
    return this.className !== '' &&
      name.startsWith('__') &&
      !name.endsWith('__')
      ? `_${this.className}${name}`
      : name;
  }

  /** What stands in the source where the tree has the number `0`, if it is no Python. */
  islandAt(range: IRange): IIsland | undefined {
    return this.islands.get(range.from);
  }

  private className = '';
  private islands: ReadonlyMap<number, IIsland> = new Map();
}
