import type { TranslationBundle } from '@jupyterlab/translation';
import { Button, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useId, useState } from 'react';

import type { IPublishFinding } from '../../server/dashboards';
import { isBrowsable } from '../server-path';
import { checklist } from './checklist';
import type { IItem } from './checklist';
import { PublishForm } from './publish-form';
import type { PublishModel } from './publish-model';

export interface IPublishViewOptions {
  readonly model: PublishModel;
  readonly trans: TranslationBundle;
  readonly formatBytes: (bytes: number) => string;
  /** Shows a cell in the notebook. */
  readonly reveal: (cell: string) => void;
  /** Where a cell stands in the notebook, from 0; -1 where it is gone. */
  readonly indexOf: (cell: string) => number;
  /** Shows a folder in the file browser. */
  readonly showFolder: (path: string) => void;
}

/** Publishing of a notebook: what is asked, and a checklist that fills itself. */
export class PublishView extends ReactWidget {
  constructor(private readonly _view: IPublishViewOptions) {
    super();
    this.addClass('jp-WorkloadPublish');
    this.node.tabIndex = -1;
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._view.model.changed}>
        {() => <Publish {...this._view} />}
      </UseSignal>
    );
  }
}

function Publish(options: IPublishViewOptions): JSX.Element {
  const { model, trans } = options;
  const { form, isRunning, progress, problem } = model;
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        void model.publish();
      }}
    >
      <PublishForm
        form={form}
        isDisabled={isRunning}
        onChange={change => model.set(change)}
        trans={trans}
      />
      <div className="jp-WorkloadPublish-buttons">
        <Button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          disabled={isRunning || form.out.trim() === ''}
        >
          {trans.__('Publish to %1', form.out || '…')}
        </Button>
        {isRunning && (
          <Button
            type="button"
            className="jp-mod-styled jp-mod-reject"
            onClick={() => void model.cancel()}
          >
            {trans.__('Cancel')}
          </Button>
        )}
      </div>
      {problem !== null && (
        <p className="jp-WorkloadPublish-problem" role="alert">
          {problem}
        </p>
      )}
      {progress && <Checklist {...options} />}
    </form>
  );
}

function Checklist(options: IPublishViewOptions): JSX.Element {
  const { model, trans, formatBytes } = options;
  const progress = model.progress ?? { compiling: null, publishing: null };
  const outcome = progress.publishing?.outcome ?? null;
  const state = progress.publishing?.state;
  return (
    <>
      <ol
        className="jp-WorkloadPublish-list"
        aria-label={trans.__('Checks before it is published')}
      >
        {checklist(progress, trans, formatBytes).map(item => (
          <Line key={item.name} item={item} {...options} />
        ))}
      </ol>
      {state === 'cancelled' && (
        <p role="status">
          {trans.__('Cancelled. What was published before is as it was.')}
        </p>
      )}
      {outcome && (
        <p role={outcome.published ? 'status' : 'alert'}>{outcome.message}</p>
      )}
      {outcome?.notes.map(note => (
        <p key={note}>{note}</p>
      ))}
      {outcome?.published && isBrowsable(model.form.out) && (
        <p>
          <Button
            type="button"
            className="jp-mod-styled"
            onClick={() => options.showFolder(model.form.out)}
          >
            {trans.__('Show in the file browser')}
          </Button>
        </p>
      )}
      {typeof outcome?.acceptable === 'string' && !model.isRunning && (
        <PublishAnyway model={model} trans={trans} />
      )}
    </>
  );
}

function Line({
  item,
  trans,
  ...options
}: IPublishViewOptions & { readonly item: IItem }): JSX.Element {
  const states: Record<IItem['state'], string> = {
    waiting: trans.__('not yet'),
    running: trans.__('under way'),
    done: trans.__('holds'),
    failed: trans.__('stopped')
  };
  return (
    <li data-state={item.state}>
      <span className="jp-WorkloadPublish-title">{item.title}</span>
      <span className="jp-WorkloadPublish-state">{states[item.state]}</span>
      <span className="jp-WorkloadPublish-evidence">{item.evidence}</span>
      {item.findings.length > 0 && (
        <ul>
          {item.findings.map((finding, index) => (
            <Finding key={index} finding={finding} trans={trans} {...options} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Finding({
  finding,
  reveal,
  indexOf,
  trans
}: IPublishViewOptions & {
  readonly finding: IPublishFinding;
}): JSX.Element {
  const { cell, message } = finding;
  const index = cell === null ? -1 : indexOf(cell);
  // What the server has run lacks the upstream cells; people count those of the notebook.
  const place =
    index < 0
      ? finding.place
      : (finding.place?.replace(/^cell \d+/, trans.__('cell %1', index + 1)) ??
        null);
  return (
    <li>
      {place !== null &&
        (cell === null ? (
          <span className="jp-WorkloadPublish-place">{place}</span>
        ) : (
          <button
            type="button"
            className="jp-WorkloadPreview-jump"
            onClick={() => reveal(cell)}
          >
            {place}
          </button>
        ))}{' '}
      {message}
    </li>
  );
}

/** Findings of privacy, and what is not proven, may be published all the same: with a reason, which is recorded. */
function PublishAnyway({
  model,
  trans
}: Pick<IPublishViewOptions, 'model' | 'trans'>): JSX.Element {
  const id = useId();
  const [reason, setReason] = useState('');
  const isGiven = reason.trim() !== '';
  return (
    <div className="jp-WorkloadPublish-field">
      <label htmlFor={id}>{trans.__('Publish anyway: reason')}</label>
      <input
        id={id}
        className="jp-mod-styled"
        value={reason}
        onChange={event => setReason(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            if (isGiven) {
              void model.publishAnyway(reason.trim());
            }
          }
        }}
      />
      <p className="jp-WorkloadPublish-hint">
        {trans.__(
          'It is recorded in what is published, for everybody to read.'
        )}
      </p>
      <Button
        type="button"
        className="jp-mod-styled jp-mod-warn"
        disabled={!isGiven}
        onClick={() => void model.publishAnyway(reason.trim())}
      >
        {trans.__('Publish anyway')}
      </Button>
    </div>
  );
}
