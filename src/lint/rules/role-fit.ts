import { isGlob } from '../flow/paths';
import { knownText } from '../flow/patterns';
import type { IRunFlow } from '../flow/run-flow';
import { leafSteps } from '../python/walk-steps';
import type { Role } from '../../workload/roles';
import type { ICheckedCell, IRuleContext } from '../rule';
import { fileProblems } from './files';
import { importsOf, isListed } from './fixes';

/**
 * Whether a cell could have a role without a name, a package or a file going missing, as far as the notebook tells.
 *
 * Its names must be there in the runs of the role, and what it defines must not be used by cells of other runs.
 */
export function fitsRole(
  cell: ICheckedCell,
  role: Role,
  context: IRuleContext
): boolean {
  const { cells, flow, policy } = context;
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
      (!isHeavy && !startsPrograms(cell) && hasFiles(cell, role, context)))
  );
}

/** Whether a cell hands work to the shell or to other programs, jobs of the cluster among them. */
function startsPrograms({ cell, facts }: ICheckedCell): boolean {
  return (
    facts?.language === 'other' ||
    /(?:^|[=;])[ \t]*!/m.test(cell.source) ||
    [...leafSteps(facts?.steps ?? [])].some(
      step =>
        step.kind === 'use' &&
        (step.name === 'subprocess' ||
          (step.name === 'os' &&
            /^(?:system|popen|spawn|exec)/.test(step.attributes[0] ?? '')))
    )
  );
}

/** Whether the files that a cell reads would be there; what writes files belongs upstream. */
function hasFiles(
  cell: ICheckedCell,
  role: Role,
  context: IRuleContext
): boolean {
  const files = context.flow.downstream.files.filter(
    file => file.cell === cell.index
  );
  if (files.length === 0) {
    return true;
  }
  const cells = context.cells.map(each =>
    each.index === cell.index ? { ...each, role } : each
  );
  return (
    files.every(({ access, path }) => {
      const known = knownText(path);
      // Data that come in parts, or under names that nobody can tell, are raw as often as not.
      return access === 'read' && known !== null && !isGlob(known);
    }) &&
    fileProblems({ ...context, cells }).every(
      ({ read }) => read.cell !== cell.index
    )
  );
}
