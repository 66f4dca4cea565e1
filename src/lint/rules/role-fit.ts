import { knownText, normalPath } from '../flow/paths';
import type { IRunFlow } from '../flow/run-flow';
import type { Role } from '../../workload/roles';
import type { ICheckedCell, IRuleContext } from '../rule';
import { importsOf, isListed } from './fixes';

/**
 * Whether a cell could have a role without a name, a package or a file going missing, as far as the notebook tells.
 *
 * Its names must be there in the runs of the role, and what it defines must not be used by cells of other runs.
 */
export function fitsRole(
  cell: ICheckedCell,
  role: Role,
  { cells, flow, policy }: IRuleContext
): boolean {
  const runs: readonly IRunFlow[] =
    role === 'shared'
      ? [flow.upstream, flow.downstream]
      : [role === 'upstream' ? flow.upstream : flow.downstream];
  const takesPart = runs.every(run => run.cells.has(cell.index));
  const hasNames = runs.every(
    run => !run.unresolved.some(use => use.cell === cell.index)
  );
  const isHeavy = importsOf(cell).some(({ module }) =>
    isListed(module, policy.heavyPackages)
  );
  const users = flow.links[cell.index].defines.flatMap(link => link.cells);
  const isEnough = users.every(
    user =>
      role === 'shared' ||
      cells[user].role === role ||
      cells[user].role === 'none'
  );
  return (
    takesPart &&
    hasNames &&
    isEnough &&
    (role === 'upstream' ||
      (!isHeavy && !readsRawData(cell, flow.upstream, cells)))
  );
}

/** Whether a cell reads a file that an upstream cell reads, too, and that upstream does not write. */
function readsRawData(
  cell: ICheckedCell,
  upstream: IRunFlow,
  cells: readonly ICheckedCell[]
): boolean {
  const pathsOf = (access: string, index?: number): readonly string[] =>
    upstream.files
      .filter(
        file =>
          file.access === access &&
          (index === undefined
            ? cells[file.cell].role === 'upstream'
            : file.cell === index)
      )
      .flatMap(({ path }) => {
        const known = knownText(path);
        return known === null ? [] : [normalPath(known)];
      });
  const raw = pathsOf('read').filter(path => !pathsOf('write').includes(path));
  return pathsOf('read', cell.index).some(path => raw.includes(path));
}
