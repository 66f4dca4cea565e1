import { Dialog, MainAreaWidget, showDialog } from '@jupyterlab/apputils';
import { ABCWidgetFactory, DocumentWidget } from '@jupyterlab/docregistry';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { UUID } from '@lumino/coreutils';
import { MessageLoop } from '@lumino/messaging';
import type { Message } from '@lumino/messaging';

import { DATA_FACTORY, VIEW_FACTORY } from './commands';
import { ExplorerContent } from './content';
import { DATA_MODEL } from './data-file';
import { PARQUET_TYPE, VIEW_TYPE } from './file-types';
import { workloadIcon } from './icon';
import type { IServices } from './services';
import { baseName, indexPath } from './source-paths';

/** Tabs of the explorer; what they hold is loaded with the first of them. */

/** Tabs whose view is in no file: Ctrl-S asks for one there (schema/plugins/explorer.json). */
const UNSAVED_CLASS = 'jp-mod-unsaved';

type ITextContext = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;

export type DocumentTab = DocumentWidget<
  ExplorerContent,
  DocumentRegistry.ICodeModel
>;

/** Opens views (`*.workload.json`). */
export class ViewFactory extends ABCWidgetFactory<
  DocumentTab,
  DocumentRegistry.ICodeModel
> {
  constructor(private _services: IServices) {
    super({
      name: VIEW_FACTORY,
      label: _services.trans.__('Workload Explorer'),
      fileTypes: [VIEW_TYPE],
      defaultFor: [VIEW_TYPE],
      modelName: 'text'
    });
  }

  /**
   * Where the text comes from: from wherever JupyterLab's own editor has it, so that a view is shared when texts are
   * (jupyter-collaboration sets the editor's when it is activated, which may be after us).
   */
  override get contentProviderId(): string | undefined {
    return this._services.app.docRegistry.getWidgetFactory('Editor')
      ?.contentProviderId;
  }

  override set contentProviderId(_: string | undefined) {
    // Follows the editor's.
  }

  protected createNewWidget(context: ITextContext): DocumentTab {
    const services = this._services;
    const content = new ExplorerContent({
      trans: services.trans,
      load: async () =>
        (await import('./document/load')).loadDocument(context, services)
    });
    return documentTab(content, context);
  }
}

/** Opens data by "Open With", as a view in no file. */
export class DataFactory extends ABCWidgetFactory<
  DocumentTab,
  DocumentRegistry.ICodeModel
> {
  constructor(private _services: IServices) {
    super({
      name: DATA_FACTORY,
      label: _services.trans.__('Workload Explorer'),
      fileTypes: [PARQUET_TYPE],
      defaultFor: [PARQUET_TYPE],
      modelName: DATA_MODEL,
      readOnly: true
    });
  }

  protected createNewWidget(context: ITextContext): DocumentTab {
    const services = this._services;
    const content = new ExplorerContent({
      trans: services.trans,
      load: async () => {
        const [{ loadUnsaved }] = await Promise.all([
          import('./document/load'),
          context.ready
        ]);
        return loadUnsaved(
          {
            draft: `file:${context.path}`,
            paths: [context.path],
            close: () => tab.dispose(),
            ref: tab.id
          },
          services
        );
      }
    });
    const tab = documentTab(content, context);
    tab.addClass(UNSAVED_CLASS);
    guardClosing(tab, services);
    return tab;
  }
}

function documentTab(
  content: ExplorerContent,
  context: ITextContext
): DocumentTab {
  const tab = new DocumentWidget({
    content,
    context,
    reveal: Promise.allSettled([context.ready, content.loaded])
  });
  tab.addClass('jp-WorkloadTab');
  tab.title.icon = workloadIcon;
  // The panel has a toolbar of its own; JupyterLab's says when a file cannot be written.
  tab.toolbar.hide();
  const showReadOnly = (): void => {
    const isReadOnly =
      context.contentsModel?.writable === false && !context.model.readOnly;
    tab.toolbar.setHidden(!isReadOnly);
  };
  context.fileChanged.connect(showReadOnly);
  return tab;
}

/** A tab of its own, for data that are not one file among JupyterLab's, or still to be chosen. */
export class UnsavedTab extends MainAreaWidget<ExplorerContent> {
  /**
   * @param paths Contents paths of the data.
   * @param draft Where the view is remembered until it is in a file; a new place by default.
   */
  constructor(
    readonly paths: readonly string[],
    services: IServices,
    readonly draft = `tab:${UUID.uuid4()}`
  ) {
    super({
      content: new ExplorerContent({
        trans: services.trans,
        load: async () =>
          (await import('./document/load')).loadUnsaved(
            { draft, paths, close: () => this.dispose(), ref: this.id },
            services
          )
      })
    });
    this.id = `workload-explorer-${UUID.uuid4()}`;
    this.addClass('jp-WorkloadTab');
    this.addClass(UNSAVED_CLASS);
    this.toolbar.hide();
    this.title.icon = workloadIcon;
    this.title.closable = true;
    this._name(paths, services);
    this.content.modelChanged.connect(({ model }) => {
      this._name(model?.view.source.paths ?? paths, services);
    });
    guardClosing(this, services);
  }

  private _name(paths: readonly string[], { trans }: IServices): void {
    const [first] = paths;
    this.title.label =
      first === undefined
        ? trans.__('Workload Explorer')
        : paths.length === 1
          ? tabName(first)
          : trans.__('%1 and %2 more', baseName(first), paths.length - 1);
    this.title.caption = paths.join('\n');
  }
}

/** Indices go with the connection that leads to them: other clusters may have the same. */
function tabName(path: string): string {
  const index = indexPath(path);
  return index ? `${index.indices} · ${index.connection}` : baseName(path);
}

/** Ask before a view that is in no file is lost. */
function guardClosing(
  tab: MainAreaWidget<ExplorerContent>,
  { trans }: IServices
): void {
  let isAsking = false;
  const hook = (_: unknown, message: Message): boolean => {
    if (message.type !== 'close-request' || !tab.content.hasChanges) {
      return true;
    }
    if (!isAsking) {
      isAsking = true;
      void ask().finally(() => {
        isAsking = false;
      });
    }
    return false;
  };
  const ask = async (): Promise<void> => {
    const { button } = await showDialog({
      title: trans.__('Close without saving?'),
      body: trans.__('The view “%1” is in no file yet.', tab.title.label),
      buttons: [
        Dialog.cancelButton(),
        Dialog.warnButton({ label: trans.__('Discard'), actions: ['discard'] }),
        Dialog.okButton({ label: trans.__('Save View As…'), actions: ['save'] })
      ]
    });
    if (button.actions.includes('discard')) {
      tab.dispose();
    } else if (button.actions.includes('save')) {
      await tab.content.saveAs?.();
    }
  };
  // After JupyterLab's own hook, which disposes the tab: the last one is asked first.
  void tab.content.loaded.then(() => {
    if (!tab.isDisposed) {
      MessageLoop.installMessageHook(tab, hook);
    }
  });
}
