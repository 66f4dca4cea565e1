import type { ILabShell } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IWorkloadRoles } from '../tokens';
import { compileOpen, isCompiledBefore } from './compile-open';
import type { ICompiling, IParametersChoice, Losable } from './compile-open';
import { openPreview } from './preview/open-preview';
import type { Preview } from './preview/preview';
import { removePreviewCopy } from './preview/preview-copy';
import type { PreviewTab } from './preview/preview-tab';
import { openList } from './list/open-list';
import { openPublish } from './publish/open-publish';
import type { PublishWidget } from './publish/open-publish';
import type { IPublishForm } from './publish/publish-model';
import { formOf, newForm, parametersOf } from './publish/publish-request';
import { recordCheck } from './record-check';
import { tellIfStale } from './stale-notice';
import { voilaState } from './preview/voila-state';

export interface IDashboardsOptions {
  readonly shell: ILabShell;
  readonly services: ServiceManager.IManager;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
  /** Shows what is wrong with the roles of the notebook in front. */
  readonly showFindings: () => void;
  /** Shows a folder in the file browser. */
  readonly showFolder: (path: string) => void;
  /** Opens a notebook; null where that is none. */
  readonly openNotebook: (path: string) => Promise<NotebookPanel | null>;
}

/** Dashboards of open notebooks: compiled, previewed, published; and the list of those that are published. */
export class Dashboards {
  constructor(private readonly _options: IDashboardsOptions) {}

  /** The notebook of publishing in front; null where none is. */
  get inFront(): NotebookPanel | null {
    const front = this._options.shell.currentWidget;
    const found = [...this._publishing].find(([, widget]) => widget === front);
    return found?.[0] ?? null;
  }

  /** Compile a notebook, and tell what came of it. What would be lost is asked for first. */
  async compile(panel: NotebookPanel): Promise<void> {
    const compiling = await this._compileAsking(panel);
    if (compiling) {
      this._tell(compiling);
    }
  }

  /** Compile a notebook to its dashboard; null where something would be lost, and the user would rather not. */
  private async _compileAsking(
    panel: NotebookPanel,
    parameters: IParametersChoice = {}
  ): Promise<ICompiling | null> {
    const { trans } = this._options;
    const overwrite: Losable[] = [];
    for (;;) {
      const compiling = await this._compile(panel, 'dashboard', {
        ...parameters,
        overwrite
      });
      if (compiling.kind !== 'loss') {
        return compiling;
      }
      const { button } = await showDialog({
        title: trans.__('Write over the dashboard?'),
        body: this._lossOf(compiling),
        buttons: [
          Dialog.cancelButton(),
          Dialog.warnButton({ label: trans.__('Overwrite') })
        ]
      });
      if (!button.accept) {
        return null;
      }
      overwrite.push(compiling.loss);
    }
  }

  /** Fill the tab of a preview. */
  fillPreview(tab: PreviewTab): void {
    const { panel } = tab;
    const preview = openPreview(tab, {
      ...this._options,
      compile: each => this._compileForPage(each),
      removeCopy: path => this.removePreviewCopy(path)
    });
    this._previews.set(panel, preview);
    tab.disposed.connect(() => this._previews.delete(panel));
  }

  /** Remove what a notebook of this path was compiled to for its preview, before anything else is compiled. */
  removePreviewCopy(path: string): void {
    const { contents } = this._options.services;
    this._last = this._last.then(async compiling => {
      await removePreviewCopy(contents, path);
      return compiling;
    });
  }

  /** Open publishing of a notebook beside it, or bring it to the front. */
  publish(panel: NotebookPanel, asked?: IPublishForm): void {
    const { services, shell } = this._options;
    const there = this._publishing.get(panel);
    if (there) {
      if (asked && !there.model.isRunning) {
        there.model.set(asked);
      }
      shell.activateById(there.id);
      return;
    }
    const path = services.contents.localPath(panel.context.path);
    const widget = openPublish(panel, asked ?? newForm(path), {
      ...this._options,
      compile: (each, form) => this._compileSaved(each, parametersOf(form))
    });
    this._publishing.set(panel, widget);
    widget.disposed.connect(() => this._publishing.delete(panel));
  }

  /** The list of what is published. */
  openList(): ReturnType<typeof openList> {
    const { openNotebook } = this._options;
    return openList({
      ...this._options,
      openNotebook: path => void openNotebook(path),
      publishAgain: dashboard => {
        const { source } = dashboard;
        if (source !== null) {
          void openNotebook(source).then(
            panel => panel && this.publish(panel, formOf(dashboard))
          );
        }
      }
    });
  }

  /** What is published is what stands in the file: whether it is stale is told by that. */
  private async _compileSaved(
    panel: NotebookPanel,
    parameters: IParametersChoice
  ): Promise<ICompiling | null> {
    const elsewhere = this._elsewhere(panel);
    if (elsewhere) {
      return elsewhere;
    }
    if (panel.context.model.dirty) {
      await panel.context.save();
    }
    return this._compileAsking(panel, parameters);
  }

  /** A notebook was opened. A compiled one may be of an older state of its source. */
  opened(panel: NotebookPanel): Promise<void> {
    const { services, trans, openNotebook } = this._options;
    const { contents } = services;
    return tellIfStale(panel, { contents, trans, openNotebook });
  }

  /**
   * A notebook was saved: its preview follows.
   *
   * @param compiles Whether its dashboard does, too, if there is one. Only what stands in the way is told.
   * @param records Whether the check of its roles is kept in it.
   */
  async saved(
    panel: NotebookPanel,
    { compiles, records }: { compiles: boolean; records: boolean }
  ): Promise<void> {
    const { roles, services } = this._options;
    void this._previews.get(panel)?.follow();
    if (records) {
      await recordCheck(panel, roles).catch((error: unknown) => {
        Notification.error(
          this._options.trans.__(
            'The check of the roles could not be kept in the notebook: %1',
            error instanceof Error ? error.message : String(error)
          )
        );
      });
    }
    if (
      compiles &&
      roles.get(panel) &&
      (await isCompiledBefore(panel, services))
    ) {
      const compiling = await this._compile(panel, 'dashboard');
      if (compiling.kind !== 'compiled') {
        this._tell(compiling);
      }
    }
  }

  /** One after another: two that write the same file must not mix. */
  private _compile(
    panel: NotebookPanel,
    to: 'dashboard' | 'preview',
    choice: IParametersChoice & { readonly overwrite?: readonly Losable[] } = {}
  ): Promise<ICompiling> {
    const { roles, services, trans } = this._options;
    // It never rejects.
    this._last = this._last.then(() =>
      compileOpen(panel, { ...choice, roles, services, trans, to })
    );
    return this._last;
  }

  private async _compileForPage(panel: NotebookPanel): Promise<ICompiling> {
    const { services, trans } = this._options;
    const { serverSettings } = services;
    const elsewhere = this._elsewhere(panel);
    if (elsewhere) {
      return elsewhere;
    }
    const { problem, warning, template } = await voilaState(
      serverSettings,
      trans
    );
    if (problem !== null) {
      return { kind: 'problem', message: problem };
    }
    const compiling = await this._compile(panel, 'preview');
    return compiling.kind === 'compiled'
      ? {
          ...compiling,
          template: compiling.template ?? template,
          notices: [
            ...compiling.notices,
            ...(warning === null ? [] : [warning])
          ]
        }
      : compiling;
  }

  /** Why a notebook is out of the server's sight; null where it is on its disk. */
  private _elsewhere({ context }: NotebookPanel): ICompiling | null {
    const { services, trans } = this._options;
    const drive = services.contents.driveName(context.path);
    return drive === '' || drive === 'RTC'
      ? null
      : {
          kind: 'problem',
          message: trans.__(
            'Voilà reads the disk of the Jupyter server, and this notebook is on the drive “%1”. Copy it there.',
            drive
          )
        };
  }

  private _tell(compiling: ICompiling): void {
    const { trans, showFindings } = this._options;
    switch (compiling.kind) {
      case 'compiled':
        Notification.success(
          [
            trans.__('Compiled to %1.', compiling.path),
            ...compiling.notices
          ].join(' '),
          { autoClose: 5000 }
        );
        break;
      case 'findings':
        Notification.error(
          trans._n(
            'No dashboard was compiled: the notebook has %1 error in its roles.',
            'No dashboard was compiled: the notebook has %1 errors in its roles.',
            compiling.errors.length
          ),
          {
            autoClose: false,
            actions: [
              {
                label: trans.__('Show findings'),
                displayType: 'accent',
                callback: showFindings
              }
            ]
          }
        );
        break;
      case 'loss':
        Notification.error(this._lossOf(compiling), { autoClose: false });
        break;
      case 'problem':
        Notification.error(compiling.message, { autoClose: false });
    }
  }

  /** What would be lost, a sentence. */
  private _lossOf({
    path,
    loss
  }: Extract<ICompiling, { kind: 'loss' }>): string {
    const { trans } = this._options;
    switch (loss) {
      case 'edits':
        return trans.__(
          '%1 was changed by hand after it was compiled. What was changed would be lost.',
          path
        );
      case 'other':
        return trans.__('%1 is the dashboard of another notebook.', path);
      case 'parameters':
        return trans.__(
          '%1 has values of parameters, which would be lost: without them it has those of the notebook. Publish Dashboard takes a file of parameters, under More.',
          path
        );
    }
  }

  private readonly _publishing = new Map<NotebookPanel, PublishWidget>();
  private readonly _previews = new Map<NotebookPanel, Preview>();
  private _last: Promise<ICompiling> = Promise.resolve({
    kind: 'problem',
    message: ''
  });
}
