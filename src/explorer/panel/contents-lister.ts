import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';

import { EngineError } from '../../engine/engine';
import type { IFileLister, IListedEntry } from '../../engine/listing';
import type { ITranslator } from '../../workload/translator';

/** Statuses of a proxy whose server is down or still starting. */
export const GONE: readonly number[] = [424, 502, 503, 504];

/**
 * The files that JupyterLab's contents manager shows, for finding the files of a dataset.
 */
export function contentsLister(
  contents: Contents.IManager,
  trans: ITranslator
): IFileLister {
  const get = async (
    path: string,
    content: boolean
  ): Promise<Contents.IModel | null> => {
    try {
      return await contents.get(path, { content });
    } catch (error) {
      if (statusOf(error) === 404) {
        return null;
      }
      throw asEngineError(error, path, trans);
    }
  };
  const entry = async (model: Contents.IModel): Promise<IListedEntry> => {
    const isFolder = model.type === 'directory';
    return {
      path: model.path,
      type: isFolder ? 'directory' : 'file',
      size: model.size ?? 0,
      modified: model.last_modified || null,
      location: isFolder ? '' : await contents.getDownloadUrl(model.path)
    };
  };
  return {
    stat: async path => {
      const model = await get(path, false);
      return model && entry(model);
    },
    list: async path => {
      const model = await get(path, true);
      const items: unknown = model?.content;
      return Array.isArray(items)
        ? Promise.all(items.filter(isModel).map(entry))
        : [];
    }
  };
}

/** An error of a request as one that says what to do. */
function asEngineError(
  error: unknown,
  path: string,
  trans: ITranslator
): Error {
  const status = statusOf(error);
  if (
    error instanceof ServerConnection.NetworkError ||
    (status !== null && GONE.includes(status))
  ) {
    return new EngineError(
      'unreachable',
      trans.__('The Jupyter server does not answer.')
    );
  }
  if (status === 401 || status === 403) {
    return new EngineError(
      'denied',
      trans.__(
        'The Jupyter server does not let you read %1. Choose another source, or ask for access.',
        path
      )
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Status of a response that reported an error; JupyterLab's drives throw errors that carry the response. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('response' in error)) {
    return null;
  }
  const { response } = error;
  return response instanceof Response ? response.status : null;
}

function isModel(value: unknown): value is Contents.IModel {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'type' in value &&
    typeof value.type === 'string'
  );
}
