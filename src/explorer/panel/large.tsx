import {
  Button,
  caretLeftIcon,
  caretRightIcon
} from '@jupyterlab/ui-components';
import type { JSX, KeyboardEvent } from 'react';
import { useEffect, useId, useRef } from 'react';

import { analysisTitle } from '../../workload/caption';
import { mayShowAll } from './asks';
import { Badges } from './badges';
import { ChartBody } from './chart-body';
import { Caption } from './chart-caption';
import { EstimateProblem } from './chart-problem';
import { ChartOptions } from './chart-options';
import { usePanel, useView } from './context';
import { clearPicks } from './edits';
import { IconButton } from './icon-button';
import { reduceIcon } from './icons';
import { ProvenanceTab } from './provenance-tab';
import { TableTab } from './table-tab';
import { TransformTab } from './transform-tab';
import type { IUiState, LargeTab } from './ui-store';
import { useLargeChart } from './use-chart';

const TABS: readonly LargeTab[] = ['chart', 'table', 'transform', 'provenance'];

/** One chart, large, with its table, its transform and its provenance. */
export function Large(props: {
  readonly large: NonNullable<IUiState['large']>;
}): JSX.Element | null {
  const view = useView();
  const chart = view.board.find(one => one.id === props.large.id);
  return chart ? <LargeChart key={chart.id} {...props} /> : null;
}

function LargeChart(props: {
  readonly large: NonNullable<IUiState['large']>;
}): JSX.Element | null {
  const { model, ui, trans } = usePanel();
  const view = useView();
  const { large } = props;
  const id = useId();
  const tabs = useRef<HTMLDivElement>(null);
  const place = view.board.findIndex(one => one.id === large.id);
  const own = view.board[place];
  const { chart, state } = useLargeChart(own, large.all);
  // An estimate stays, also in the table, when there is no exact answer.
  const isRefused = state.problem !== null && !state.answer;
  const title = analysisTitle(chart.question, trans);

  useEffect(() => {
    tabs.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }, []);

  const close = () => ui.set({ large: null, reveal: large.id });
  const go = (to: number) => {
    const next = view.board[to];
    if (next) {
      ui.enlarge(next.id, large.tab);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (own.picks) {
        model.update(clearPicks(own.id));
        ui.say(trans.__('Selection cleared'));
      } else {
        close();
      }
    }
  };

  const onTabKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const tab =
        TABS[(TABS.indexOf(large.tab) + step + TABS.length) % TABS.length];
      ui.set({ large: { ...large, tab } });
      tabs.current?.querySelector<HTMLElement>(`[data-tab="${tab}"]`)?.focus();
    }
  };

  const labels: Record<LargeTab, string> = {
    chart: trans.__('Chart'),
    table: trans.__('Table'),
    transform: trans.__('Transform'),
    provenance: trans.__('Provenance')
  };

  return (
    <section
      className="jp-Workload-large"
      aria-labelledby={`${id}-title`}
      onKeyDown={onKeyDown}
    >
      <header className="jp-Workload-large-header">
        <IconButton
          icon={reduceIcon}
          label={trans.__('Back to the board')}
          onClick={close}
        />
        <h2 id={`${id}-title`}>{title}</h2>
        <Badges state={state} />
        <span className="jp-Workload-spacer" />
        <IconButton
          icon={caretLeftIcon}
          label={trans.__('Previous chart')}
          disabled={place <= 0}
          onClick={() => go(place - 1)}
        />
        <IconButton
          icon={caretRightIcon}
          label={trans.__('Next chart')}
          disabled={place >= view.board.length - 1}
          onClick={() => go(place + 1)}
        />
      </header>
      <ChartOptions chart={own}>
        {mayShowAll(own) && (
          <label className="jp-Workload-check">
            <input
              type="checkbox"
              checked={large.all}
              onChange={event =>
                ui.set({ large: { ...large, all: event.target.checked } })
              }
            />
            {trans.__('all rows while large')}
          </label>
        )}
      </ChartOptions>
      <div
        ref={tabs}
        role="tablist"
        className="jp-Workload-tabs"
        aria-label={title}
        onKeyDown={onTabKey}
      >
        {TABS.map(tab => (
          <Button
            key={tab}
            minimal
            small
            role="tab"
            id={`${id}-${tab}`}
            data-tab={tab}
            className="jp-Workload-tab"
            aria-selected={tab === large.tab}
            aria-controls={`${id}-panel`}
            tabIndex={tab === large.tab ? 0 : -1}
            onClick={() => ui.set({ large: { ...large, tab } })}
          >
            {labels[tab]}
          </Button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        className="jp-Workload-tabPanel"
        aria-labelledby={`${id}-${large.tab}`}
      >
        {(large.tab === 'chart' ||
          (isRefused && large.tab !== 'transform')) && (
          <ChartBody
            chart={chart}
            state={state}
            describedBy={`${id}-caption`}
          />
        )}
        {large.tab === 'table' && !isRefused && (
          <TableTab chart={own} state={state} />
        )}
        {large.tab === 'transform' && (
          <TransformTab chart={own} shown={chart} state={state} />
        )}
        {large.tab === 'provenance' && !isRefused && (
          <ProvenanceTab state={state} />
        )}
      </div>
      <EstimateProblem chart={chart} state={state} />
      <Caption id={`${id}-caption`} state={state} />
    </section>
  );
}
