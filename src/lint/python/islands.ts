import type { IIsland } from './lexer';
import { unparsed } from './unparsed';
import type { Walk } from './walk';

/** Emits what a line of IPython's own syntax does, or says that a line cannot be read. */
export function islandSteps(walk: Walk, island: IIsland): void {
  if (island.kind === 'broken') {
    unparsed(walk, island, island.reason ?? '');
  }
}
