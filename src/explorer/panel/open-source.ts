import type { Contents, ServerConnection } from '@jupyterlab/services';

import type { IEngine } from '../../engine/engine';
import type { IFileLister } from '../../engine/listing';
import { serverInfo } from '../../server/info';
import { VERSION } from '../../version';
import type { ITranslator } from '../../workload/translator';
import { ROOT_PREFIX, indexPath } from '../source-paths';
import { contentsLister } from './contents-lister';
import { rootLister } from './root-lister';

/** A source that is open. */
export interface IOpened {
  readonly engine: IEngine;
  /** Entries of its folders that the server does not show this user; see `rootLister`. */
  readonly leftOut: number;
}

export interface IOpenOptions {
  readonly contents: Contents.IManager;
  readonly serverSettings: ServerConnection.ISettings;
  readonly trans: ITranslator;
}

/**
 * Open a source: find its files, then read their footers; or ask Elasticsearch. The engine is loaded on first use.
 *
 * @param paths As JupyterLab's contents manager or a data root knows them, or one that names indices.
 */
export async function openSource(
  paths: readonly string[],
  signal: AbortSignal,
  options: IOpenOptions
): Promise<IOpened> {
  const [{ listDataset }, { createEngine }, { readEnvironmentRules }, info] =
    await Promise.all([
      import('../../engine/listing'),
      import('../../engine/client'),
      import('../../workload/environment'),
      serverInfo(options.serverSettings)
    ]);
  const environments = readEnvironmentRules(info?.environments) ?? undefined;
  if (paths.some(indexPath)) {
    const { openIndex } = await import('./open-index');
    const engine = await openIndex(paths, environments, signal, options);
    return { engine, leftOut: 0 };
  }
  // By folder: patterns may list one folder more than once.
  const leftOut = new Map<string, number>();
  const files = await listDataset(
    paths,
    panelLister(options, (path, entries) => leftOut.set(path, entries))
  );
  signal.throwIfAborted();
  const { token } = options.serverSettings;
  const engine = await createEngine(
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
  return {
    engine,
    leftOut: [...leftOut.values()].reduce((sum, entries) => sum + entries, 0)
  };
}

/** Files of JupyterLab's drives and of data roots. */
export function panelLister(
  { contents, serverSettings, trans }: IOpenOptions,
  onLeftOut?: (path: string, entries: number) => void
): IFileLister {
  const own = contentsLister(contents, trans);
  const roots = rootLister(serverSettings, trans, onLeftOut);
  const of = (path: string) => (path.startsWith(ROOT_PREFIX) ? roots : own);
  return {
    stat: path => of(path).stat(path),
    list: path => of(path).list(path)
  };
}
