import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { EngineError } from '../../engine/engine';
import type { IFileLister, IListedEntry } from '../../engine/listing';
import { NAMESPACE, serverHalf } from '../../server/info';
import { isObject } from '../../workload/json';
import type { ITranslator } from '../../workload/translator';
import { ROOT_PREFIX } from '../source-paths';
import { GONE } from './contents-lister';

/** Most entries of one folder that the server half lists (`MAX_LIMIT` there). */
const MOST_ENTRIES = 100_000;

/**
 * Files of data roots; paths are `root:<name>/<path>`.
 *
 * @param onLeftOut Told of each folder that holds more than the server lists, and how much more.
 */
export function rootLister(
  settings: ServerConnection.ISettings,
  trans: ITranslator,
  onLeftOut?: (path: string, entries: number) => void
): IFileLister {
  const unreachable = () =>
    new EngineError(
      'unreachable',
      trans.__('The Jupyter server does not answer.')
    );
  const read = async (
    path: string,
    limit: number
  ): Promise<Record<string, unknown> | null> => {
    const { name, rest } = splitRoot(path);
    const url =
      URLExt.join(
        settings.baseUrl,
        NAMESPACE,
        'list',
        encodeURIComponent(name),
        URLExt.encodeParts(rest)
      ) + URLExt.objectToQueryString({ limit });
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, {}, settings);
    } catch {
      throw unreachable();
    }
    if (response.ok) {
      const answer: unknown = await response.json();
      return isObject(answer) ? answer : null;
    }
    if (response.status === 404) {
      // No such file, or no server half at all.
      const { status } = await serverHalf(settings);
      if (status === 'unknown') {
        throw unreachable();
      }
      if (status === 'missing') {
        throw new EngineError(
          'denied',
          trans.__(
            'This server does not have the server half of Workload Explorer, which opens “%1”. Install jupyterlab-workload-explorer where the server runs, or choose a file in JupyterLab’s own folders.',
            path
          )
        );
      }
      return null;
    }
    if (GONE.includes(response.status)) {
      throw unreachable();
    }
    throw new EngineError(
      'denied',
      trans.__(
        'The Jupyter server does not let you read %1. Choose another source, or ask for access.',
        path
      )
    );
  };

  const entry = (
    path: string,
    value: Record<string, unknown>
  ): IListedEntry => {
    const { name, rest } = splitRoot(path);
    const isFolder = value.type === 'directory';
    return {
      path,
      type: isFolder ? 'directory' : 'file',
      size: typeof value.size === 'number' ? value.size : 0,
      modified:
        typeof value.last_modified === 'string' ? value.last_modified : null,
      location: isFolder
        ? ''
        : URLExt.join(
            settings.baseUrl,
            NAMESPACE,
            'data',
            encodeURIComponent(name),
            URLExt.encodeParts(rest)
          )
    };
  };

  return {
    stat: async path => {
      // Of a folder, what it holds does not matter here.
      const answer = await read(path, 1);
      return answer && entry(path.replace(/\/$/, ''), answer);
    },
    list: async path => {
      const answer = await read(path, MOST_ENTRIES);
      if (answer?.truncated === true) {
        // An answer over a part of the files would be a wrong one.
        throw new EngineError(
          'memory',
          trans.__(
            '“%1” holds more than %2 entries, of which the server lists no more. Open a folder below it, or write the data into fewer files.',
            path,
            MOST_ENTRIES
          )
        );
      }
      if (typeof answer?.left_out === 'number' && answer.left_out > 0) {
        onLeftOut?.(path, answer.left_out);
      }
      const entries = Array.isArray(answer?.entries) ? answer.entries : [];
      const folder = path.endsWith('/') ? path : `${path}/`;
      return entries.flatMap((one: unknown) =>
        isObject(one) && typeof one.name === 'string'
          ? [entry(folder + one.name, one)]
          : []
      );
    }
  };
}

function splitRoot(path: string): {
  readonly name: string;
  readonly rest: string;
} {
  const [name, ...rest] = path.slice(ROOT_PREFIX.length).split('/');
  return { name, rest: rest.join('/').replace(/\/$/, '') };
}
