import type { NotebookFlow } from '../flow/flow';
import {
  isAddress,
  isGlob,
  knownText,
  normalPath,
  touches
} from '../flow/paths';
import type { IResolvedFile } from '../flow/run-flow';
import { showsFile } from '../python/file-tables';
import type { ICheckedCell, IRuleContext } from '../rule';

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
  const isWrite = ({ access }: IResolvedFile): boolean => access === 'write';
  const upstream = flow.upstream.files.filter(isWrite);
  const downstream = flow.downstream.files.filter(isWrite);
  const writes = [...upstream, ...downstream];
  const problems: IFileProblem[] = [];
  for (const { read, path } of readsDownstream(cells, flow)) {
    const isDownstream = cells[read.cell].role === 'downstream';
    const isWritten =
      // The upstream run ends before the downstream one begins; within a run, what happens goes by its order.
      upstream.some(
        write =>
          (isDownstream || write.cell < read.cell) && mayWrite(write, path)
      ) ||
      flow.downstream.files
        .slice(0, flow.downstream.files.indexOf(read))
        .some(write => isWrite(write) && mayWrite(write, path));
    if (isWritten) {
      continue;
    }
    const mayBeWritten = writes.some(({ path: written }) =>
      written.every(piece => piece === null)
    );
    const problem = { read, path, mayBeWritten };
    const source = flow.upstream.files.find(
      file =>
        file.access === 'read' &&
        cells[file.cell].role === 'upstream' &&
        !showsFile(file.by) &&
        touches(file.path, path) &&
        file.path.some(piece => piece !== null)
    );
    if (source) {
      problems.push({ ...problem, cause: 'source', other: source });
      continue;
    }
    // What is made in parts is found by other means.
    if (read.guarded || isGlob(path) || exists(path) === true) {
      continue;
    }
    const meant = nearWrite(path, writes, cells, flow);
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
): readonly { readonly read: IResolvedFile; readonly path: string }[] {
  return flow.downstream.files.flatMap(read => {
    const path = knownText(read.path);
    const { role } = cells[read.cell];
    return read.access === 'read' &&
      path !== null &&
      path.trim() !== '' &&
      !isAddress(path) &&
      // What is standard input or a device is always there.
      !/^(?:-|\/dev\/|\/proc\/)/.test(path) &&
      (role === 'downstream' || role === 'shared')
      ? [{ read, path }]
      : [];
  });
}

/** Whether what is written may be the file: nothing is said of names of which nothing is known. */
export function mayWrite({ path }: IResolvedFile, read: string): boolean {
  return path.some(piece => piece !== null) && touches(path, read);
}

/** A file that is written under nearly the same name, and that nothing reads under its own. */
function nearWrite(
  path: string,
  writes: readonly IResolvedFile[],
  cells: readonly ICheckedCell[],
  flow: NotebookFlow
): IResolvedFile | null {
  const isRead = (written: string): boolean =>
    flow.downstream.files.some(
      ({ access, path: read }) => access === 'read' && touches(read, written)
    );
  return (
    writes.find(write => {
      const written = knownText(write.path);
      return (
        written !== null &&
        ['upstream', 'shared', 'conflict'].includes(cells[write.cell].role) &&
        isNear(normalPath(written), normalPath(path)) &&
        !isRead(written)
      );
    }) ?? null
  );
}

/** Whether two paths are probably meant to be the same: one in another folder, with another ending, or with a letter or two wrong. */
function isNear(a: string, b: string): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one.name === other.name || one.stem === other.stem) {
    return one.stem !== '';
  }
  const plain = (text: string): string =>
    text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (plain(one.stem) === plain(other.stem)) {
    return true;
  }
  // Other numbers are other files.
  const digits = (text: string): string => text.replace(/\D+/g, ' ').trim();
  return (
    one.folder === other.folder &&
    digits(one.stem) === digits(other.stem) &&
    (sharesWords(one.stem, other.stem) ||
      isTypo(plain(one.stem), plain(other.stem)))
  );
}

function partsOf(path: string): {
  readonly folder: string;
  readonly name: string;
  readonly stem: string;
} {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dot = name.indexOf('.', 1);
  return {
    folder: path.slice(0, slash + 1),
    name,
    stem: dot < 0 ? name : name.slice(0, dot)
  };
}

/** `users_by_month` and `users_month`: all words of one are in the other. */
function sharesWords(a: string, b: string): boolean {
  const words = (text: string): readonly string[] =>
    text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const [few, many] = [words(a), words(b)].sort((x, y) => x.length - y.length);
  return few.every(
    word =>
      word.length > 2 &&
      many.some(
        each =>
          each.startsWith(word) || (word.startsWith(each) && each.length > 2)
      )
  );
}

/** Whether one text becomes the other by one or two letters that are wrong, missing or swapped. */
function isTypo(a: string, b: string): boolean {
  const longest = Math.max(a.length, b.length);
  const most = longest >= 8 ? 2 : longest >= 4 ? 1 : 0;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++;
  }
  const [x, y] = [a.length - start - end, b.length - start - end];
  return Math.max(x, y) <= most && start + end > 0;
}
