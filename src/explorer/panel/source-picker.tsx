import {
  Button,
  fileIcon,
  folderFavoriteIcon,
  folderIcon
} from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';

import {
  ROOT_PREFIX,
  indexPath,
  resolvePath,
  sourcePath,
  splitPaths
} from '../source-paths';
import type { IConnections } from '../../server/elasticsearch';
import { Combobox } from './combobox';
import type { ISuggestion } from './combobox';
import { usePanel, useView } from './context';
import { GatherJobs } from './gather-jobs';
import { indexIcon } from './icons';
import { completeIndex } from './index-completion';
import { ConnectionList } from './index-picker';
import { completePath, isViewPath, splitPath } from './path-completion';
import { recentSources } from './recent';
import { panelLister } from './open-source';
import { ServerNotes, useServerHalf } from './server-notes-list';
import { sourceName } from './source-name';
import { useConnections, useIndexLists } from './use-connections';
import { useGatherJobs } from './use-gather-jobs';

/** Jobs shown where there is no source yet. */
const JOBS = 3;

const NO_CONNECTIONS: IConnections = { connections: [], errors: [] };

/**
 * Chooses what to read: a path, typed and completed, or one of the recent sources.
 */
export function SourcePicker(props: {
  readonly onDone: () => void;
  /** In an empty panel it stands by itself and cannot be closed. */
  readonly isFixed?: boolean;
}): JSX.Element {
  const { model, contents, serverSettings, trans, format, openPath } =
    usePanel();
  const view = useView();
  const shown = view.source.paths.map(path => resolvePath(path, model.path));
  const [text, setText] = useState(shown.join(', '));
  // Counts the folders that were chosen to go on from.
  const [begun, setBegun] = useState(0);
  const half = useServerHalf();
  const info = half.status === 'there' ? half.info : null;
  const [asked, again] = useConnections();
  const elastic = asked.status === 'there' ? asked.value : NO_CONNECTIONS;
  const lists = useIndexLists();
  // What is wrong with the site file is said below.
  const connectionErrors = elastic.errors.filter(
    error => !info?.site.errors.some(known => error.includes(known))
  );
  const root = useRef<HTMLDivElement>(null);
  const recent = recentSources(serverSettings.baseUrl).filter(
    paths => JSON.stringify(paths) !== JSON.stringify(shown)
  );

  const suggest = useCallback(
    async (typed: string): Promise<readonly ISuggestion[]> => {
      const indices = await completeIndex(
        typed.trimStart(),
        elastic.connections,
        async connection => (await lists(connection)).indices,
        format
      );
      if (indices) {
        return indices;
      }
      const last = typed.slice(typed.lastIndexOf(',') + 1);
      const before = typed.slice(0, typed.length - last.trimStart().length);
      const path = last.trimStart();
      const folder = splitPath(path).folder.replace(/\/$/, '');
      const entries = await panelLister({
        contents,
        serverSettings,
        trans
      }).list(folder);
      const lines = completePath(path, entries, format.bytes);
      return lines.map(line => ({ ...line, text: before + line.text }));
    },
    [contents, serverSettings, trans, format, elastic, lists]
  );

  const open = (paths: readonly string[]) => {
    const [only] = paths;
    if (paths.length === 1 && isViewPath(only)) {
      openPath(only);
    } else if (paths.length > 0) {
      model.update(old => ({
        ...old,
        source: { paths: paths.map(path => sourcePath(path, model.path)) }
      }));
    }
    props.onDone();
  };

  const { onDone, isFixed } = props;
  useEffect(() => {
    // A panel that opens with the picker has the focus by now, for which the field is of more use.
    const panel = root.current?.closest('.jp-Workload');
    if (isFixed && panel && panel === document.activeElement) {
      root.current?.querySelector('input')?.focus();
    }
  }, [isFixed]);

  useEffect(() => {
    if (isFixed) {
      return;
    }
    const onPointer = (event: PointerEvent) => {
      if (
        event.target instanceof Node &&
        !root.current?.contains(event.target)
      ) {
        onDone();
      }
    };
    document.addEventListener('pointerdown', onPointer, true);
    return () => document.removeEventListener('pointerdown', onPointer, true);
  }, [isFixed, onDone]);

  return (
    <div
      ref={root}
      className={`jp-Workload-picker ${isFixed ? 'jp-mod-fixed' : ''}`}
      role={isFixed ? 'group' : 'dialog'}
      aria-label={trans.__('Open a source')}
      onKeyDown={event => {
        if (event.key === 'Escape' && !isFixed) {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <div className="jp-Workload-row">
        <Combobox
          key={begun}
          label={trans.__(
            'Path of a Parquet file, a folder of them, or a pattern'
          )}
          placeholder={trans.__(
            'folder/file.parquet, folder/, folder/*.parquet'
          )}
          value={text}
          autoFocus={!isFixed || begun > 0}
          eager={begun > 0}
          suggest={suggest}
          onChange={setText}
          onCommit={typed => open(splitPaths(typed))}
        />
        <Button
          small
          className="jp-mod-styled jp-mod-accept"
          onClick={() => open(splitPaths(text))}
        >
          {trans.__('Open')}
        </Button>
      </div>
      {info && info.roots.length > 0 && (
        <>
          <h3>{trans.__('Data of this site')}</h3>
          <ul className="jp-Workload-picker-list">
            {info.roots.map(root => (
              <li key={root.name}>
                <button
                  type="button"
                  disabled={!root.available}
                  title={
                    root.available
                      ? root.description
                      : trans.__('This folder is not there')
                  }
                  onClick={() => {
                    setText(`${ROOT_PREFIX}${root.name}/`);
                    setBegun(begun + 1);
                  }}
                >
                  <folderFavoriteIcon.react
                    tag="span"
                    className="jp-Workload-icon"
                  />
                  <span>{root.name}</span>
                  <span className="jp-Workload-picker-path">
                    {root.description}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {elastic.connections.length > 0 && (
        <>
          <h3>{trans.__('Elasticsearch')}</h3>
          <ConnectionList
            connections={elastic.connections}
            lists={lists}
            onOpen={path => open([path])}
          />
        </>
      )}
      {asked.status === 'failed' && (
        <p className="jp-Workload-hint jp-mod-warn">
          {trans.__(
            'Connections to Elasticsearch cannot be listed: %1',
            asked.message
          )}{' '}
          <button type="button" className="jp-Workload-link" onClick={again}>
            {trans.__('Try again')}
          </button>
        </p>
      )}
      {connectionErrors.map(error => (
        <p key={error} className="jp-Workload-hint jp-mod-warn">
          {error}
        </p>
      ))}
      {recent.length > 0 && (
        <>
          <h3>{trans.__('Recent')}</h3>
          <ul className="jp-Workload-picker-list">
            {recent.map(paths => (
              <li key={JSON.stringify(paths)}>
                <button
                  type="button"
                  title={paths.join('\n')}
                  onClick={() => open(paths)}
                >
                  {indexPath(paths[0]) ? (
                    <indexIcon.react tag="span" className="jp-Workload-icon" />
                  ) : paths[0].endsWith('/') ? (
                    <folderIcon.react tag="span" className="jp-Workload-icon" />
                  ) : (
                    <fileIcon.react tag="span" className="jp-Workload-icon" />
                  )}
                  <span>{sourceName(paths)}</span>
                  <span className="jp-Workload-picker-path">
                    {paths.join(', ')}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {isFixed && <LatestJobs />}
      <ServerNotes half={half} />
    </div>
  );
}

/** What was gathered lately, or still is: it goes on without a page. */
function LatestJobs(): JSX.Element | null {
  const { trans } = usePanel();
  const jobs = useGatherJobs();
  return jobs.jobs.length === 0 ? null : (
    <>
      <h3>{trans.__('Gathered')}</h3>
      <GatherJobs jobs={jobs} most={JOBS} />
    </>
  );
}
