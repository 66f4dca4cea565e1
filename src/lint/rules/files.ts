import { isWithin } from '../../workload/role-policy';
import type { IRolePolicy } from '../../workload/role-policy';
import type { NotebookFlow } from '../flow/flow';
import { isAddress, isGlob } from '../flow/paths';
import { isNameless, patternText, placedPath } from '../flow/patterns';
import type { IPlacedPath } from '../flow/patterns';
import type { IResolvedFile } from '../flow/run-flow';
import { showsFile } from '../python/file-tables';
import { isKnownModule } from '../python/known-modules';
import { leafSteps } from '../python/walk-steps';
import type { ICheckedCell, IRuleContext } from '../rule';
import { FileIndex } from './file-index';
import { importOf } from './names';
import { NearPaths } from './near-paths';

/** A file that is read for the dashboard where it should not, or may not, be read. */
export interface IFileProblem {
  readonly read: IResolvedFile;
  /** The path, as the cell names it. */
  readonly path: string;
  readonly cause: 'source' | 'differs' | 'not-written';
  /** Of `source`, the upstream cell that reads it, too; of `differs`, the file that is written instead; else null. */
  readonly other: IResolvedFile | null;
  /** Whether something writes files whose names cannot be told, or may do so. */
  readonly mayBeWritten: boolean;
  /** A module of one's own that may write files, where nothing else does that. */
  readonly ownModule: string | null;
  /** Whether the path begins with what only the run tells, so that nobody knows whether the file is there. */
  readonly isPlaced: boolean;
}

/** Several rules of a check ask the same. */
const KNOWN = new WeakMap<IRuleContext, readonly IFileProblem[]>();

/** All files that the downstream run reads in vain, each with one cause. */
export function fileProblems(context: IRuleContext): readonly IFileProblem[] {
  let problems = KNOWN.get(context);
  if (!problems) {
    problems = findProblems(context);
    KNOWN.set(context, problems);
  }
  return problems;
}

function findProblems({
  cells,
  flow,
  policy,
  exists
}: IRuleContext): readonly IFileProblem[] {
  const upstream = new FileIndex(flow.upstream.files, isWrite);
  const downstream = new FileIndex(flow.downstream.files, isWrite);
  const sources = new FileIndex(
    flow.upstream.files,
    ({ access, cell, by }) =>
      access === 'read' && cells[cell].role === 'upstream' && !showsFile(by)
  );
  const isWrittenUntold = [
    ...flow.upstream.files,
    ...flow.downstream.files
  ].some(file => isWrite(file) && isNameless(file.path));
  const ownModule = isWrittenUntold
    ? null
    : (ownModules(cells, flow, policy).at(0) ?? null);
  const mayBeWritten = isWrittenUntold || ownModule !== null;
  const near = nearWrites(cells, flow);
  const problems: IFileProblem[] = [];
  for (const { read, at, placed } of readsDownstream(cells, flow)) {
    const isDownstream = cells[read.cell].role === 'downstream';
    const isWritten =
      // The upstream run ends before the downstream one begins; within a run, what happens goes by its order.
      upstream
        .matching(placed)
        .some(({ file }) => isDownstream || file.cell < read.cell) ||
      downstream.matching(placed).some(write => write.at < at);
    if (isWritten) {
      continue;
    }
    const { start, rest } = placed;
    const path = patternText(read.path, '');
    const isPlaced = start !== null;
    const problem = { read, path, mayBeWritten, ownModule, isPlaced };
    const source = sources.same(placed).at(0)?.file;
    if (source && !isSettings(rest)) {
      problems.push({ ...problem, cause: 'source', other: source });
      continue;
    }
    if (source && isPlaced) {
      // Nobody can tell whether it is there, and the upstream run counts on it, too.
      continue;
    }
    // What is made in parts is found by other means.
    if (read.guarded || isGlob(rest) || (!isPlaced && exists(rest) === true)) {
      continue;
    }
    const meant = near(placed);
    if (meant) {
      problems.push({ ...problem, cause: 'differs', other: meant });
    } else if (
      isPlaced
        ? start.isText || upstream.hasPlace(start)
        : exists(rest) === false
    ) {
      problems.push({ ...problem, cause: 'not-written', other: null });
    }
  }
  return problems;
}

/** Modules that runs import and nobody but their authors knows: they may write files when they are imported, or called. */
function ownModules(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow,
  { heavyPackages }: IRolePolicy
): readonly string[] {
  const imported = [...flow.upstream.imports, ...flow.downstream.imports].map(
    ({ module }) => module.module
  );
  const stars = cells.flatMap(({ facts }) =>
    [...leafSteps(facts?.steps ?? [])].flatMap(step =>
      step.kind === 'unknown' && step.module !== undefined ? [step.module] : []
    )
  );
  return [...imported, ...stars].filter(
    module => !isKnownModule(module) && !isWithin(module, heavyPackages)
  );
}

/** Files that cells which run for the dashboard read, and whose names are known, if not where they are. */
function readsDownstream(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): readonly {
  readonly read: IResolvedFile;
  readonly at: number;
  readonly placed: IPlacedPath;
}[] {
  const isOwn = ownReaders(cells, flow);
  return flow.downstream.files.flatMap((read, at) => {
    const placed = placedPath(read.path);
    const { role } = cells[read.cell];
    return !isOwn(read.by) &&
      read.access === 'read' &&
      placed !== null &&
      (placed.start ? isFile(placed) : isOwnFile(placed.rest)) &&
      (role === 'downstream' || role === 'shared')
      ? [{ read, at, placed }]
      : [];
  });
}

/** Whether what reads is a function or method that the notebook defines itself, under the name of one of Python or of a library. */
function ownReaders(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): (by: string) => boolean {
  const methods = new Set(
    cells.flatMap(({ facts }) =>
      [...leafSteps(facts?.steps ?? [])].flatMap(step =>
        step.kind === 'bind' && step.value.kind === 'class'
          ? Object.keys(step.value.methods)
          : []
      )
    )
  );
  return by => {
    const names = by.split('.');
    const [first] = names;
    return names.length === 1 &&
      flow.definersOf(first).some(cell => !importOf(cells[cell], first))
      ? true
      : methods.has(names[names.length - 1]) && !isKnownModule(first);
  };
}

function isOwnFile(path: string): boolean {
  return (
    path.trim() !== '' &&
    !isAddress(path) &&
    // What is standard input or a device is always there.
    !/^(?:-|\/dev\/|\/proc\/)/.test(path)
  );
}

/** Whether what only the run tells is followed by a name, or is itself a path for certain: else it may be a buffer. */
function isFile({ start, rest }: IPlacedPath): boolean {
  return rest === '' ? start?.isText === true : /[\p{L}\p{N}]/u.test(rest);
}

/** Whether a file holds settings, by its name: these are no data, and are small. */
function isSettings(path: string): boolean {
  return /(?:\.(?:ya?ml|toml|ini|cfg|conf|env|properties)|(?:^|[/._-])(?:config|configuration|conf|settings?|params|parameters)(?:[._-][^/]*)?\.json[5c]?)$/i.test(
    path
  );
}

/** Whether an access writes. */
export function isWrite({ access }: IResolvedFile): boolean {
  return access === 'write';
}

/** Finds files that are written under nearly the same name as one that is read, and that nothing reads under their own. */
function nearWrites(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): (path: IPlacedPath) => IResolvedFile | null {
  const writes = new Map<
    string,
    { readonly file: IResolvedFile; readonly placed: IPlacedPath }[]
  >();
  for (const file of [...flow.upstream.files, ...flow.downstream.files]) {
    const placed = isWrite(file) ? placedPath(file.path) : null;
    if (
      placed &&
      ['upstream', 'shared', 'conflict'].includes(cells[file.cell].role)
    ) {
      const key = placeKey(placed);
      const others = writes.get(key) ?? [];
      others.push({ file, placed });
      writes.set(key, others);
    }
  }
  const near = new Map(
    [...writes].map(([key, each]) => [
      key,
      new NearPaths(each.map(({ placed }) => placed.rest))
    ])
  );
  const reads = new FileIndex(flow.downstream.files, file => !isWrite(file));
  const isAnyRead = flow.downstream.files.some(
    file => !isWrite(file) && isNameless(file.path)
  );
  return path => {
    const key = placeKey(path);
    const found = (near.get(key)?.near(path.rest) ?? [])
      .flatMap(i => writes.get(key)?.[i] ?? [])
      .find(({ placed }) => !isAnyRead && reads.matching(placed).length === 0);
    return found?.file ?? null;
  };
}

/** The same for paths that begin at the same place. */
function placeKey({ start }: IPlacedPath): string {
  return start?.key ?? '';
}
