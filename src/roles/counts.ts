import type { IFinding } from '../lint/finding';
import type { Severity } from '../workload/role-policy';
import type { CellRole } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import type { ICellRoleState } from './model';

/** How many cells have which role, and what was found. */
export interface IRoleCounts {
  /** Cells by role; `none` counts only those that need one. */
  readonly roles: Readonly<Record<CellRole, number>>;
  readonly findings: Readonly<Record<Severity, number>>;
}

/**
 * Rules that the counts of roles tell already: a cell without role is no mix-up besides.
 */
const TOLD_BY_ROLE: ReadonlySet<string> = new Set([
  'role-missing',
  'role-conflict'
]);

/** Count cells by role, and findings by severity. */
export function countRoles(
  cells: readonly ICellRoleState[],
  findings: readonly IFinding[]
): IRoleCounts {
  const roles = { upstream: 0, downstream: 0, shared: 0, none: 0, conflict: 0 };
  for (const { role, needsRole } of cells) {
    if (role !== 'none' || needsRole) {
      roles[role] += 1;
    }
  }
  const bySeverity = { error: 0, warning: 0, info: 0 };
  for (const { rule, severity } of findings) {
    if (!TOLD_BY_ROLE.has(rule)) {
      bySeverity[severity] += 1;
    }
  }
  return { roles, findings: bySeverity };
}

/** “12 upstream · 7 downstream · 2 without role · 1 mix-up”: what there is none of is left out. */
export function countsSentence(
  counts: IRoleCounts,
  trans: ITranslator
): string {
  const { roles, findings } = counts;
  const parts: [number, (n: number) => string][] = [
    [roles.upstream, n => trans._n('%1 upstream', '%1 upstream', n)],
    [roles.downstream, n => trans._n('%1 downstream', '%1 downstream', n)],
    [roles.shared, n => trans._n('%1 shared', '%1 shared', n)],
    [roles.none, n => trans._n('%1 without role', '%1 without role', n)],
    [
      roles.conflict,
      n => trans._n('%1 with two roles', '%1 with two roles', n)
    ],
    [findings.error, n => trans._n('%1 mix-up', '%1 mix-ups', n)],
    [findings.warning, n => trans._n('%1 warning', '%1 warnings', n)]
  ];
  const told = parts.filter(([n]) => n > 0).map(([n, say]) => say(n));
  return told.length === 0 ? trans.__('No cell with a role') : told.join(' · ');
}

/**
 * The counts as the status bar tells them.
 *
 * @param isChecked False where nobody looks for mix-ups: then none counted does not mean that there is none.
 */
export function statusSentence(
  counts: IRoleCounts,
  isChecked: boolean,
  trans: ITranslator
): string {
  const sentence = countsSentence(counts, trans);
  return isChecked ? sentence : trans.__('%1 · not checked', sentence);
}

/** What weighs most of some findings; null without any. */
export function worstSeverity(
  findings: readonly { readonly severity: Severity }[]
): Severity | null {
  for (const severity of ['error', 'warning', 'info'] as const) {
    if (findings.some(finding => finding.severity === severity)) {
      return severity;
    }
  }
  return null;
}
