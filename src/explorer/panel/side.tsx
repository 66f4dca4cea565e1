import { closeIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { usePanel, useUi, usePart } from './context';
import { CountSection } from './count-section';
import { IconButton } from './icon-button';
import { PeriodSection } from './period-section';
import { PopulationSection } from './population-section';
import { SourceSection } from './source-section';

/** The left column: what is read, which records, which time, what is counted. A drawer in narrow panes. */
export function Side(): JSX.Element {
  const { trans, ui } = usePanel();
  const { drawer } = useUi();
  const overview = usePart(one => one.overview);
  const source = usePart(one => one.source);
  const isKnown = source.status === 'open' || overview !== null;
  const close = () => ui.set({ drawer: false });
  return (
    <>
      {drawer && (
        <div className="jp-Workload-shade" onClick={close} aria-hidden="true" />
      )}
      <aside
        className={`jp-Workload-side ${drawer ? 'jp-mod-open' : ''}`}
        aria-label={trans.__('Source, filters and period')}
        onKeyDown={event => {
          if (event.key === 'Escape' && drawer) {
            event.stopPropagation();
            close();
          }
        }}
      >
        <IconButton
          className="jp-Workload-drawerClose"
          icon={closeIcon}
          label={trans.__('Close')}
          onClick={close}
        />
        <SourceSection />
        <PopulationSection />
        {isKnown && (
          <>
            <PeriodSection />
            <CountSection />
          </>
        )}
      </aside>
    </>
  );
}
