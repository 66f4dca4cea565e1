import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { EngineError } from '../../engine/engine';
import type { IFileLister, IListedEntry } from '../../engine/listing';
import { isObject } from '../../workload/json';
import type { ITranslator } from '../../workload/translator';
import { ROOT_PREFIX } from '../source-paths';
import { GONE } from './contents-lister';

/**
 * What our server extension adds: data roots, folders outside Jupyter's own that the site names. It may be missing.
 */

const NAMESPACE = 'workload-explorer';

/** A folder that the site lets everybody open. */
export interface IDataRoot {
  readonly name: string;
  readonly description: string;
  readonly available: boolean;
}

export interface IServerInfo {
  readonly version: string;
  readonly roots: readonly IDataRoot[];
  /** Rules of the site file, as they stand there; see `readEnvironmentRules`. */
  readonly environments: unknown;
}

/** What the server half says about itself; null when there is none. */
export async function serverInfo(
  settings: ServerConnection.ISettings
): Promise<IServerInfo | null> {
  try {
    const response = await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, NAMESPACE, 'info'),
      {},
      settings
    );
    const answer: unknown = response.ok ? await response.json() : null;
    if (!isObject(answer) || typeof answer.version !== 'string') {
      return null;
    }
    const roots = Array.isArray(answer.data_roots) ? answer.data_roots : [];
    return {
      version: answer.version,
      roots: roots.flatMap(dataRoot),
      environments: answer.environments
    };
  } catch {
    // A server that cannot be reached is reported where files are read.
    return null;
  }
}

function dataRoot(value: unknown): IDataRoot[] {
  return isObject(value) && typeof value.name === 'string'
    ? [
        {
          name: value.name,
          description:
            typeof value.description === 'string' ? value.description : '',
          available: value.available !== false
        }
      ]
    : [];
}

/** Files of data roots; paths are `root:<name>/<path>`. */
export function rootLister(
  settings: ServerConnection.ISettings,
  trans: ITranslator
): IFileLister {
  const read = async (
    path: string
  ): Promise<Record<string, unknown> | null> => {
    const { name, rest } = splitRoot(path);
    const url = URLExt.join(
      settings.baseUrl,
      NAMESPACE,
      'list',
      encodeURIComponent(name),
      URLExt.encodeParts(rest)
    );
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, {}, settings);
    } catch {
      throw new EngineError(
        'unreachable',
        trans.__('The Jupyter server does not answer.')
      );
    }
    if (response.ok) {
      const answer: unknown = await response.json();
      return isObject(answer) ? answer : null;
    }
    if (response.status === 404) {
      // No such file, or no server half at all.
      if (!(await serverInfo(settings))) {
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
      throw new EngineError(
        'unreachable',
        trans.__('The Jupyter server does not answer.')
      );
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
      const answer = await read(path);
      return answer && entry(path.replace(/\/$/, ''), answer);
    },
    list: async path => {
      const answer = await read(path);
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
