import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';
import type { JSX } from 'react';

import { resolvePath } from '../source-paths';
import type { IPanelOptions } from '../view-model';
import { PanelContext } from './context';
import type { IPanelContext } from './context';
import { createFormat } from './format';
import { MappingWatch, rememberedMapping } from './mapping-memory';
import { openSource } from './open-source';
import type { IOpened } from './open-source';
import { PanelView } from './panel-view';
import { rememberSource } from './recent';
import { RenderGuard } from './render-guard';
import { applyTransform } from './run-transform';
import { Session } from './session';
import { UiStore } from './ui-store';

/**
 * Make the panel of a view. The widget disposes what it makes, not the model.
 */
export function createPanel(options: IPanelOptions): Widget {
  return new WorkloadPanel(options);
}

class WorkloadPanel extends ReactWidget {
  constructor(options: IPanelOptions) {
    super();
    const { model, contents, serverSettings, trans } = options;
    this.addClass('jp-Workload');
    this.node.tabIndex = -1;
    const session = new Session({
      model,
      trans,
      resolve: paths => paths.map(path => resolvePath(path, model.path)),
      open: async (paths, signal) => {
        const options = { contents, serverSettings, trans };
        const opened = await openSource(paths, signal, options);
        if (!signal.aborted) {
          this._recall(paths, opened);
        }
        return opened;
      },
      transform: (code, table) => applyTransform(code, table, trans),
      after: (milliseconds, callback) => {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      }
    });
    const ui = new UiStore();
    this._mappings = new MappingWatch(serverSettings.baseUrl);
    this._context = {
      ...options,
      session,
      ui,
      format: createFormat(document.documentElement.lang || undefined)
    };
    session.changed.connect(this._onSession);
    model.changed.connect(this._onModel);
    contents.fileChanged.connect(this._onFileChanged);
    window.addEventListener('online', this._onOnline);
    session.start();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    window.removeEventListener('online', this._onOnline);
    this._context.contents.fileChanged.disconnect(this._onFileChanged);
    this._context.model.changed.disconnect(this._onModel);
    this._context.session.dispose();
    super.dispose();
    this._context.ui.dispose();
  }

  protected render(): JSX.Element {
    return (
      <PanelContext.Provider value={this._context}>
        <RenderGuard trans={this._context.trans}>
          <PanelView />
        </RenderGuard>
      </PanelContext.Provider>
    );
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      const path = this.node.querySelector<HTMLElement>(
        '.jp-Workload-start input'
      );
      (path ?? this.node).focus();
    }
  }

  /** A new view of an index begins with the mapping that the user has once chosen for it. */
  private _recall(paths: readonly string[], { engine }: IOpened): void {
    const { model, serverSettings } = this._context;
    if (
      engine.info.index &&
      model.path === null &&
      Object.keys(model.view.mapping).length === 0
    ) {
      const mapping = rememberedMapping(
        serverSettings.baseUrl,
        paths[0],
        engine.info.columns
      );
      if (Object.keys(mapping).length > 0) {
        model.update(view => ({ ...view, mapping }));
      }
    }
  }

  private readonly _onModel = (): void => {
    const { model, session } = this._context;
    const { source } = session.snapshot;
    const isIndex = source.status === 'open' && source.info.index !== null;
    const [path] = model.view.source.paths;
    this._mappings.look(isIndex ? path : null, model.view);
  };

  /** A source that could be opened is worth remembering. */
  private readonly _onSession = (session: Session): void => {
    const { model, serverSettings } = this._context;
    const paths = model.view.source.paths.map(path =>
      resolvePath(path, model.path)
    );
    const key = JSON.stringify(paths);
    if (session.snapshot.source.status === 'open' && key !== this._remembered) {
      this._remembered = key;
      this._onModel();
      rememberSource(serverSettings.baseUrl, paths);
    }
  };

  /** A file of the source was saved, renamed or deleted through JupyterLab. */
  private readonly _onFileChanged = (
    _: unknown,
    change: { oldValue?: unknown; newValue?: unknown }
  ): void => {
    const { model, session } = this._context;
    const changed = [change.oldValue, change.newValue].flatMap(pathOf);
    if (
      session.snapshot.source.status === 'open' &&
      model.view.source.paths.some(path =>
        changed.includes(resolvePath(path, model.path))
      )
    ) {
      session.noteChange();
    }
  };

  private readonly _onOnline = (): void => {
    if (this._context.session.snapshot.outage) {
      this._context.session.resume();
    }
  };

  private readonly _context: IPanelContext;
  private readonly _mappings: MappingWatch;
  private _remembered: string | null = null;
}

function pathOf(value: unknown): string[] {
  return typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string'
    ? [value.path]
    : [];
}
