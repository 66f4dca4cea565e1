import {
  createContext,
  useCallback,
  useContext,
  useSyncExternalStore
} from 'react';
import type { ISignal } from '@lumino/signaling';

import type { IView } from '../../workload/view';
import type { IPanelOptions, IViewModel } from '../view-model';
import type { Session } from './session';
import type { ISnapshot } from './session-state';
import type { IFormat } from './format';
import type { IUiState, UiStore } from './ui-store';

/** What every part of the panel may use. */
export interface IPanelContext extends IPanelOptions {
  readonly session: Session;
  readonly ui: UiStore;
  readonly format: IFormat;
}

export const PanelContext = createContext<IPanelContext | null>(null);

export function usePanel(): IPanelContext {
  const context = useContext(PanelContext);
  if (!context) {
    throw new Error('Used outside of a panel.');
  }
  return context;
}

/** The view as it is now. */
export function useView(): IView {
  const { model } = usePanel();
  return useSignal(model.changed, () => model.view);
}

/** One thing that the model says besides the view. */
export function useModel<T extends string | boolean | null>(
  read: (model: IViewModel) => T
): T {
  const { model } = usePanel();
  return useSignal(model.changed, () => read(model));
}

/** What the session knows now. */
export function useSnapshot(): ISnapshot {
  const { session } = usePanel();
  return useSignal(session.changed, () => session.snapshot);
}

/**
 * A part of what the session knows; what shows it is drawn anew only when that part is another.
 *
 * @param select Returns the same object as long as nothing has changed.
 */
export function usePart<T>(select: (snapshot: ISnapshot) => T): T {
  const { session } = usePanel();
  return useSignal(session.changed, () => select(session.snapshot));
}

/** What is open, selected and the like. */
export function useUi(): IUiState {
  const { ui } = usePanel();
  return useSignal(ui.changed, () => ui.state);
}

/** Follow a value that a signal says has changed. */
export function useSignal<S, A, T>(signal: ISignal<S, A>, read: () => T): T {
  const subscribe = useCallback(
    (listen: () => void) => {
      signal.connect(listen);
      return () => {
        signal.disconnect(listen);
      };
    },
    [signal]
  );
  return useSyncExternalStore(subscribe, read);
}
