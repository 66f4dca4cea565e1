import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The parts of a chart that is open large. */
export type LargeTab = 'chart' | 'table' | 'transform' | 'provenance';

/** What is open and selected in one panel; not worth keeping in the view. */
export interface IUiState {
  /** Chart that the count sentence and exports speak of. */
  readonly selected: string | null;
  readonly large: {
    readonly id: string;
    readonly tab: LargeTab;
    readonly all: boolean;
  } | null;
  /** Chart that is to be scrolled to and to get the focus; null once that is done. */
  readonly reveal: string | null;
  /** The left column is shown over the board, in a narrow pane. */
  readonly drawer: boolean;
  /** The source picker is open. */
  readonly picking: boolean;
  /** The mapping of columns is open; a role to go to, or an empty text. */
  readonly mapping: string | null;
  /** The source's requests stand in place of the board. */
  readonly inspecting: boolean;
  /** A sentence in a banner until the user takes note of it. */
  readonly notice: string | null;
  /** Last thing said to screen readers. */
  readonly said: string;
}

/** Holds a panel's ephemeral state. */
export class UiStore {
  get state(): IUiState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  set(change: Partial<IUiState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit(undefined);
  }

  /** Open a chart large. */
  enlarge(id: string, tab: LargeTab = 'chart'): void {
    this.set({
      selected: id,
      large: { id, tab, all: true },
      inspecting: false
    });
  }

  /** Say something to screen readers. */
  say(said: string): void {
    this.set({ said });
  }

  dispose(): void {
    Signal.clearData(this);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _state: IUiState = {
    selected: null,
    large: null,
    reveal: null,
    drawer: false,
    picking: false,
    mapping: null,
    inspecting: false,
    notice: null,
    said: ''
  };
}
