import { MainAreaWidget, ToolbarButton } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  HTMLSelect,
  launchIcon,
  listIcon,
  ReactWidget,
  refreshIcon
} from '@jupyterlab/ui-components';
import { SplitPanel, Widget } from '@lumino/widgets';

import type { ICompiling } from '../compile-open';
import { dashboardIcon } from '../icon';
import { PageFrame } from './page-frame';
import { WhatRan } from './what-ran';
import type { IWhatRanOptions } from './what-ran';

/** How the page looks: as the notebook's own `metadata.voila` says, or otherwise for a look. */
export type PreviewTheme = '' | 'light' | 'dark';

/** A compiled notebook of which there is a page. */
export type CompiledPage = Extract<ICompiling, { kind: 'compiled' }>;

/** The page of a dashboard beside its notebook, and what ran for it. */
export class PreviewWidget extends MainAreaWidget<SplitPanel> {
  constructor(options: PreviewWidget.IOptions) {
    super({
      content: new SplitPanel({ orientation: 'vertical', spacing: 1 })
    });
    const { model, name, trans } = options;
    this._options = options;
    this.addClass('jp-WorkloadPreview');
    this.title.icon = dashboardIcon;
    this.title.closable = true;
    this._page = new PageFrame(trans.__('Dashboard'));
    this.setName(name);
    this._ran = new WhatRan(options);
    this._nothing = new Widget();
    this._nothing.addClass('jp-WorkloadPreview-nothing');
    this._nothing.node.textContent = trans.__(
      'The dashboard is shown here once it can be compiled.'
    );
    this.content.addWidget(this._nothing);
    this.content.addWidget(this._page);
    this.content.addWidget(this._ran);
    this.content.setRelativeSizes([0, 3, 1]);
    this._page.hide();
    this._addTools(trans);
    this._page.loaded.connect(() => model.pageLoaded());
    model.changed.connect(this._follow, this);
    void model.refresh();
  }

  /** Show the notebook as it is now, where that is another dashboard. */
  follow(): Promise<void> {
    return this._options.model.follow();
  }

  /** Call it by the name of its notebook. */
  setName(name: string): void {
    this.title.label = name;
    this.title.caption = this._options.trans.__('Dashboard of %1', name);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.model.dispose();
      super.dispose();
    }
  }

  private _addTools(trans: TranslationBundle): void {
    const { model, url } = this._options;
    this.toolbar.addItem(
      'refresh',
      new ToolbarButton({
        icon: refreshIcon,
        tooltip: trans.__('Compile and run again'),
        onClick: () => void model.refresh()
      })
    );
    this.toolbar.addItem(
      'open',
      new ToolbarButton({
        icon: launchIcon,
        tooltip: trans.__('Open in a new browser tab'),
        onClick: () => {
          if (this._compiled !== null) {
            window.open(
              url(this._compiled, this._theme, null),
              '_blank',
              'noopener'
            );
          }
        }
      })
    );
    this.toolbar.addItem(
      'theme',
      ReactWidget.create(
        <HTMLSelect
          aria-label={trans.__('Theme of the page')}
          title={trans.__('Theme of the page')}
          defaultValue=""
          onChange={event => {
            const { value } = event.target;
            this._theme = value === 'light' || value === 'dark' ? value : '';
            void model.refresh();
          }}
        >
          <option value="">{trans.__('As published')}</option>
          <option value="light">{trans.__('Light')}</option>
          <option value="dark">{trans.__('Dark')}</option>
        </HTMLSelect>
      )
    );
    this.toolbar.addItem(
      'ran',
      new ToolbarButton({
        icon: listIcon,
        tooltip: trans.__('Show or hide what ran'),
        onClick: () => this._ran.setHidden(!this._ran.isHidden)
      })
    );
  }

  private readonly _follow = (): void => {
    const { model, url } = this._options;
    const { status } = model;
    if (status.kind === 'refused') {
      // Never hidden: the page that is still seen is an old one.
      this._ran.show();
    }
    this._page.toggleClass('jp-mod-old', status.kind !== 'page');
    if (status.kind === 'page' && status.run !== this._shown) {
      this._shown = status.run;
      this._compiled = status.compiled;
      this._nothing.hide();
      this._page.show();
      this._page.open(url(status.compiled, this._theme, status.run));
    }
  };

  private readonly _options: PreviewWidget.IOptions;
  private readonly _page: PageFrame;
  private readonly _ran: WhatRan;
  private readonly _nothing: Widget;
  private _theme: PreviewTheme = '';
  /** The run and the compiled notebook of the page that is there. */
  private _shown: string | null = null;
  private _compiled: CompiledPage | null = null;
}

export namespace PreviewWidget {
  export interface IOptions extends IWhatRanOptions {
    /** Of the notebook. */
    readonly name: string;
    /** The address of the page of a compiled notebook; with a run, what runs is noted under it. */
    readonly url: (
      this: void,
      compiled: CompiledPage,
      theme: PreviewTheme,
      run: string | null
    ) => string;
  }
}
