import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IDashboard } from '../../server/dashboards';
import { sentence } from '../sentence';

/** The server is asked so often while the list is in sight, milliseconds; and while something is published. */
const INTERVAL = 15_000;
const QUICK = 1000;

/** The dashboards that the user has published, followed while they are in sight. */
export class DashboardListModel implements IDisposable {
  constructor(private readonly _options: DashboardListModel.IOptions) {
    this._poll = new Poll({
      name: 'workload-explorer:dashboards',
      auto: false,
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      standby: 'when-hidden',
      factory: () => this._look()
    });
  }

  /** Null while nobody knows. */
  get dashboards(): readonly IDashboard[] | null {
    return this._dashboards;
  }

  /** What went wrong last, a sentence. */
  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      // Otherwise its timer runs on.
      void this._poll.stop();
      this._poll.dispose();
      Signal.clearData(this);
    }
  }

  /** Whether the list is in sight. */
  set isActive(value: boolean) {
    if (this.isDisposed) {
      return;
    }
    void (value ? this._poll.refresh() : this._poll.stop());
  }

  /** Look anew. */
  refresh(): void {
    if (!this.isDisposed) {
      void this._poll.refresh();
    }
  }

  /** Show the good version before the one that is shown. */
  rollBack({ id }: IDashboard): Promise<void> {
    return this._change(() => this._options.rollBack(id));
  }

  /** Take a dashboard out of the list. */
  forget({ id }: IDashboard): Promise<void> {
    return this._change(() => this._options.forget(id));
  }

  private async _change(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      await this._look();
    } catch (error) {
      this._problem = sentence(error);
      this._changed.emit();
    }
  }

  private async _look(): Promise<void> {
    try {
      const found = await this._options.ask();
      const isBusy = found.some(({ publishing }) => publishing !== null);
      this._dashboards = found;
      this._problem = null;
      this._poll.frequency = {
        ...this._poll.frequency,
        interval: isBusy ? QUICK : INTERVAL
      };
    } catch (error) {
      this._problem = sentence(error);
      throw error;
    } finally {
      if (!this.isDisposed) {
        this._changed.emit();
      }
    }
  }

  private readonly _poll: Poll;
  private _dashboards: readonly IDashboard[] | null = null;
  private _problem: string | null = null;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace DashboardListModel {
  export interface IOptions {
    readonly ask: () => Promise<readonly IDashboard[]>;
    readonly rollBack: (id: string) => Promise<void>;
    readonly forget: (id: string) => Promise<void>;
  }
}
