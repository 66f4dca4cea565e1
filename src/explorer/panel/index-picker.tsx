import { Button } from '@jupyterlab/ui-components';
import type { JSX, KeyboardEvent } from 'react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';

import type { IConnection, IIndexList } from '../../server/elasticsearch';
import { elasticPath } from '../source-paths';
import { usePanel } from './context';
import { indexIcon } from './icons';
import { filterIndices, isPattern, matchPattern } from './index-completion';
import { indexKind } from './labels';
import { useAsked } from './use-connections';
import type { Asked } from './use-connections';

/** Rows shown at once; typing finds the others. */
const SHOWN = 200;

interface IPickerProps {
  readonly lists: (connection: string) => Promise<IIndexList>;
  readonly onOpen: (path: string) => void;
}

/** Connections to Elasticsearch; the one that is chosen unfolds into what can be read through it. */
export function ConnectionList(
  props: IPickerProps & { readonly connections: readonly IConnection[] }
): JSX.Element {
  const { trans } = usePanel();
  const { connections, lists, onOpen } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const id = useId();
  return (
    <ul className="jp-Workload-picker-list">
      {connections.map(({ name, description, available, problem, origin }) => (
        <li key={name}>
          <button
            type="button"
            disabled={!available}
            title={problem ?? (description || name)}
            aria-expanded={available ? chosen === name : undefined}
            aria-controls={chosen === name ? id : undefined}
            onClick={() => setChosen(chosen === name ? null : name)}
          >
            <indexIcon.react tag="span" className="jp-Workload-icon" />
            <span>{name}</span>
            <span className="jp-Workload-picker-path">
              {problem ??
                (description ||
                  (origin === 'user' ? trans.__('your own') : ''))}
            </span>
          </button>
          {chosen === name && (
            <div
              id={id}
              className="jp-Workload-indices"
              role="group"
              aria-label={trans.__('Indices of %1', name)}
            >
              <IndexList connection={name} lists={lists} onOpen={onOpen} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What can be read through a connection: found by typing, or named by a pattern. */
function IndexList(
  props: IPickerProps & { readonly connection: string }
): JSX.Element {
  const { trans } = usePanel();
  const { connection, lists, onOpen } = props;
  const [typed, setTyped] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const [asked, again] = useAsked(
    useCallback(() => lists(connection), [lists, connection])
  );
  const found =
    asked.status === 'there' ? filterIndices(asked.value.indices, typed) : [];
  const text = typed.trim();

  const open = (indices: string) =>
    onOpen(elasticPath({ connection, indices }));
  const commit = () => {
    if (text !== '') {
      // One that is left over is what was meant; anything else is for Elasticsearch to understand.
      open(!isPattern(text) && found.length === 1 ? found[0].name : text);
    }
  };

  useEffect(() => root.current?.querySelector('input')?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const stops = [
      ...(root.current?.querySelectorAll<HTMLElement>('input, li button') ?? [])
    ];
    const at = stops.findIndex(stop => stop === document.activeElement);
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
  };

  return (
    <div ref={root} onKeyDown={onKeyDown}>
      <div className="jp-Workload-row">
        <input
          className="jp-Workload-input jp-mod-grow"
          type="text"
          spellCheck={false}
          autoComplete="off"
          aria-label={trans.__('Index, or a pattern')}
          placeholder={trans.__('filter, or a pattern: records-2021*')}
          value={typed}
          onChange={event => setTyped(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              commit();
            }
          }}
        />
        <Button
          small
          className="jp-mod-styled jp-mod-accept"
          disabled={text === ''}
          onClick={commit}
        >
          {trans.__('Open')}
        </Button>
      </div>
      <Answer asked={asked} typed={text} again={again} />
      {found.length > 0 && (
        <ul className="jp-Workload-picker-list jp-Workload-indices-list">
          {found.slice(0, SHOWN).map(entry => (
            <IndexRow key={entry.name} entry={entry} onOpen={open} />
          ))}
        </ul>
      )}
      {found.length > SHOWN && (
        <p className="jp-Workload-hint">
          {trans.__('%1 more: type a part of the name.', found.length - SHOWN)}
        </p>
      )}
    </div>
  );
}

function IndexRow(props: {
  readonly entry: IIndexList['indices'][number];
  readonly onOpen: (name: string) => void;
}): JSX.Element {
  const { trans, format } = usePanel();
  const { name, kind, documents, bytes, members } = props.entry;
  const facts = [
    members.length > 0
      ? trans.__('%1 of %2', indexKind(kind, trans), members.join(', '))
      : indexKind(kind, trans),
    documents !== null &&
      trans._n(
        '%2 document',
        '%2 documents',
        documents,
        format.count(documents)
      ),
    bytes !== null && format.bytes(bytes)
  ].filter(Boolean);
  return (
    <li>
      <button
        type="button"
        tabIndex={-1}
        title={[name, ...facts].join('\n')}
        onClick={() => props.onOpen(name)}
      >
        <span className="jp-Workload-indices-name">{name}</span>
        <span className="jp-Workload-indices-kind">
          {indexKind(kind, trans)}
        </span>
        <span className="jp-Workload-indices-count">
          {documents === null ? '–' : format.short(documents)}
        </span>
      </button>
    </li>
  );
}

/** What stands above the list, or in its place. */
function Answer(props: {
  readonly asked: Asked<IIndexList>;
  readonly typed: string;
  readonly again: () => void;
}): JSX.Element | null {
  const { trans, format } = usePanel();
  const { asked, typed, again } = props;
  let text: string | null = null;
  if (asked.status === 'waiting') {
    text = trans.__('Asking Elasticsearch…');
  } else if (asked.status === 'failed') {
    return (
      <p className="jp-Workload-hint jp-mod-warn" role="alert">
        {asked.message}{' '}
        <button type="button" className="jp-Workload-link" onClick={again}>
          {trans.__('Try again')}
        </button>
      </p>
    );
  } else if (asked.value.indices.length === 0) {
    text = trans.__(
      'This connection shows no index. Ask whoever set it up which ones you may read.'
    );
  } else if (isPattern(typed)) {
    const match = matchPattern(asked.value.indices, typed);
    text = match
      ? [
          trans._n('%1 index', '%1 indices', match.indices),
          match.documents !== null &&
            trans._n(
              '%2 document',
              '%2 documents',
              match.documents,
              format.count(match.documents)
            )
        ]
          .filter(Boolean)
          .join(' · ')
      : trans.__('Nothing in the list matches; Elasticsearch may know more.');
  } else if (
    typed !== '' &&
    filterIndices(asked.value.indices, typed).length === 0
  ) {
    text = trans.__('No name holds “%1”.', typed);
  }
  return text === null ? null : (
    <p className="jp-Workload-hint" role="status">
      {text}
    </p>
  );
}
