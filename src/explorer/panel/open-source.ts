import type { Contents, ServerConnection } from '@jupyterlab/services';

import type { IEngine } from '../../engine/engine';
import type { IFileLister } from '../../engine/listing';
import { VERSION } from '../../version';
import type { ITranslator } from '../../workload/translator';
import { ROOT_PREFIX } from '../source-paths';
import { contentsLister } from './contents-lister';
import { rootLister, serverInfo } from './server-half';

export interface IOpenOptions {
  readonly contents: Contents.IManager;
  readonly serverSettings: ServerConnection.ISettings;
  readonly trans: ITranslator;
}

/**
 * Open a source: find its files, then read their footers. The engine is loaded on first use.
 *
 * @param paths As JupyterLab's contents manager or a data root knows them.
 */
export async function openSource(
  paths: readonly string[],
  signal: AbortSignal,
  options: IOpenOptions
): Promise<IEngine> {
  const [{ listDataset }, { createEngine }, { readEnvironmentRules }, info] =
    await Promise.all([
      import('../../engine/listing'),
      import('../../engine/client'),
      import('../../workload/environment'),
      serverInfo(options.serverSettings)
    ]);
  const environments = readEnvironmentRules(info?.environments) ?? undefined;
  const files = await listDataset(paths, panelLister(options));
  signal.throwIfAborted();
  const { token } = options.serverSettings;
  return createEngine(
    // A worker has no page to resolve a path against.
    files.map(file => ({
      ...file,
      location: new URL(file.location, document.baseURI).href
    })),
    {
      signal,
      environments,
      tool: `jupyterlab-workload-explorer ${VERSION}`,
      headers: token ? { Authorization: `token ${token}` } : {}
    }
  );
}

/** Files of JupyterLab's drives and of data roots. */
export function panelLister({
  contents,
  serverSettings,
  trans
}: IOpenOptions): IFileLister {
  const own = contentsLister(contents, trans);
  const roots = rootLister(serverSettings, trans);
  const of = (path: string) => (path.startsWith(ROOT_PREFIX) ? roots : own);
  return {
    stat: path => of(path).stat(path),
    list: path => of(path).list(path)
  };
}
