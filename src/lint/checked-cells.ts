import type { IRolePolicy } from '../workload/role-policy';
import { cellRole } from '../workload/roles';
import type { INotebook } from './notebook';
import { analyzeCell } from './python/analyze-cell';
import type { ICellFacts } from './python/facts';
import type { ICheckedCell } from './rule';

/**
 * The cells of a notebook with all that is known of each alone.
 *
 * @param factsOf Facts of a source; a check that is made again and again keeps them.
 */
export function checkedCells(
  { cells }: INotebook,
  policy: IRolePolicy,
  factsOf: (source: string) => ICellFacts = analyzeCell
): readonly ICheckedCell[] {
  return cells.map((cell, index) => {
    const facts = cell.type === 'code' ? factsOf(cell.source) : null;
    return {
      index,
      cell,
      role: cellRole(cell.tags, policy.tags),
      needsRole: facts !== null && !facts.isBlank,
      facts
    };
  });
}
