import type { TranslationBundle } from '@jupyterlab/translation';
import {
  addToolbarButtonClass,
  HTMLSelect,
  launchIcon,
  listIcon,
  ReactiveToolbar,
  ReactWidget,
  refreshIcon,
  ToolbarButtonComponent
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import type React from 'react';

import type { ICompiling } from '../compile-open';
import { PageFrame } from './page-frame';
import type { PreviewTab } from './preview-tab';
import { WhatRan } from './what-ran';
import type { IWhatRanOptions } from './what-ran';

/** How the page looks: as the notebook's own `metadata.voila` says, or otherwise for a look. */
export type PreviewTheme = '' | 'light' | 'dark';

/** A compiled notebook of which there is a page. */
export type CompiledPage = Extract<ICompiling, { kind: 'compiled' }>;

/** What fills the tab of a preview: the page of a dashboard, and what ran for it. */
export class Preview {
  constructor(tab: PreviewTab, options: Preview.IOptions) {
    const { model, trans } = options;
    this._options = options;
    this._page = new PageFrame(trans.__('Dashboard'));
    this._ran = new WhatRan(options);
    this._showRan = button(() => [
      listIcon,
      this._ran.isHidden
        ? trans.__('Show what ran')
        : trans.__('Hide what ran'),
      () => this._setRan(this._ran.isHidden)
    ]);
    this._nothing = new Widget();
    this._nothing.addClass('jp-WorkloadPreview-nothing');
    this._nothing.node.textContent = trans.__(
      'The dashboard is shown here once it can be compiled.'
    );
    const { content } = tab;
    content.addWidget(this._nothing);
    content.addWidget(this._page);
    content.addWidget(this._ran);
    content.setRelativeSizes([0, 3, 1]);
    this._page.hide();
    tab.contentHeader.addWidget(this._makeTools(trans));
    this._page.loaded.connect(() => model.pageLoaded());
    this._page.emptied.connect(() => model.runAgain());
    model.changed.connect(this._follow, this);
    tab.disposed.connect(() => model.dispose());
    void model.refresh();
  }

  /** Show the notebook as it is now, where that is another dashboard. */
  follow(): Promise<void> {
    return this._options.model.follow();
  }

  private _makeTools(trans: TranslationBundle): Widget {
    const { model, url } = this._options;
    const toolbar = new ReactiveToolbar();
    toolbar.node.setAttribute('role', 'toolbar');
    toolbar.node.setAttribute('aria-label', trans.__('Preview'));
    toolbar.addItem(
      'refresh',
      button(() => [
        refreshIcon,
        trans.__('Compile and run again'),
        () => void model.refresh()
      ])
    );
    toolbar.addItem(
      'open',
      button(() => [
        launchIcon,
        trans.__('Open in a new browser tab'),
        () => {
          if (model.page) {
            window.open(
              url(model.page.compiled, this._theme, null),
              '_blank',
              'noopener'
            );
          }
        }
      ])
    );
    toolbar.addItem(
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
    toolbar.addItem('ran', this._showRan);
    return toolbar;
  }

  private _setRan(isShown: boolean): void {
    this._ran.setHidden(!isShown);
    this._showRan.update();
  }

  private readonly _follow = (): void => {
    const { model, url } = this._options;
    const { status, page } = model;
    if (status.kind === 'refused') {
      // Never hidden: the page that is still seen is an old one.
      this._setRan(true);
    }
    this._page.toggleClass('jp-mod-old', status.kind !== 'page');
    if (page && page.run !== this._shown) {
      this._shown = page.run;
      this._nothing.hide();
      this._page.show();
      this._page.open(url(page.compiled, this._theme, page.run));
    }
  };

  private readonly _options: Preview.IOptions;
  private readonly _page: PageFrame;
  private readonly _ran: WhatRan;
  private readonly _showRan: Widget;
  private readonly _nothing: Widget;
  private _theme: PreviewTheme = '';
  /** The run of the page that is there. */
  private _shown: string | null = null;
}

export namespace Preview {
  export interface IOptions extends IWhatRanOptions {
    /** The address of the page of a compiled notebook; with a run, what runs is noted under it. */
    readonly url: (
      this: void,
      compiled: CompiledPage,
      theme: PreviewTheme,
      run: string | null
    ) => string;
  }
}

/**
 * A button for the toolbar. JupyterLab's own `ToolbarButton` stays pressed when it was clicked, and tells screen readers so.
 *
 * @param look Its icon, its name, and what it does; asked each time that it is updated.
 */
function button(look: () => [LabIcon, string, () => void]): Widget {
  return addToolbarButtonClass(new Button(look));
}

class Button extends ReactWidget {
  constructor(private readonly _look: () => [LabIcon, string, () => void]) {
    super();
  }

  protected override render(): React.ReactElement {
    const [icon, name, onClick] = this._look();
    return (
      <ToolbarButtonComponent icon={icon} tooltip={name} onClick={onClick} />
    );
  }
}
