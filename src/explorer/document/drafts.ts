import type { IStateDB } from '@jupyterlab/statedb';

import { isObject } from '../../workload/json';

/**
 * The texts of views that are in no file yet, so that they are still there when the page is loaded again.
 */
export class Drafts {
  constructor(private _state: IStateDB | null) {}

  async load(id: string): Promise<string | null> {
    const value: unknown = await this._state
      ?.fetch(PREFIX + id)
      .catch(() => undefined);
    return isObject(value) && typeof value.text === 'string'
      ? value.text
      : null;
  }

  save(id: string, text: string): void {
    this._state?.save(PREFIX + id, { text }).catch((error: unknown) => {
      console.warn('Workload Explorer cannot remember a view.', error);
    });
  }

  remove(id: string): void {
    this._state?.remove(PREFIX + id).catch(() => undefined);
  }
}

const PREFIX = 'jupyterlab-workload-explorer:draft:';
