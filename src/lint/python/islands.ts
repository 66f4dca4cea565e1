import type { IRange } from '../finding';
import { lineMagic } from './line-magics';
import { shellWrites } from './shell';
import type { IIsland } from './tokens';
import { unparsed } from './unparsed';
import { identifiersIn } from './tokens';
import type { Walk } from './walk';

/** Emits what a line of IPython's own syntax does, or says that a line cannot be read. */
export function islandSteps(walk: Walk, island: IIsland): void {
  if (island.kind === 'broken') {
    unparsed(walk, island, island.reason ?? '');
    return;
  }
  const text = walk.source.text(island);
  const { from, to } = island;
  if (island.kind === 'help' || text.startsWith('?') || /\?\s*$/.test(text)) {
    return;
  }
  if (text.startsWith('!')) {
    interpolated(walk, island);
    shellWrites(walk, island);
  } else if (text.startsWith('%')) {
    lineMagic(walk, island, /^%+/.exec(text)?.[0].length ?? 1);
  } else {
    // `/f x`, `,f a b` and `;f a` call f.
    walk.emit({ kind: 'unknown', names: null, why: 'magic', from, to });
  }
}

/** Emits the names that IPython puts into a line: `{name}` and `$name`. What it cannot evaluate stays as it is, so none can fail. */
export function interpolated(walk: Walk, range: IRange): void {
  const text = walk.source.text(range);
  const names = new Set<string>();
  for (const [, field, name] of text.matchAll(
    /\{([^{}]*)\}|\$+([A-Za-z_]\w*)/g
  )) {
    for (const one of name === undefined ? identifiersIn(field) : [name]) {
      names.add(one);
    }
  }
  walk.guarded({ names: true }, () => {
    for (const name of names) {
      walk.use(name, range, 'read');
    }
  });
}
