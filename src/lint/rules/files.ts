import type { NotebookFlow } from '../flow/flow';
import { isAddress, isGlob, knownText } from '../flow/paths';
import type { IResolvedFile } from '../flow/run-flow';
import { showsFile } from '../python/file-tables';
import type { ICheckedCell, IRuleContext } from '../rule';
import { FileIndex } from './file-index';
import { NearPaths } from './near-paths';

/** A file that is read for the dashboard where it should not, or may not, be read. */
export interface IFileProblem {
  readonly read: IResolvedFile;
  /** The path, as the cell names it. */
  readonly path: string;
  readonly cause: 'source' | 'differs' | 'not-written';
  /** Of `source`, the upstream cell that reads it, too; of `differs`, the file that is written instead; else null. */
  readonly other: IResolvedFile | null;
  /** Whether something writes files whose names cannot be told. */
  readonly mayBeWritten: boolean;
}

/** All files that the downstream run reads in vain, each with one cause. */
export function fileProblems({
  cells,
  flow,
  exists
}: IRuleContext): readonly IFileProblem[] {
  const upstream = new FileIndex(flow.upstream.files, isWrite);
  const downstream = new FileIndex(flow.downstream.files, isWrite);
  const sources = new FileIndex(
    flow.upstream.files,
    ({ access, cell, by }) =>
      access === 'read' && cells[cell].role === 'upstream' && !showsFile(by)
  );
  const mayBeWritten = [...flow.upstream.files, ...flow.downstream.files].some(
    file => isWrite(file) && file.path.every(piece => piece === null)
  );
  const near = nearWrites(cells, flow);
  const problems: IFileProblem[] = [];
  for (const { read, at, path } of readsDownstream(cells, flow)) {
    const isDownstream = cells[read.cell].role === 'downstream';
    const isWritten =
      // The upstream run ends before the downstream one begins; within a run, what happens goes by its order.
      upstream
        .matching(path)
        .some(({ file }) => isDownstream || file.cell < read.cell) ||
      downstream.matching(path).some(write => write.at < at);
    if (isWritten) {
      continue;
    }
    const problem = { read, path, mayBeWritten };
    const source = sources.matching(path).at(0)?.file;
    if (source) {
      problems.push({ ...problem, cause: 'source', other: source });
      continue;
    }
    // What is made in parts is found by other means.
    if (read.guarded || isGlob(path) || exists(path) === true) {
      continue;
    }
    const meant = near(path);
    if (meant) {
      problems.push({ ...problem, cause: 'differs', other: meant });
    } else if (exists(path) === false) {
      problems.push({ ...problem, cause: 'not-written', other: null });
    }
  }
  return problems;
}

/** Files that cells which run for the dashboard read, and whose names are known. */
function readsDownstream(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): readonly {
  readonly read: IResolvedFile;
  readonly at: number;
  readonly path: string;
}[] {
  return flow.downstream.files.flatMap((read, at) => {
    const path = knownText(read.path);
    const { role } = cells[read.cell];
    return read.access === 'read' &&
      path !== null &&
      path.trim() !== '' &&
      !isAddress(path) &&
      // What is standard input or a device is always there.
      !/^(?:-|\/dev\/|\/proc\/)/.test(path) &&
      (role === 'downstream' || role === 'shared')
      ? [{ read, at, path }]
      : [];
  });
}

/** Whether an access writes. */
export function isWrite({ access }: IResolvedFile): boolean {
  return access === 'write';
}

/** Finds files that are written under nearly the same name as one that is read, and that nothing reads under their own. */
function nearWrites(
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): (path: string) => IResolvedFile | null {
  const writes = [...flow.upstream.files, ...flow.downstream.files].flatMap(
    file => {
      const written = isWrite(file) ? knownText(file.path) : null;
      return written !== null &&
        ['upstream', 'shared', 'conflict'].includes(cells[file.cell].role)
        ? [{ file, written }]
        : [];
    }
  );
  const near = new NearPaths(writes.map(({ written }) => written));
  const reads = new FileIndex(flow.downstream.files, file => !isWrite(file));
  const isAnyRead = flow.downstream.files.some(
    file => !isWrite(file) && file.path.every(piece => piece === null)
  );
  return path => {
    const found = near
      .near(path)
      .find(i => !isAnyRead && reads.matching(writes[i].written).length === 0);
    return found === undefined ? null : writes[found].file;
  };
}
