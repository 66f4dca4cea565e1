import type { IRange } from '../finding';
import type { IIsland } from './lexer';
import { identifier } from './tokens';

/** The source of a cell, by which nodes of the tree are read: the tree itself is made of mended source. */
export class Source {
  constructor(
    readonly value: string,
    /** The same, mended: the same length, texts blanked. */
    readonly code: string,
    islands: readonly IIsland[]
  ) {
    this.islands = new Map(islands.map(island => [island.from, island]));
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

  private readonly islands: ReadonlyMap<number, IIsland>;
}
