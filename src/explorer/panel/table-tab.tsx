import { Button, copyIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useState } from 'react';

import { analysisTitle } from '../../workload/caption';
import type { IChart } from '../../workload/view';
import { usePanel } from './context';
import { DataTable } from './data-table';
import { NoRows } from './no-rows';
import { usePick } from './picking';
import type { IChartState } from './session-state';
import { markedTable, toTsv } from './table-text';

/** A chart as a table: also what screen readers and keyboards use in its place. */
export function TableTab(props: {
  readonly chart: IChart;
  readonly state: IChartState;
}): JSX.Element {
  const { trans, ui, format } = usePanel();
  const { chart, state } = props;
  const [copied, setCopied] = useState(false);
  const { table } = state;
  const { onRow, isPicked } = usePick(
    chart.id,
    chart.picks,
    state.answer?.provenance.query ?? chart.question,
    table
  );
  if (!table) {
    return <p className="jp-Workload-hint">{trans.__('Not read yet.')}</p>;
  }
  if (table.rows.length === 0) {
    return <NoRows chart={chart} />;
  }
  const copy = () => {
    const { answer } = state;
    const marked = answer
      ? markedTable(table, answer.provenance, trans, format.locale)
      : table;
    navigator.clipboard.writeText(toTsv(marked)).then(
      () => {
        setCopied(true);
        ui.say(trans.__('Table copied'));
        setTimeout(() => setCopied(false), 2000);
      },
      () => ui.say(trans.__('The browser did not allow copying'))
    );
  };
  return (
    <div
      className={`jp-Workload-tableTab ${state.stale ? 'jp-mod-stale' : ''}`}
    >
      <div className="jp-Workload-row">
        <span className="jp-Workload-hint">
          {trans._n('%1 row', '%1 rows', table.rows.length)}
          {onRow &&
            ` · ${trans.__('Enter or a click filters all other charts; Shift adds, Alt excludes')}`}
        </span>
        <span className="jp-Workload-spacer" />
        <Button minimal small className="jp-Workload-button" onClick={copy}>
          <copyIcon.react tag="span" className="jp-Workload-icon" />
          <span>{copied ? trans.__('Copied') : trans.__('Copy')}</span>
        </Button>
      </div>
      <DataTable
        label={analysisTitle(chart.question, trans)}
        table={table}
        onPick={onRow}
        isPicked={isPicked}
      />
    </div>
  );
}
