import { Button } from '@jupyterlab/ui-components';
import type { FormEvent, JSX } from 'react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';

import type { IDatasetInfo } from '../../engine/engine';
import { startGather } from '../../server/gather';
import { mergeMapping } from '../../workload/fields';
import type { IIndexPath } from '../source-paths';
import { Combobox } from './combobox';
import type { ISuggestion } from './combobox';
import { usePanel, useView } from './context';
import {
  defaultFolder,
  distilledColumns,
  gatherRequest,
  orderedColumns,
  possiblePseudonyms
} from './gather';
import type { IGatherChoice, Pseudonym } from './gather';
import { panelLister } from './open-source';
import { completePath, splitPath } from './path-completion';

/** Says what of an index is gathered into Parquet, and where it goes. */
export function GatherForm(props: {
  readonly path: IIndexPath;
  readonly info: IDatasetInfo;
  readonly onStarted: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { contents, serverSettings, trans, format } = usePanel();
  const view = useView();
  const { path, info } = props;
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const mapping = mergeMapping(info.mapping, view.mapping);
  const [choice, setChoice] = useState<IGatherChoice>({
    folder: defaultFolder(path),
    columns: new Set(info.columns.map(({ name }) => name)),
    shape: 'long',
    distill: false,
    pseudonymise: new Set()
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const set = (change: Partial<IGatherChoice>) =>
    setChoice(old => ({ ...old, ...change }));
  const pseudonyms = possiblePseudonyms(choice.columns, mapping);

  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' });
    form.current?.querySelector('input')?.focus();
  }, []);

  const suggest = useCallback(
    async (typed: string): Promise<readonly ISuggestion[]> => {
      const folder = splitPath(typed).folder.replace(/\/$/, '');
      const lister = panelLister({ contents, serverSettings, trans });
      const entries = await lister.list(folder);
      return completePath(
        typed,
        entries.filter(({ type }) => type === 'directory'),
        format.bytes
      );
    },
    [contents, serverSettings, trans, format]
  );

  const start = async () => {
    setSending(true);
    setProblem(null);
    try {
      await startGather(
        serverSettings,
        gatherRequest(
          choice,
          path,
          info.columns,
          mapping,
          view.mapping,
          view.zone
        )
      );
      props.onStarted();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSending(false);
    }
  };
  const labels: Record<Pseudonym, string> = {
    user: trans.__('users'),
    account: trans.__('accounts'),
    paths: trans.__('paths of programs and scripts')
  };

  return (
    <form
      ref={form}
      className="jp-Workload-gather"
      aria-label={trans.__('Gather into Parquet')}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void start();
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onClose();
        }
      }}
    >
      <span className="jp-Workload-gather-label">
        {trans.__('Into the folder')}
      </span>
      <Combobox
        label={trans.__('Folder of the dataset')}
        placeholder={trans.__('folder/dataset, or root:name/dataset')}
        value={choice.folder}
        suggest={suggest}
        problem={problem}
        onChange={folder => set({ folder })}
        onCommit={folder => set({ folder })}
      />
      <Columns
        info={info}
        mapping={mapping}
        chosen={choice.columns}
        onChange={columns => set({ columns })}
      />
      <label className="jp-Workload-gather-choice">
        <input
          type="checkbox"
          checked={choice.distill}
          aria-describedby={`${id}-distill`}
          onChange={({ target: { checked } }) =>
            set({
              distill: checked,
              columns: distilledColumns(
                checked,
                choice.columns,
                info.columns,
                mapping
              )
            })
          }
        />
        <span>
          {trans.__('Distill')}
          <small id={`${id}-distill`}>
            {trans.__(
              'One row, with a count, for each day in %1 and all that is the same in the columns above: much smaller. No questions below a day.',
              view.zone
            )}
          </small>
        </span>
      </label>
      <label className="jp-Workload-gather-choice">
        <input
          type="checkbox"
          checked={choice.shape === 'wide'}
          aria-describedby={`${id}-wide`}
          onChange={event =>
            set({ shape: event.target.checked ? 'wide' : 'long' })
          }
        />
        <span>
          {trans.__('A row for each process')}
          <small id={`${id}-wide`}>
            {trans.__(
              'With a list of its packages, not a row for each package.'
            )}
          </small>
        </span>
      </label>
      {pseudonyms.length > 0 && (
        <fieldset>
          <legend>{trans.__('Replace by pseudonyms')}</legend>
          {pseudonyms.map(one => (
            <label key={one} className="jp-Workload-gather-choice">
              <input
                type="checkbox"
                checked={choice.pseudonymise.has(one)}
                onChange={event =>
                  set({
                    pseudonymise: toggled(
                      choice.pseudonymise,
                      one,
                      event.target.checked
                    )
                  })
                }
              />
              <span>{labels[one]}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="jp-Workload-row">
        <Button
          small
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          disabled={
            sending || choice.folder.trim() === '' || choice.columns.size === 0
          }
        >
          {trans.__('Gather')}
        </Button>
        <Button
          small
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={props.onClose}
        >
          {trans.__('Close')}
        </Button>
      </div>
      <p className="jp-Workload-hint">
        {trans.__(
          'It runs on the server and goes on when you close this page.'
        )}
      </p>
    </form>
  );
}

/** Which columns are written; those that play a role stand first. */
function Columns(props: {
  readonly info: IDatasetInfo;
  readonly mapping: IDatasetInfo['mapping'];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { info, mapping, chosen, onChange } = props;
  const columns = orderedColumns(info.columns, mapping);
  const mapped = columns.filter(({ role }) => role !== null);
  return (
    <details className="jp-Workload-gather-columns">
      <summary>
        {trans.__('%1 of %2 columns', chosen.size, info.columns.length)}
      </summary>
      <div className="jp-Workload-row">
        <button
          type="button"
          className="jp-Workload-link"
          onClick={() => onChange(new Set(columns.map(({ name }) => name)))}
        >
          {trans.__('all')}
        </button>
        <button
          type="button"
          className="jp-Workload-link"
          onClick={() => onChange(new Set(mapped.map(({ name }) => name)))}
        >
          {trans.__('only those with a role')}
        </button>
      </div>
      <ul aria-label={trans.__('Columns')}>
        {columns.map(({ name, role }) => (
          <li key={name}>
            <label className="jp-Workload-gather-choice">
              <input
                type="checkbox"
                checked={chosen.has(name)}
                onChange={event =>
                  onChange(toggled(chosen, name, event.target.checked))
                }
              />
              <span title={name}>{name}</span>
              {role && <span className="jp-Workload-gather-role">{role}</span>}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function toggled<T>(set: ReadonlySet<T>, item: T, isIn: boolean): Set<T> {
  const next = new Set(set);
  if (isIn) {
    next.add(item);
  } else {
    next.delete(item);
  }
  return next;
}
