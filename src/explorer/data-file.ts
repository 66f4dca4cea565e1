import { DocumentModel, TextModelFactory } from '@jupyterlab/docregistry';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';

import type { ITranslator } from '../workload/translator';

/** Name of the model of a file that is not loaded. */
export const DATA_MODEL = 'workload-data';

/**
 * Makes models of data files for JupyterLab's "Open With", which wants one of every file. Nothing of the file is loaded: the
 * engine reads the parts it needs by itself.
 */
export class DataModelFactory extends TextModelFactory {
  constructor(private _trans: ITranslator) {
    super(false);
  }

  override get name(): string {
    return DATA_MODEL;
  }

  /** No format: JupyterLab asks for the file's size and time, not for its contents. */
  override get fileFormat(): Contents.FileFormat {
    return null;
  }

  override createNew(
    options: DocumentRegistry.IModelOptions = {}
  ): DocumentModel {
    return new DataModel(options, this._trans);
  }
}

class DataModel extends DocumentModel {
  constructor(
    options: DocumentRegistry.IModelOptions,
    private _trans: ITranslator
  ) {
    super({ languagePreference: options.languagePreference });
  }

  override get readOnly(): boolean {
    return true;
  }

  override set readOnly(_: boolean) {
    // Data are never written.
  }

  /**
   * JupyterLab neither saves such a document nor makes a checkpoint of it. The latter it otherwise does when a file is
   * opened, and that would copy all of it.
   */
  override get collaborative(): boolean {
    return true;
  }

  /** Keeps "Save As" from writing an empty file. */
  override toString(): string {
    throw new Error(
      this._trans.__(
        'This tab shows data and does not change them. “Save View As…” keeps what you see.'
      )
    );
  }
}
