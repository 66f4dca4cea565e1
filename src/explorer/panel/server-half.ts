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

/** Most entries of one folder that the server half lists (`MAX_LIMIT` there). */
const MOST_ENTRIES = 100_000;

/** A folder that the site lets everybody open. */
export interface IDataRoot {
  readonly name: string;
  readonly description: string;
  readonly available: boolean;
}

/** A part of the server half that its base installation leaves out. */
export interface IMissingExtra {
  readonly name: string;
  /** The command that installs it. */
  readonly install: string;
}

export interface IServerInfo {
  readonly version: string;
  readonly roots: readonly IDataRoot[];
  /** Rules of the site file, as they stand there; see `readEnvironmentRules`. */
  readonly environments: unknown;
  /** The site file in force, and why it is left out, if it is. */
  readonly site: {
    readonly path: string | null;
    readonly errors: readonly string[];
  };
  /** Extras that this server does not have. */
  readonly missing: readonly IMissingExtra[];
}

/** What is known of the server half; nothing is, where the server gives no answer of ours. */
export type ServerHalf =
  | { readonly status: 'there'; readonly info: IServerInfo }
  | { readonly status: 'missing' }
  | { readonly status: 'unknown' };

/** Ask the server half about itself. Never rejects. */
export async function serverHalf(
  settings: ServerConnection.ISettings
): Promise<ServerHalf> {
  try {
    const response = await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, NAMESPACE, 'info'),
      {},
      settings
    );
    if (response.status === 404) {
      return { status: 'missing' };
    }
    const answer: unknown = response.ok ? await response.json() : null;
    return isObject(answer) && typeof answer.version === 'string'
      ? { status: 'there', info: readInfo(answer.version, answer) }
      : { status: 'unknown' };
  } catch {
    // A server that cannot be reached is reported where files are read.
    return { status: 'unknown' };
  }
}

/** What the server half says about itself; null when it says nothing. */
export async function serverInfo(
  settings: ServerConnection.ISettings
): Promise<IServerInfo | null> {
  const half = await serverHalf(settings);
  return half.status === 'there' ? half.info : null;
}

/** Parts that an older or newer server half does not send are empty. */
function readInfo(
  version: string,
  answer: Record<string, unknown>
): IServerInfo {
  const roots = Array.isArray(answer.data_roots) ? answer.data_roots : [];
  const extras = isObject(answer.extras) ? answer.extras : {};
  const site = isObject(answer.site) ? answer.site : {};
  const errors: unknown[] = Array.isArray(site.errors) ? site.errors : [];
  return {
    version,
    roots: roots.flatMap(dataRoot),
    environments: answer.environments,
    site: {
      path: typeof site.path === 'string' ? site.path : null,
      errors: errors.filter(error => typeof error === 'string')
    },
    missing: Object.entries(extras).flatMap(([name, extra]) =>
      isObject(extra) &&
      extra.available === false &&
      typeof extra.install === 'string'
        ? [{ name, install: extra.install }]
        : []
    )
  };
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
