import { MainAreaWidget } from '@jupyterlab/apputils';
import type { ILabShell } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { formatFileSize } from '@jupyterlab/filebrowser';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { revealCell } from '../../roles/reveal';
import {
  askPublishing,
  cancelPublishing,
  startPublishing
} from '../../server/dashboards';
import type { IWorkloadRoles } from '../../tokens';
import type { ICompiling } from '../compile-open';
import { dashboardIcon } from '../icon';
import { PublishModel } from './publish-model';
import type { IPublishForm } from './publish-model';
import { PublishView } from './publish-view';

export interface IOpenPublishOptions {
  readonly shell: ILabShell;
  readonly services: ServiceManager.IManager;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
  /** Compiles a notebook into its dashboard; null where the user would rather not. */
  readonly compile: (
    panel: NotebookPanel,
    form: IPublishForm
  ) => Promise<ICompiling | null>;
  /** Shows a folder in the file browser. */
  readonly showFolder: (path: string) => void;
}

/** Publishing of a notebook, in a tab beside it. */
export class PublishWidget extends MainAreaWidget<PublishView> {
  constructor(
    content: PublishView,
    readonly model: PublishModel
  ) {
    super({ content });
    this.toolbar.hide();
    this.title.icon = dashboardIcon;
    this.title.closable = true;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }
}

/** Open publishing of a notebook beside it. It goes when the notebook is closed. */
export function openPublish(
  panel: NotebookPanel,
  form: IPublishForm,
  options: IOpenPublishOptions
): PublishWidget {
  const { shell, services, roles, trans, compile, showFolder } = options;
  const { serverSettings, contents } = services;
  const model = new PublishModel({
    form,
    compile: asked => compile(panel, asked),
    start: request =>
      startPublishing(serverSettings, {
        ...request,
        // The server knows no drives.
        notebook: contents.localPath(request.notebook)
      }),
    ask: id => askPublishing(serverSettings, id),
    cancel: id => cancelPublishing(serverSettings, id)
  });
  const widget = new PublishWidget(
    new PublishView({
      model,
      trans,
      formatBytes: bytes => formatFileSize(bytes, 1, 1000),
      reveal: cell => {
        const open = roles.get(panel);
        if (open) {
          shell.activateById(panel.id);
          void revealCell(open.roles, cell, { focus: true });
        }
      },
      indexOf: cell =>
        panel.content.widgets.findIndex(({ model }) => model.id === cell),
      showFolder: path => showFolder(path)
    }),
    model
  );
  widget.id = `workload-explorer-publish-${UUID.uuid4()}`;
  const name = (): void => {
    const notebook = PathExt.basename(panel.context.path, '.ipynb');
    widget.title.label = trans.__('Publish %1', notebook);
    widget.title.caption = trans.__('Publish the dashboard of %1', notebook);
  };
  name();
  panel.context.pathChanged.connect(name);
  shell.add(widget, 'main', { mode: 'split-right', ref: panel.id });
  shell.activateById(widget.id);
  panel.disposed.connect(() => widget.dispose());
  return widget;
}
