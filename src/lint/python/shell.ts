import type { IRange } from '../finding';
import type { Text } from './facts';
import type { Walk } from './walk';

/** Programs that write files whose names stand anywhere in the line, or nowhere. */
const WRITES =
  /(?:^|[\s;&|!(])(?:cp|curl|ffmpeg|git|gunzip|gzip|install|ln|make|mv|node|pip|python\d?|rsync|scp|sed\s+-i|sh|bash|tar|tee|touch|unzip|wget|zip)(?=\s|$)/;

/** Where a shell line sends what it says: `> path`, `>> {name}`. */
const REDIRECTED =
  /(?<![\d&<=-])(?:1|&)?>>?\s*(?:(['"]?)([\w./-]+)\1|\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|(?=\S))/g;

/**
 * Emits the files that a shell line writes: those that it sends its output to, and, for programs that write, one of which nothing is
 * known.
 */
export function shellWrites(walk: Walk, range: IRange): void {
  const text = walk.source.text(range);
  const paths: Text[] = WRITES.test(text) ? [{ kind: 'unknown' }] : [];
  for (const [, , literal, ...names] of text.matchAll(REDIRECTED)) {
    const name = names.find(one => one !== undefined);
    if (literal?.startsWith('/dev/') === true) {
      continue;
    }
    paths.push(
      literal !== undefined
        ? { kind: 'literal', value: literal }
        : name !== undefined
          ? { kind: 'name', name }
          : { kind: 'unknown' }
    );
  }
  const { from, to } = range;
  for (const path of paths) {
    const guarded = false;
    walk.emit({
      kind: 'file',
      access: 'write',
      path,
      by: '!',
      guarded,
      from,
      to
    });
  }
}
