import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { JSX } from 'react';

import type { ITranslator } from '../workload/translator';
import { countRoles, statusSentence } from './counts';
import type { IOpenNotebook, IRolesManager } from './model';

/** Counts of roles and findings of the notebook in front, in the status bar; a click opens the side panel. */
export class RolesStatus extends ReactWidget {
  constructor({ manager, isInFront, trans, onClick }: RolesStatus.IOptions) {
    super();
    this._manager = manager;
    this._isInFront = isInFront;
    this._trans = trans;
    this._onClick = onClick;
    manager.currentChanged.connect(this._onCurrent, this);
    this._onCurrent();
  }

  /** Whether there is anything to say. */
  get isActive(): boolean {
    return this._open?.roles.isOn === true && this._isInFront();
  }

  /** Emitted when there may be something to say, or nothing more. */
  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  /** Another tab may be in front. */
  refresh(): void {
    this._activeChanged.emit();
    this.update();
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected render(): JSX.Element | null {
    const open = this._open;
    if (!open?.roles.isOn) {
      return null;
    }
    const { check, roles } = open;
    const findings = check.checked?.result.findings ?? [];
    const counts = countRoles(roles.cells, findings);
    const trans = this._trans;
    const classes = [
      'jp-WorkloadRoles-status',
      check.isStale ? 'jp-mod-stale' : '',
      counts.findings.error > 0 || counts.roles.conflict > 0
        ? 'jp-mod-error'
        : ''
    ];
    return (
      <button
        type="button"
        className={classes.join(' ')}
        title={
          check.problem ??
          trans.__('Roles of the notebook’s cells. Click for all of them.')
        }
        onClick={this._onClick}
      >
        {statusSentence(counts, check.problem === null, trans)}
      </button>
    );
  }

  private readonly _onCurrent = (): void => {
    this._open?.roles.changed.disconnect(this._onChanged, this);
    this._open?.check.changed.disconnect(this._onChanged, this);
    this._open = this._manager.current;
    this._open?.roles.changed.connect(this._onChanged, this);
    this._open?.check.changed.connect(this._onChanged, this);
    this._onChanged();
  };

  private readonly _onChanged = (): void => {
    this.refresh();
  };

  private readonly _manager: IRolesManager;
  private readonly _isInFront: () => boolean;
  private readonly _trans: ITranslator;
  private readonly _onClick: () => void;
  private readonly _activeChanged = new Signal<this, void>(this);
  private _open: IOpenNotebook | null = null;
}

export namespace RolesStatus {
  export interface IOptions {
    readonly manager: IRolesManager;
    /** Whether a notebook is the tab in front. */
    readonly isInFront: () => boolean;
    readonly trans: ITranslator;
    readonly onClick: () => void;
  }
}
