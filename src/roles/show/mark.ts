import type { IFinding } from '../../lint/finding';
import type { Severity } from '../../workload/role-policy';
import type { CellRole, IRoleTags } from '../../workload/roles';
import type { ITranslator } from '../../workload/translator';
import { countRoles, countsSentence, worstSeverity } from '../counts';
import type { ICellRoleState } from '../model';
import { roleSentence, ROLE_LETTERS, SEVERITY_SIGNS } from '../role-text';

/** What stands at a cell. */
export interface ICellMark {
  /** Null where a cell needs no role and has none, but there is something to tell of it. */
  readonly role: CellRole | null;
  readonly finding: Severity | null;
  /** The letter and the sign of the findings. */
  readonly letter: string;
  readonly sign: string;
  /** All of it in words. */
  readonly title: string;
}

/** How many findings a cell's mark tells in words; the panel has them all. */
const TOLD = 3;

/**
 * What stands at a cell: its role, and the worst of what was found in it.
 *
 * @returns Null where nothing stands: the cell needs no role, has none, and nothing was found.
 */
export function cellMark(
  cell: ICellRoleState,
  findings: readonly IFinding[],
  tags: IRoleTags,
  trans: ITranslator
): ICellMark | null {
  const role = cell.role !== 'none' || cell.needsRole ? cell.role : null;
  const finding = worstSeverity(findings);
  if (role === null && finding === null) {
    return null;
  }
  const lines = role === null ? [] : [roleSentence(role, tags, trans)];
  lines.push(...findings.slice(0, TOLD).map(({ message }) => message));
  if (findings.length > TOLD) {
    lines.push(
      trans._n('… and %1 more', '… and %1 more', findings.length - TOLD)
    );
  }
  return {
    role,
    finding,
    letter: role === null ? '' : ROLE_LETTERS[role],
    sign: finding === null ? '' : SEVERITY_SIGNS[finding],
    title: lines.join('\n')
  };
}

/**
 * What stands at a collapsed heading: its own mark, and the worst of the cells that it hides.
 *
 * @param own The mark of the heading's cell.
 * @param cells The hidden cells.
 * @param findings What was found in them.
 * @returns The heading's own mark where every hidden cell has its role, and there is neither error nor warning.
 */
export function withFolded(
  own: ICellMark | null,
  cells: readonly ICellRoleState[],
  findings: readonly IFinding[],
  trans: ITranslator
): ICellMark | null {
  const counts = countRoles(cells, findings);
  const { conflict, none } = counts.roles;
  const role = conflict > 0 ? 'conflict' : none > 0 ? 'none' : null;
  const grave = findings.filter(({ severity }) => severity !== 'info');
  if (role === null && grave.length === 0) {
    return own;
  }
  const finding = worstSeverity([
    ...grave,
    ...(own?.finding ? [{ severity: own.finding }] : [])
  ]);
  const shown = role ?? own?.role ?? null;
  const below = trans.__(
    'Hidden below this heading: %1.',
    countsSentence(counts, trans)
  );
  return {
    role: shown,
    finding,
    letter: shown === null ? '' : ROLE_LETTERS[shown],
    sign: finding === null ? '' : SEVERITY_SIGNS[finding],
    title: own ? `${own.title}\n${below}` : below
  };
}

/** Findings by the id of their cell, in order; cells without any are left out. */
export function findingsById(
  findings: readonly IFinding[],
  cells: readonly { readonly id: string }[]
): ReadonlyMap<string, readonly IFinding[]> {
  const byId = new Map<string, IFinding[]>();
  for (const finding of findings) {
    const id = cells[finding.cell]?.id;
    if (id === undefined) {
      continue;
    }
    const list = byId.get(id);
    if (list) {
      list.push(finding);
    } else {
      byId.set(id, [finding]);
    }
  }
  return byId;
}
