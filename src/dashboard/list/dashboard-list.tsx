import { Dialog, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Button, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';

import type { DashboardState, IDashboard } from '../../server/dashboards';
import { isBrowsable } from '../server-path';
import { facts, parametersText } from './dashboard-facts';
import type { DashboardListModel } from './list-model';

export interface IDashboardListOptions {
  readonly model: DashboardListModel;
  readonly trans: TranslationBundle;
  /** Opens the notebook of a dashboard, and publishing with what was asked the last time. */
  readonly publishAgain: (dashboard: IDashboard) => void;
  readonly openNotebook: (path: string) => void;
  /** Opens the static page. */
  readonly openPage: (dashboard: IDashboard) => void;
}

/** The dashboards that the user has published: how each is, and what can be done about it. */
export class DashboardList extends ReactWidget {
  constructor(private readonly _list: IDashboardListOptions) {
    super();
    this.addClass('jp-WorkloadDashboards');
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._follow();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._follow();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._follow();
  }

  private _follow(): void {
    this._list.model.isActive = this.isVisible;
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._list.model.changed}>
        {() => <List {...this._list} />}
      </UseSignal>
    );
  }
}

function List(options: IDashboardListOptions): JSX.Element {
  const { model, trans } = options;
  const { dashboards, problem } = model;
  return (
    <>
      <header>
        <h2>{trans.__('Dashboards')}</h2>
        <Button
          minimal
          small
          className="jp-mod-styled"
          onClick={() => model.refresh()}
        >
          {trans.__('Refresh')}
        </Button>
      </header>
      {problem !== null && (
        <p className="jp-WorkloadPublish-problem" role="alert">
          {problem}
        </p>
      )}
      {dashboards === null ? (
        problem === null && <p role="status">{trans.__('Looking…')}</p>
      ) : dashboards.length === 0 ? (
        <p>
          {trans.__(
            'Nothing is published yet. Open a notebook with roles, and choose Publish Dashboard in the File menu.'
          )}
        </p>
      ) : (
        <ul>
          {dashboards.map(each => (
            <Row key={each.id} dashboard={each} {...options} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({
  dashboard,
  ...options
}: IDashboardListOptions & {
  readonly dashboard: IDashboard;
}): JSX.Element {
  const { model, trans, publishAgain, openNotebook, openPage } = options;
  const { out, source, state, why, versions, page, publishing } = dashboard;
  const parameters = parametersText(dashboard, trans);
  const name = PathExt.basename(out);
  const isBusy = publishing !== null;
  return (
    <li data-state={isBusy ? 'busy' : state} aria-label={name}>
      <p className="jp-WorkloadDashboards-name" title={out}>
        <strong>{name}</strong>
        <span className="jp-WorkloadDashboards-state">
          {isBusy ? trans.__('publishing…') : stateText(state, trans)}
        </span>
      </p>
      <p className="jp-WorkloadPublish-hint">{facts(dashboard, trans)}</p>
      {source !== null && (
        <p className="jp-WorkloadPublish-hint">
          {isBrowsable(source) ? (
            <button
              type="button"
              className="jp-WorkloadPreview-jump"
              title={source}
              onClick={() => openNotebook(source)}
            >
              {PathExt.basename(source)}
            </button>
          ) : (
            source
          )}
        </p>
      )}
      {why.map(each => (
        <p key={each}>{each}</p>
      ))}
      {parameters !== null && <p>{parameters}</p>}
      <div className="jp-WorkloadPublish-buttons">
        {source !== null && isBrowsable(source) && (
          <Button
            small
            className="jp-mod-styled"
            disabled={isBusy}
            onClick={() => publishAgain(dashboard)}
          >
            {trans.__('Publish again…')}
          </Button>
        )}
        {page && (
          <Button
            small
            className="jp-mod-styled"
            onClick={() => openPage(dashboard)}
          >
            {trans.__('Open page')}
          </Button>
        )}
        {versions > 1 && (
          <Button
            small
            className="jp-mod-styled"
            disabled={isBusy}
            onClick={() => void askRollBack(dashboard, model, trans)}
          >
            {trans.__('Roll back…')}
          </Button>
        )}
        <Button
          small
          className="jp-mod-styled"
          disabled={isBusy}
          title={trans.__('Nothing that is published is touched')}
          onClick={() => void model.forget(dashboard)}
        >
          {trans.__('Take off the list')}
        </Button>
      </div>
    </li>
  );
}

async function askRollBack(
  dashboard: IDashboard,
  model: DashboardListModel,
  trans: TranslationBundle
): Promise<void> {
  const { button } = await showDialog({
    title: trans.__('Show the version before this one?'),
    body: trans.__(
      'Readers of %1 see the good version before the one that is shown now. What is taken back is not gone back to: publish again for that.',
      dashboard.out
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Roll back') })
    ]
  });
  if (button.accept) {
    await model.rollBack(dashboard);
  }
}

function stateText(state: DashboardState, trans: TranslationBundle): string {
  switch (state) {
    case 'fresh':
      return trans.__('fresh');
    case 'stale':
      return trans.__('stale');
    case 'failing':
      return trans.__('failing');
    case 'gone':
      return trans.__('gone');
  }
}
