import type { IImport } from '../python/facts';
import { unionOfCells } from './name-table';
import { knownText } from './paths';
import type {
  IMutation,
  IResolvedFile,
  IRunFlow,
  IRunImport,
  ISite,
  IUnresolved,
  RunName
} from './run-flow';

/** Names that are not bound, each once: the surest, then the first. */
export type UnresolvedNames = Map<string, IUnresolved>;

/** Add to the names that are not bound; with `maybe`, none for more than that. */
export function addUnresolved(
  names: UnresolvedNames,
  found: IUnresolved,
  certainty: IUnresolved['certainty'] = found.certainty
): void {
  const before = names.get(found.name);
  if (!before || (before.certainty === 'maybe' && certainty === 'certain')) {
    names.set(
      found.name,
      found.certainty === certainty ? found : { ...found, certainty }
    );
  }
}

/** Gathers what happens in a run. */
export class Recorder {
  /** End a cell: names that were not bound there. */
  addCell(unresolved: UnresolvedNames): void {
    this._unresolved.push(...unresolved.values());
  }

  read(cell: number, name: string, definedBy: readonly number[]): void {
    let reads = this._reads.get(cell);
    if (!reads) {
      reads = new Map();
      this._reads.set(cell, reads);
    }
    const before = reads.get(name);
    if (before !== definedBy) {
      reads.set(name, before ? unionOfCells([before, definedBy]) : definedBy);
    }
  }

  bind(cell: number, name: string): void {
    const cells = this._definitions.get(name);
    if (!cells) {
      this._definitions.set(name, [cell]);
    } else if (cells[cells.length - 1] !== cell) {
      cells.push(cell);
    }
  }

  file(file: IResolvedFile): void {
    const key = `${file.cell} ${file.access} ${knownText(file.path) ?? `?${file.path.join('?')}`}`;
    addSurest(this._files, key, file, file.guarded);
  }

  imports(
    site: ISite,
    name: string,
    module: IImport,
    certainty: IRunImport['certainty'],
    repeats: readonly number[]
  ): void {
    addSurest(
      this._imports,
      `${site.cell} ${name} ${module.text}`,
      { ...site, name, module, certainty, repeats },
      module.guarded
    );
  }

  mutate(site: ISite, name: string, objectFrom: readonly number[]): void {
    const key = `${site.cell} ${name}`;
    if (!this._mutations.has(key)) {
      this._mutations.set(key, { ...site, name, objectFrom });
    }
  }

  finish(run: RunName, cells: readonly number[]): IRunFlow {
    return {
      run,
      cells,
      unresolved: this._unresolved,
      files: [...this._files.values()],
      imports: [...this._imports.values()],
      mutations: [...this._mutations.values()],
      reads: this._reads,
      definitions: this._definitions
    };
  }

  private readonly _unresolved: IUnresolved[] = [];
  private readonly _reads = new Map<number, Map<string, readonly number[]>>();
  private readonly _definitions = new Map<string, number[]>();
  private readonly _files = new Map<string, IResolvedFile>();
  private readonly _imports = new Map<string, IRunImport>();
  private readonly _mutations = new Map<string, IMutation>();
}

/** Keep of the same the one that is surest. */
function addSurest<T extends { readonly certainty: 'certain' | 'maybe' }>(
  known: Map<string, T>,
  key: string,
  found: T,
  isGuarded: boolean
): void {
  const before = known.get(key);
  if (
    !before ||
    (before.certainty === 'maybe' &&
      found.certainty === 'certain' &&
      !isGuarded)
  ) {
    known.set(key, found);
  }
}
