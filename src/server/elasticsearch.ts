import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isObject } from '../workload/json';
import { NAMESPACE } from './info';
import { readAnswer } from './read-answer';

/**
 * What the server half says of Elasticsearch: connections, by name, and what can be read through them.
 */

/** A connection that somebody has set up; where it leads and with whose key stays on the server. */
export interface IConnection {
  readonly name: string;
  readonly description: string;
  readonly available: boolean;
  /** Why it cannot be used, a sentence; null when it can. */
  readonly problem: string | null;
  /** Patterns of what may be read. */
  readonly indices: readonly string[];
  /** Whether the site has set it up, or this user. */
  readonly origin: 'site' | 'user';
}

export interface IConnections {
  readonly connections: readonly IConnection[];
  /** Sentences about connections that are left out. */
  readonly errors: readonly string[];
}

export type IndexKind = 'index' | 'alias' | 'data_stream';

/** Something of Elasticsearch that can be read under one name. */
export interface IIndexEntry {
  readonly name: string;
  readonly kind: IndexKind;
  /** Documents; null where the server does not tell. */
  readonly documents: number | null;
  readonly bytes: number | null;
  /** Indices that an alias or a data stream stands for. */
  readonly members: readonly string[];
}

export interface IIndexList {
  /** Version of the server. */
  readonly version: string;
  readonly indices: readonly IIndexEntry[];
}

/** Address of the gateway of a connection; what `createElasticEngine` takes, absolute once it is resolved against the page. */
export function connectionUrl(
  settings: ServerConnection.ISettings,
  connection: string
): string {
  return URLExt.join(
    settings.baseUrl,
    NAMESPACE,
    'elasticsearch',
    encodeURIComponent(connection)
  );
}

/**
 * The connections of the site and of this user. None where the server half knows nothing of Elasticsearch.
 *
 * @throws Error with a sentence.
 */
export async function listConnections(
  settings: ServerConnection.ISettings
): Promise<IConnections> {
  const response = await ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, NAMESPACE, 'elasticsearch'),
    {},
    settings
  );
  if (response.status === 404) {
    return { connections: [], errors: [] };
  }
  return readConnections(await readAnswer(response));
}

/**
 * What can be read through a connection.
 *
 * @throws Error with a sentence.
 */
export async function listIndices(
  settings: ServerConnection.ISettings,
  connection: string,
  signal?: AbortSignal
): Promise<IIndexList> {
  const response = await ServerConnection.makeRequest(
    URLExt.join(connectionUrl(settings, connection), 'indices'),
    { signal },
    settings
  );
  return readIndices(await readAnswer(response));
}

/** The answer of `GET elasticsearch`; what does not fit is left out. */
export function readConnections(answer: unknown): IConnections {
  const object = isObject(answer) ? answer : {};
  return {
    connections: list(object.connections).flatMap(value =>
      isObject(value) && typeof value.name === 'string'
        ? [
            {
              name: value.name,
              description: text(value.description) ?? '',
              available: value.available !== false,
              problem: text(value.problem),
              indices: texts(value.indices),
              origin: value.origin === 'user' ? 'user' : 'site'
            }
          ]
        : []
    ),
    errors: texts(object.errors)
  };
}

/** The answer of `GET elasticsearch/<connection>/indices`; what does not fit is left out. */
export function readIndices(answer: unknown): IIndexList {
  const object = isObject(answer) ? answer : {};
  const server = isObject(object.server) ? object.server : {};
  return {
    version: text(server.version) ?? '',
    indices: list(object.indices).flatMap(value =>
      isObject(value) && typeof value.name === 'string' && isKind(value.kind)
        ? [
            {
              name: value.name,
              kind: value.kind,
              documents: count(value.documents),
              bytes: count(value.bytes),
              members: texts(value.members)
            }
          ]
        : []
    )
  };
}

function isKind(value: unknown): value is IndexKind {
  return value === 'index' || value === 'alias' || value === 'data_stream';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: unknown): string[] {
  return list(value).filter(one => typeof one === 'string');
}

function count(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
