import type { IFix } from '../finding';
import type { ICheckedCell, IRuleContext } from '../rule';
import type { INameProblem } from './names';
import type { IImport, Step } from '../python/facts';
import { isKnownModule, isStandard } from '../python/known-modules';
import { leafSteps } from '../python/walk-steps';
import { importOf } from './names';
import { importsOwn, isPlain } from './plain';
import {
  addImport,
  fixOf,
  hasDefinitionsOnly,
  importsOf,
  isLight,
  isListed,
  removeImport,
  tagAs
} from './fixes';

/**
 * A fix for a name that only cells of the other role define: have what defines it run on both machines, where that is cheap.
 *
 * That is so for imports, for literals, and for functions that find on both machines what they use. Packages that need the other machine
 * stay where they are.
 */
export function shareDefinition(
  { use, cells: definers }: INameProblem,
  context: IRuleContext
): IFix | undefined {
  const { cells, policy, trans } = context;
  const before = definers.filter(cell => cell < use.cell);
  if (before.length === 0) {
    return undefined;
  }
  const definer = cells[before[before.length - 1]];
  const isHeavy = importsOf(definer).some(({ module }) =>
    isListed(module, policy.heavyPackages)
  );
  const hasOneRole =
    definer.role === 'upstream' || definer.role === 'downstream';
  const isCheap = isLight(definer) || isMovable(definer, context);
  const imported = importOf(definer, use.name);
  if (imported && isFoundUpstreamOnly(imported, definer, context)) {
    return undefined;
  }
  const move = () =>
    imported && !isListed(imported, policy.heavyPackages)
      ? moveImport(definer, use.name, context)
      : undefined;
  if (hasOneRole && isCheap && !isHeavy) {
    // Nobody's own modules run for the dashboard because others that are imported beside them are needed there.
    const moved = importsOwn(definer, [use.name]) ? move() : undefined;
    return (
      moved ??
      fixOf(trans.__('Tag cell %1 %2', definer.index + 1, policy.tags.shared), {
        tags: [tagAs(definer, 'shared', policy)]
      })
    );
  }
  return move();
}

/** Whether a module of one's own is looked for, made or installed by what an upstream cell before says. */
function isFoundUpstreamOnly(
  { module }: IImport,
  { index }: ICheckedCell,
  { cells }: IRuleContext
): boolean {
  return (
    !isKnownModule(module) &&
    cells
      .slice(0, index)
      .some(
        ({ role, cell }) =>
          (role === 'upstream' || role === 'conflict') &&
          SETS_UP_MODULES.test(cell.source)
      )
  );
}

const SETS_UP_MODULES =
  /\bsys\s*\.\s*path\b|\b(?:pip|conda|mamba|uv)\b.*\b(?:add|install)\b|%%writefile|%cd\b|\bchdir\b/;

/** Whether a cell only imports, sets literals and defines functions that work on any machine: without files, and with names of all runs. */
function isMovable(
  cell: ICheckedCell,
  { cells, flow, policy }: IRuleContext
): boolean {
  const { facts } = cell;
  if (!facts || !hasDefinitionsOnly(cell)) {
    return false;
  }
  const own = new Set(
    [...leafSteps(facts.steps)].flatMap(step =>
      step.kind === 'bind' ? [step.name] : []
    )
  );
  const isEverywhere = (name: string): boolean => {
    const definers = flow.definersOf(name);
    return (
      definers.length === 0 ||
      definers.some(each => cells[each].role === 'shared')
    );
  };
  const works = (steps: readonly Step[]): boolean =>
    [...leafSteps(steps)].every(step => {
      switch (step.kind) {
        case 'use':
          return own.has(step.name) || isEverywhere(step.name);
        case 'import':
          return !isListed(step.module, policy.heavyPackages);
        case 'bind':
          return step.value.kind !== 'function' || works(step.value.body);
        default:
          return step.kind === 'mutate';
      }
    });
  return works(facts.steps);
}

/**
 * Move an import to a shared cell that has imports already and runs before; else to a new one.
 *
 * What runs between there and here must not matter to it: it may say where modules are found, install them, or set what they read when
 * they are imported.
 */
function moveImport(
  definer: ICheckedCell,
  name: string,
  { cells, policy, trans }: IRuleContext
): IFix | undefined {
  const found = importsOf(definer).find(each => each.name === name);
  const removal = found && removeImport(definer, found.module);
  if (!found || !removal || found.module.module === '__future__') {
    return undefined;
  }
  const { module, statement } = found.module;
  const isAnywhere = isStandard(module);
  if (!isAnywhere && !isPlain(definer, statement.from)) {
    return undefined;
  }
  const home = cells
    .slice(0, definer.index)
    .findLast(
      each =>
        each.role === 'shared' &&
        importsOf(each).length > 0 &&
        !each.cell.tags.includes('injected-parameters')
    );
  const isNear =
    home !== undefined &&
    (isAnywhere ||
      (isPlain(home, Infinity, endOfImports(home)) &&
        cells
          .slice(home.index + 1, definer.index)
          .every(each => isPlain(each))));
  return isNear
    ? fixOf(
        trans.__(
          'Move the import to the %1 cell %2',
          policy.tags.shared,
          home.index + 1
        ),
        { edits: [removal, addImport(home, found.module)] }
      )
    : fixOf(trans.__('Move the import to a new %1 cell', policy.tags.shared), {
        edits: [removal],
        insert: [
          {
            before: definer.index,
            source: found.module.text,
            tags: [policy.tags.shared]
          }
        ]
      });
}

/** Where the last import of a cell ends. */
function endOfImports(cell: ICheckedCell): number {
  return Math.max(...importsOf(cell).map(({ module }) => module.statement.to));
}
