import { ellipsesIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { memo, useId } from 'react';

import type { IChart } from '../../workload/view';
import { analysisTitle } from '../../workload/caption';
import { Badges } from './badges';
import { cardMenu } from './card-menu';
import { Caption } from './chart-caption';
import { ChartBody } from './chart-body';
import { EstimateProblem } from './chart-problem';
import { usePanel } from './context';
import { IconButton } from './icon-button';
import { enlargeIcon } from './icons';
import { openMenu } from './menu';
import { useChart } from './use-chart';

interface ICardProps {
  readonly chart: IChart;
  /** Whether this card is the one in the tab order. */
  readonly active: boolean;
  readonly dragged: boolean;
  readonly drop: 'before' | 'after' | null;
  readonly onDragStart: (id: string) => void;
  readonly onMoved: (id: string | null) => void;
}

/** A chart on the board, with its title above and its caption below. */
export const Card = memo(function Card(props: ICardProps): JSX.Element {
  const context = usePanel();
  const { ui, trans, model } = context;
  const { chart, active } = props;
  const state = useChart(chart);
  const id = useId();
  const title = analysisTitle(chart.question, trans);
  const tabIndex = active ? 0 : -1;
  const classes = [
    'jp-Workload-card',
    `jp-mod-width-${chart.look.width}`,
    active ? 'jp-mod-active' : '',
    props.dragged ? 'jp-mod-dragged' : '',
    props.drop ? `jp-mod-drop-${props.drop}` : ''
  ];

  return (
    <section
      className={classes.join(' ')}
      data-chart={chart.id}
      tabIndex={tabIndex}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-caption`}
      aria-busy={state.stale}
      onFocus={() => !active && ui.set({ selected: chart.id })}
      onPointerDown={event => {
        if (!active) {
          ui.set({ selected: chart.id });
        }
        // Plotly keeps a press from moving the focus; keys after a click are for this chart.
        if (!isControl(event.target)) {
          event.currentTarget.focus({ preventScroll: true });
        }
      }}
    >
      <header
        className="jp-Workload-card-header"
        draggable={!model.readOnly}
        onDragStart={event => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', title);
          props.onDragStart(chart.id);
        }}
        onDoubleClick={() => ui.enlarge(chart.id)}
      >
        <h3 id={`${id}-title`} title={title}>
          {title}
        </h3>
        <Badges state={state} />
        <IconButton
          icon={enlargeIcon}
          label={trans.__('Open %1 large', title)}
          tabIndex={tabIndex}
          onClick={() => ui.enlarge(chart.id)}
        />
        <IconButton
          icon={ellipsesIcon}
          label={trans.__('More for %1', title)}
          tabIndex={tabIndex}
          onClick={event =>
            openMenu(
              cardMenu(chart, context, props.onMoved),
              event.currentTarget
            )
          }
        />
      </header>
      <ChartBody
        chart={chart}
        state={state}
        describedBy={`${id}-caption`}
        tabIndex={tabIndex}
      />
      <EstimateProblem chart={chart} state={state} />
      <Caption id={`${id}-caption`} state={state} />
    </section>
  );
});

/** Whether something takes the focus by itself when it is pressed. */
function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element &&
    target.closest('button, input, select, textarea, a, [role="option"]') !==
      null
  );
}
