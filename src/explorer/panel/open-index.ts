import { createElasticEngine } from '../../elasticsearch/client';
import { EngineError } from '../../engine/engine';
import type { IEngine } from '../../engine/engine';
import type { IEnvironmentRule } from '../../workload/environment';
import { connectionUrl } from '../../server/elasticsearch';
import { VERSION } from '../../version';
import { indexPath } from '../source-paths';
import type { IOpenOptions } from './open-source';

/**
 * Open indices of Elasticsearch through the gateway of the server half.
 *
 * @param paths One path of indices.
 * @throws EngineError where other paths stand beside it, or a part of it is missing.
 */
export async function openIndex(
  paths: readonly string[],
  environments: readonly IEnvironmentRule[] | undefined,
  signal: AbortSignal,
  { serverSettings, trans }: IOpenOptions
): Promise<IEngine> {
  const index = paths.length === 1 ? indexPath(paths[0]) : null;
  if (!index) {
    throw new EngineError(
      'query',
      trans.__(
        'Indices of Elasticsearch are read by themselves, through one connection. Leave out the other paths; several indices of one connection are separated by commas.'
      )
    );
  }
  if (index.connection === '' || index.indices === '') {
    throw new EngineError(
      'not-found',
      trans.__(
        '“%1” names no index. Write the name of the connection, a slash, and an index or a pattern.',
        paths[0]
      )
    );
  }
  return createElasticEngine({
    base: new URL(
      connectionUrl(serverSettings, index.connection),
      document.baseURI
    ).href,
    indices: index.indices,
    headers: requestHeaders(serverSettings.token, document.cookie),
    tool: `jupyterlab-workload-explorer ${VERSION}`,
    environments,
    signal
  });
}

/**
 * Headers that Jupyter Server wants of requests that JupyterLab's own `ServerConnection` does not send: a worker has no page whose cookies it could read.
 *
 * @param cookies As `document.cookie` has them.
 */
export function requestHeaders(
  token: string,
  cookies: string
): Record<string, string> {
  const xsrf = /(?:^|;\s*)_xsrf=([^;]*)/.exec(cookies)?.[1];
  return {
    ...(token ? { Authorization: `token ${token}` } : {}),
    ...(xsrf ? { 'X-XSRFToken': xsrf } : {})
  };
}
