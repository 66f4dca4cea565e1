import { isKnownModule } from '../python/known-modules';
import { stringValue } from '../python/literals';
import { leafSteps } from '../python/walk-steps';
import type { ICheckedCell } from '../rule';
import { importsOf, isCall } from './fixes';

/** Line magics that say how figures look, or load what has changed. */
const SHOWS =
  /^%(?:matplotlib|config|autoreload|(?:re)?load_ext\s+autoreload)\b/;

/**
 * Whether what stands between two offsets of a cell may as well run before an import as after it: imports, literals, texts, and
 * functions and classes whose definition calls nothing.
 */
export function isPlain(
  { cell, facts }: Pick<ICheckedCell, 'cell' | 'facts'>,
  before = Infinity,
  after = 0
): boolean {
  if (facts === null || facts.isBlank) {
    return true;
  }
  const isBetween = ({ from }: { readonly from: number }): boolean =>
    from >= after && from < before;
  return (
    facts.language === 'python' &&
    !facts.unparsed.some(isBetween) &&
    facts.statements
      .filter(isBetween)
      .every(({ kind, isLiteral, from, to }) => {
        const text = cell.source.slice(from, to);
        switch (kind) {
          case 'import':
          case 'function':
          case 'class':
            return true;
          case 'assignment':
            return isLiteral === true;
          case 'magic':
            return SHOWS.test(text);
          case 'other':
            return isText(text);
        }
      }) &&
    [...leafSteps(facts.steps)]
      .filter(isBetween)
      .every(
        step =>
          !['file', 'folder', 'environment', 'mutate'].includes(step.kind) &&
          !isCall(cell, step)
      )
  );
}

/** Whether a cell imports modules that somebody wrote for it, for other names than these. */
export function importsOwn(
  cell: Pick<ICheckedCell, 'facts'>,
  except: readonly string[] = []
): boolean {
  return importsOf(cell).some(
    ({ name, module }) =>
      !isKnownModule(module.module) && !except.includes(name)
  );
}

/** Whether a statement is one text and nothing else, as a docstring is. */
function isText(text: string): boolean {
  return (
    /^[rub]{0,2}(?:'''(?:(?!''').)*'''|"""(?:(?!""").)*"""|'[^'\n]*'|"[^"\n]*")$/is.test(
      text
    ) && stringValue(text) !== null
  );
}
