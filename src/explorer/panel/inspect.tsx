import type { JSX } from 'react';
import { useEffect, useId, useRef } from 'react';

import { usePanel } from './context';
import { IconButton } from './icon-button';
import { reduceIcon } from './icons';
import { RequestsList } from './requests-list';

/** The requests that the source has cost, in place of the board. */
export function Inspect(): JSX.Element {
  const { trans, ui } = usePanel();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => ui.set({ inspecting: false });

  useEffect(() => heading.current?.focus(), []);

  return (
    <section
      className="jp-Workload-large jp-Workload-inspect"
      aria-labelledby={id}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      }}
    >
      <header className="jp-Workload-large-header">
        <IconButton
          icon={reduceIcon}
          label={trans.__('Back to the board')}
          onClick={close}
        />
        <h2 id={id} ref={heading} tabIndex={-1}>
          {trans.__('Requests')}
        </h2>
      </header>
      <RequestsList />
    </section>
  );
}
