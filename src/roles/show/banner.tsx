import type { NotebookPanel } from '@jupyterlab/notebook';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { ITranslator } from '../../workload/translator';
import type { ShownCells } from './shown-cells';

/** Says above a notebook that not all of its cells are shown, and shows them again. */
export class ShownBanner extends ReactWidget {
  constructor({ panel, shown, showAll, trans }: ShownBanner.IOptions) {
    super();
    this._shown = shown;
    this._showAll = showAll;
    this._trans = trans;
    this.addClass('jp-WorkloadRoles-shown');
    this.node.setAttribute('role', 'status');
    this.hide();
    panel.contentHeader.addWidget(this);
    shown.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  protected render(): JSX.Element {
    const { shown, hidden } = this._shown;
    const trans = this._trans;
    return (
      <>
        <span>
          {shown === 'downstream'
            ? trans._n(
                'Showing only downstream cells (%1 hidden).',
                'Showing only downstream cells (%1 hidden).',
                hidden
              )
            : trans._n(
                'Showing only upstream cells (%1 hidden).',
                'Showing only upstream cells (%1 hidden).',
                hidden
              )}
        </span>
        <button
          type="button"
          className="jp-WorkloadRoles-link"
          onClick={this._showAll}
        >
          {trans.__('Show all')}
        </button>
      </>
    );
  }

  private readonly _onChanged = (): void => {
    this.setHidden(this._shown.shown === 'all');
    this.update();
  };

  private readonly _shown: ShownCells;
  private readonly _showAll: () => void;
  private readonly _trans: ITranslator;
}

export namespace ShownBanner {
  export interface IOptions {
    readonly panel: NotebookPanel;
    readonly shown: ShownCells;
    readonly showAll: () => void;
    readonly trans: ITranslator;
  }
}
