import { YFile } from '@jupyter/ydoc';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { Debouncer } from '@lumino/polling';

import { newView } from '../../workload/view';
import type { IView } from '../../workload/view';
import { formatView } from '../../workload/view-format';
import { readView } from '../../workload/view-read';
import type { ILoadedView } from '../content';
import { createPanel } from '../panel/panel';
import { PLUGIN_ID } from '../services';
import type { IServices } from '../services';
import { sourcePath } from '../source-paths';
import type { IPanelOptions, IViewModel } from '../view-model';
import { Drafts } from './drafts';
import { isKnownZone } from './known-zone';
import { saveView } from './save-view';
import { TextViewModel } from './text-view-model';
import { TrustStore } from './trust';

/**
 * Makes views and their panels. Everything that weighs something hangs on this module, which is loaded with the first tab.
 */

let trustStore: Promise<TrustStore> | null = null;

/** One store for all tabs, so that what is trusted in one is trusted in all. */
function trust(services: IServices): Promise<TrustStore> {
  return (trustStore ??= TrustStore.load(services.state));
}

/** The view of a document. */
export async function loadDocument(
  context: DocumentRegistry.IContext<DocumentRegistry.ICodeModel>,
  services: IServices
): Promise<ILoadedView> {
  const [store] = await Promise.all([trust(services), context.ready]);
  const model = new TextViewModel({
    sharedModel: context.model.sharedModel,
    trans: services.trans,
    trust: store,
    path: context.path,
    isWritable: isWritable(context.contentsModel)
  });
  const onPath = (_: unknown, path: string): void => {
    model.path = path;
  };
  const onFile = (): void => {
    model.isWritable = isWritable(context.contentsModel);
  };
  context.pathChanged.connect(onPath);
  context.fileChanged.connect(onFile);
  return {
    model,
    panel: createPanel(panelOptions(model, services)),
    release: () => {
      context.pathChanged.disconnect(onPath);
      context.fileChanged.disconnect(onFile);
    }
  };
}

function isWritable(file: Omit<Contents.IModel, 'content'> | null): boolean {
  // A drive that does not say is taken at its best; saving says what is wrong.
  return file?.writable !== false;
}

export interface IUnsavedOptions {
  /** Where the view is remembered until it is in a file. */
  readonly draft: string;
  /** Contents paths of the data; none for a panel that asks for them. */
  readonly paths: readonly string[];
  /** Close the tab once the view is in a file. */
  readonly close: () => void;
  /** Widget id of the tab, beside which the document opens. */
  readonly ref: string;
}

/** A view that is in no file yet. */
export async function loadUnsaved(
  options: IUnsavedOptions,
  services: IServices
): Promise<ILoadedView> {
  const drafts = new Drafts(services.state);
  const [store, draft, start] = await Promise.all([
    trust(services),
    drafts.load(options.draft),
    startView(options.paths, services)
  ]);
  const startText = formatView(start);
  // A draft of another program's version may be no view any more.
  const isSound =
    draft !== null && readView(draft, services.trans).problem === null;
  const sharedModel = YFile.create();
  sharedModel.setSource(isSound ? draft : startText);
  sharedModel.clearUndoHistory();
  const model = new TextViewModel({
    sharedModel,
    trans: services.trans,
    trust: store,
    path: null,
    isWritable: true
  });
  const remember = new Debouncer(() => {
    drafts.save(options.draft, sharedModel.getSource());
  }, DRAFT_MS);
  model.changed.connect(() => {
    if (sharedModel.getSource() !== startText) {
      void remember.invoke();
    }
  });
  const saveAs = async (): Promise<boolean> => {
    const saved = await saveView(
      model,
      await trust(services),
      options.ref,
      services
    );
    if (saved) {
      options.close();
    }
    return saved;
  };
  return {
    model,
    panel: createPanel({
      ...panelOptions(model, services),
      saveAs: async () => {
        await saveAs();
      }
    }),
    saveAs,
    hasChanges: () =>
      sharedModel.getSource() !== formatView(pristine(model.view, start)),
    release: () => {
      remember.dispose();
      drafts.remove(options.draft);
      sharedModel.dispose();
    }
  };
}

/** Milliseconds after a change when a view in no file is remembered. */
const DRAFT_MS = 500;

/** What the view would be if nothing but its source had been chosen. */
function pristine(view: IView, start: IView): IView {
  return { ...start, source: view.source };
}

async function startView(
  paths: readonly string[],
  { settings }: IServices
): Promise<IView> {
  const view = newView({ paths: paths.map(path => sourcePath(path, null)) });
  const zone = (await settings?.load(PLUGIN_ID).catch(() => null))?.get(
    'zone'
  ).composite;
  return typeof zone === 'string' && isKnownZone(zone)
    ? { ...view, zone }
    : view;
}

function panelOptions(model: IViewModel, services: IServices): IPanelOptions {
  const { app, docManager, trans, themeManager, editorServices } = services;
  return {
    model,
    contents: app.serviceManager.contents,
    serverSettings: app.serviceManager.serverSettings,
    trans,
    themeManager,
    editorServices,
    commands: app.commands,
    openPath: path => {
      docManager.openOrReveal(path);
    }
  };
}
