import { unionOfCells } from './name-table';
import { patternKey } from './patterns';
import { leastSure } from './run-flow';
import type {
  Certainty,
  IMutation,
  IResolvedFile,
  IRunFlow,
  IRunImport,
  IUnresolved,
  RunName
} from './run-flow';

/** Names that are not bound, each once: the surest, then the first. */
export type UnresolvedNames = Map<string, IUnresolved>;

/** The same, for those who only look. */
export type FoundNames = ReadonlyMap<string, IUnresolved>;

/** Where no name is missing. */
export const NONE: FoundNames = new Map();

/** Add to the names that are not bound, as no surer than it is and than what it happens in. */
export function addUnresolved(
  names: UnresolvedNames,
  found: IUnresolved,
  within: Certainty = 'certain'
): void {
  const certainty = leastSure(found.certainty, within);
  const before = names.get(found.name)?.certainty;
  if (!before || leastSure(before, certainty) !== certainty) {
    names.set(
      found.name,
      found.certainty === certainty ? found : { ...found, certainty }
    );
  }
}

/** Add what was found in alternatives of which one runs: what fails in each of them fails for certain. */
export function addFromAlternatives(
  names: UnresolvedNames,
  alternatives: readonly FoundNames[]
): void {
  for (const found of alternatives) {
    for (const each of found.values()) {
      const always = alternatives.every(
        others => others.get(each.name)?.certainty === 'certain'
      );
      addUnresolved(names, each, always ? 'certain' : 'maybe');
    }
  }
}

/** What happens in one cell of a run. */
export interface ICellEvents {
  readonly unresolved: readonly IUnresolved[];
  readonly files: readonly IResolvedFile[];
  readonly imports: readonly IRunImport[];
  readonly mutations: readonly IMutation[];
  /** By name that is read, the cells that may have bound it. */
  readonly reads: ReadonlyMap<string, readonly number[]>;
  /** The names that are bound. */
  readonly binds: ReadonlySet<string>;
}

/** Gathers what happens in a cell. */
export class Recorder {
  read(name: string, definedBy: readonly number[]): void {
    const before = this._reads.get(name);
    if (before !== definedBy) {
      this._reads.set(
        name,
        before ? unionOfCells([before, definedBy]) : definedBy
      );
    }
  }

  bind(name: string): void {
    this._binds.add(name);
  }

  file(file: IResolvedFile): void {
    const key = `${file.access} ${patternKey(file.path)}`;
    addSurest(this._files, key, file, file.guarded);
  }

  imports(found: IRunImport): void {
    const { name, module } = found;
    addSurest(this._imports, `${name} ${module.text}`, found, module.guarded);
  }

  mutate(mutation: IMutation): void {
    if (!this._mutations.has(mutation.name)) {
      this._mutations.set(mutation.name, mutation);
    }
  }

  finish(unresolved: UnresolvedNames): ICellEvents {
    return {
      unresolved: [...unresolved.values()],
      files: [...this._files.values()],
      imports: [...this._imports.values()],
      mutations: [...this._mutations.values()],
      reads: this._reads,
      binds: this._binds
    };
  }

  private readonly _reads = new Map<string, readonly number[]>();
  private readonly _binds = new Set<string>();
  private readonly _files = new Map<string, IResolvedFile>();
  private readonly _imports = new Map<string, IRunImport>();
  private readonly _mutations = new Map<string, IMutation>();
}

/** A run of what happens in its cells, by index, in order. */
export function runFlowOf(
  run: RunName,
  cells: ReadonlyMap<number, ICellEvents>
): IRunFlow {
  const events = [...cells.values()];
  let definitions: ReadonlyMap<string, readonly number[]> | null = null;
  return {
    run,
    cells: new Set(cells.keys()),
    unresolved: events.flatMap(each => each.unresolved),
    files: events.flatMap(each => each.files),
    imports: events.flatMap(each => each.imports),
    mutations: events.flatMap(each => each.mutations),
    readsIn: cell => cells.get(cell)?.reads,
    // Most notebooks have no names that are missing, and then nobody asks.
    get definitions() {
      definitions ??= definitionsOf(cells);
      return definitions;
    }
  };
}

function definitionsOf(
  cells: ReadonlyMap<number, ICellEvents>
): ReadonlyMap<string, readonly number[]> {
  const definitions = new Map<string, number[]>();
  for (const [cell, { binds }] of cells) {
    for (const name of binds) {
      const definers = definitions.get(name);
      if (definers) {
        definers.push(cell);
      } else {
        definitions.set(name, [cell]);
      }
    }
  }
  return definitions;
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
