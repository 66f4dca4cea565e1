import { MainAreaWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { SplitPanel } from '@lumino/widgets';

import { dashboardIcon } from '../icon';

export interface IPreviewTabOptions {
  readonly panel: NotebookPanel;
  readonly trans: TranslationBundle;
  /** Resolved when the tab is filled. Until then it shows that it waits. */
  readonly filled: Promise<void>;
}

/**
 * The tab of a notebook's preview. It goes when the notebook is closed.
 *
 * #### Notes
 * It is there before what fills it is loaded, so that JupyterLab can put it back to its place while it starts.
 */
export class PreviewTab extends MainAreaWidget<SplitPanel> {
  constructor(options: IPreviewTabOptions) {
    super({
      content: new SplitPanel({ orientation: 'vertical', spacing: 1 }),
      reveal: options.filled
    });
    const { panel, trans } = options;
    this.panel = panel;
    this.addClass('jp-WorkloadPreview');
    this.title.icon = dashboardIcon;
    // One that is filled later leaves the keyboard at its hidden button for more.
    this.toolbar.hide();
    const setName = (): void => {
      const name = PathExt.basename(panel.context.path, '.ipynb');
      const caption = trans.__('Dashboard of %1', name);
      this.title.label = name;
      this.title.caption = caption;
      this.content.node.setAttribute('aria-label', caption);
    };
    setName();
    panel.context.pathChanged.connect(setName, this);
    panel.disposed.connect(() => this.dispose());
    // It is shown in the tab.
    this.revealed.catch(() => undefined);
  }

  /** The notebook that it is of. */
  readonly panel: NotebookPanel;

  /** The path of the notebook, by which the tab is restored. */
  get path(): string {
    return this.panel.context.path;
  }

  /** Resolved when the tab is in sight, now or for the first time. */
  inSight(): Promise<void> {
    return this.isVisible ? Promise.resolve() : this._shown.promise;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._shown.resolve();
  }

  private readonly _shown = new PromiseDelegate<void>();
}
