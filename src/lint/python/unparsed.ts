import type { IRange } from '../finding';
import { identifiersIn } from './tokens';
import type { Walk } from './walk';

/** Texts, which are blanked to `aaa` in mended source. */
const BLANKED = /("""|'''|"|')a*\1?/g;

/** Says that a stretch of code could not be understood: what it may bind counts as possibly bound. */
export function unparsed(
  walk: Walk,
  range: IRange,
  reason: string | null
): void {
  const { source } = walk;
  const text =
    reason === null
      ? source.code.slice(range.from, range.to).replace(BLANKED, ' ')
      : source.text(range);
  if (text.trim() === '') {
    return;
  }
  const { from } = range;
  const to = from + source.text(range).trimEnd().length;
  walk.unparsed.push({
    from,
    to,
    reason: reason ?? 'this is no Python that can be read'
  });
  const known = identifiersIn(source.text(range));
  const blanked = new Set(identifiersIn(text));
  const names = known.filter(
    name =>
      (reason !== null ||
        blanked.has(name) ||
        /^(?:print|match|case|type)$/.test(name)) &&
      walk.scope.bindsGlobal(name)
  );
  if (names.length > 0) {
    walk.emit({ kind: 'unknown', names, why: 'unparsed', from, to });
  }
}
