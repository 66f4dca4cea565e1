import { applyFix } from '../lint/apply-fix';
import type { IFinding } from '../lint/finding';
import type { INotebook } from '../lint/notebook';
import { analyzeCell } from '../lint/python/analyze-cell';
import type { ICheckResult } from '../lint/result';
import { isLight } from '../lint/rules/fixes';
import { importsOwn } from '../lint/rules/plain';
import type { IEditedCell } from './notebook-edit';

/** Rules whose fixes are guesses at what somebody meant: these are left to people. */
const GUESSES: readonly string[] = [
  'name-undefined',
  'file-name-differs',
  'role-missing'
];

/** Rules whose fixes say what a cell is: what is wrong then was wrong before, and only now to be seen. */
const REVEALING: readonly string[] = ['role-unknown', 'role-conflict'];

/** A notebook after fixes. */
export interface IFixedNotebook {
  readonly notebook: INotebook & { readonly cells: readonly IEditedCell[] };
  readonly result: ICheckResult;
  /** How many fixes were applied. */
  readonly fixes: number;
}

/**
 * Apply fixes, one after the other, each on what the last one left. A fix after which there is more wrong than before is left out.
 *
 * @param check Checks the notebook as it is.
 */
export function fixNotebook(
  before: INotebook,
  check: (notebook: INotebook) => ICheckResult
): IFixedNotebook {
  let notebook: IFixedNotebook['notebook'] = {
    ...before,
    cells: before.cells.map((cell, origin) => ({ ...cell, origin }))
  };
  let result = check(notebook);
  let fixes = 0;
  const refused = new Set<string>();
  for (;;) {
    const next = result.findings.find(
      finding =>
        finding.fix &&
        !GUESSES.includes(finding.rule) &&
        !refused.has(keyOf(finding, notebook))
    );
    if (!next?.fix) {
      return { notebook, result, fixes };
    }
    const fixed = applyFix(notebook, next.fix);
    const cells = fixed.cells.map(cell => ({
      ...cell,
      origin: originOf(cell)
    }));
    const after = check(fixed);
    const isBetter =
      REVEALING.includes(next.rule) || weight(after) < weight(result);
    if (isBetter && !burdensDashboard(next, notebook, result, after)) {
      notebook = { ...fixed, cells };
      result = after;
      fixes++;
    } else {
      refused.add(keyOf(next, notebook));
    }
  }
}

/**
 * Whether a fix has a cell run for the dashboard that did not: only imports and literals are moved there unasked, since nobody can tell
 * how much work other code is, modules of one's own among it that the dashboard does not ask for. A misspelled role is somebody's own word.
 */
function burdensDashboard(
  { rule, fix, name }: IFinding,
  { cells }: INotebook,
  before: ICheckResult,
  after: ICheckResult
): boolean {
  const isShown = ({ cells: all }: ICheckResult, cell: number): boolean =>
    ['downstream', 'shared'].includes(all[cell].role);
  return (
    rule !== 'role-unknown' &&
    (fix?.tags ?? []).some(({ cell }) => {
      const added = (fix?.insert ?? []).filter(each => each.before <= cell);
      const code = { facts: analyzeCell(cells[cell].source) };
      return (
        !isShown(before, cell) &&
        isShown(after, cell + added.length) &&
        (!isLight(code) || importsOwn(code, name === undefined ? [] : [name]))
      );
    })
  );
}

/** What is wrong in all: an error outweighs any number of lesser findings. */
function weight({ findings }: ICheckResult): number {
  const of = (severity: IFinding['severity']): number =>
    findings.filter(each => each.severity === severity).length;
  return of('error') * 1e8 + of('warning') * 1e4 + of('info');
}

/** A finding, however cells have moved. */
function keyOf(
  { cell, rule, name }: IFinding,
  { cells }: IFixedNotebook['notebook']
): string {
  return JSON.stringify([cells[cell].origin, cells[cell].source, rule, name]);
}

function originOf(cell: object): number | null {
  return 'origin' in cell && typeof cell.origin === 'number'
    ? cell.origin
    : null;
}
