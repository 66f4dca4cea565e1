import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';
import type { JSX } from 'react';

import { resolvePath } from '../source-paths';
import type { IPanelOptions } from '../view-model';
import { PanelContext } from './context';
import type { IPanelContext } from './context';
import { createFormat } from './format';
import { openSource } from './open-source';
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
      open: (paths, signal) =>
        openSource(paths, signal, { contents, serverSettings, trans }),
      transform: (code, table) => applyTransform(code, table, trans),
      after: (milliseconds, callback) => {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      }
    });
    const ui = new UiStore();
    this._context = {
      ...options,
      session,
      ui,
      format: createFormat(document.documentElement.lang || undefined)
    };
    session.changed.connect(this._onSession);
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

  /** A source that could be opened is worth remembering. */
  private readonly _onSession = (session: Session): void => {
    const { model, serverSettings } = this._context;
    const paths = model.view.source.paths.map(path =>
      resolvePath(path, model.path)
    );
    const key = JSON.stringify(paths);
    if (session.snapshot.source.status === 'open' && key !== this._remembered) {
      this._remembered = key;
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
