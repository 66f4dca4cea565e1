import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyJSONValue } from '@lumino/coreutils';

import { isObject } from '../../workload/json';
import type { ISource } from '../../workload/query';

/**
 * Which sources the user has agreed to open, by the document that names them.
 *
 * #### Notes
 * A view may come from somebody else, and opening its source reads files with this user's rights. The answer is kept
 * with the user, in JupyterLab's state, and never in the file, where a stranger could write it. It holds for the
 * very paths that were shown.
 */
export class TrustStore {
  /** Read what is remembered; without a state data base, trust lasts until JupyterLab is closed. */
  static async load(state: IStateDB | null): Promise<TrustStore> {
    return new TrustStore(
      state,
      state ? await state.fetch(KEY).catch(() => undefined) : undefined
    );
  }

  private constructor(
    private _state: IStateDB | null,
    remembered: unknown
  ) {
    if (isObject(remembered) && Array.isArray(remembered.sources)) {
      this._sources = remembered.sources
        .filter(item => typeof item === 'string')
        .slice(-LIMIT);
    }
  }

  has(documentPath: string, source: ISource): boolean {
    return this._sources.includes(keyOf(documentPath, source));
  }

  add(documentPath: string, source: ISource): void {
    const key = keyOf(documentPath, source);
    if (this._sources.at(-1) === key) {
      return;
    }
    this._sources = [
      ...this._sources.filter(other => other !== key),
      key
    ].slice(-LIMIT);
    const value: ReadonlyJSONValue = { sources: this._sources };
    this._state?.save(KEY, value).catch((error: unknown) => {
      console.warn(
        'Workload Explorer cannot remember which data to trust.',
        error
      );
    });
  }

  private _sources: readonly string[] = [];
}

const KEY = 'jupyterlab-workload-explorer:trust';

/** Sources remembered; the oldest is forgotten first. */
const LIMIT = 200;

/** The texts themselves, not a hash of them: no two sources can be taken for each other. */
function keyOf(documentPath: string, source: ISource): string {
  return JSON.stringify([documentPath, ...source.paths]);
}
