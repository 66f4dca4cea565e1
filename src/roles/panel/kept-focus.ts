import type { FocusEvent, RefObject } from 'react';
import { useLayoutEffect, useRef } from 'react';

import { focusPanel, PANEL_CLASS } from './focus';

/** What the element around a list's entries is given. */
export interface IKeptFocus {
  readonly ref: RefObject<HTMLDivElement>;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
}

/**
 * Keep the keyboard in a list whose entries go when they are settled: it goes to the entry that takes the place, else to what the list says
 * instead of entries, else to the side panel. Otherwise the page would have it, and one would begin anew at its top.
 */
export function useKeptFocus(): IKeptFocus {
  const ref = useRef<HTMLDivElement>(null);
  const held = useRef<{ index: number; panel: HTMLElement | null } | null>(
    null
  );
  // After every change: React tells nobody of a focus that goes with an element.
  useLayoutEffect(() => {
    const at = held.current;
    const { activeElement, body } = document;
    if (!at || (activeElement !== null && activeElement !== body)) {
      return;
    }
    held.current = null;
    const entries = [...(ref.current?.querySelectorAll('li') ?? [])];
    const entry = entries.at(at.index) ?? entries.at(-1);
    const next =
      entry?.querySelector('button') ??
      ref.current?.querySelector<HTMLElement>('[tabindex]');
    if (next) {
      next.focus();
    } else if (at.panel) {
      focusPanel(at.panel);
    }
  });
  return {
    ref,
    onFocus: ({ target, currentTarget }) => {
      const index = [...currentTarget.querySelectorAll('li')].findIndex(entry =>
        entry.contains(target)
      );
      held.current = {
        index: Math.max(0, index),
        panel: currentTarget.closest<HTMLElement>(`.${PANEL_CLASS}`)
      };
    },
    onBlur: () => {
      held.current = null;
    }
  };
}
