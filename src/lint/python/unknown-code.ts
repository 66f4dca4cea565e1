import type { IRange } from '../finding';
import type { IUnknown } from './facts';
import type { Walk } from './walk';

/** Emits code that nobody can see: it may bind any name, and write any file. */
export function runsUnknown(
  walk: Walk,
  { from, to }: IRange,
  why: IUnknown['why']
): void {
  walk.emit({ kind: 'unknown', names: null, why, from, to });
  writesUnknown(walk, { from, to });
}

/** Emits that something is written of which nothing is known. */
export function writesUnknown(walk: Walk, { from, to }: IRange): void {
  walk.emit({
    kind: 'file',
    access: 'write',
    path: { kind: 'unknown' },
    by: '!',
    guarded: false,
    from,
    to
  });
}
