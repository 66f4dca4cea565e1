import type { JSX, ReactNode } from 'react';
import { useState } from 'react';

import type { IChart } from '../../workload/view';
import {
  binsChoice,
  byChoice,
  distinctChoice,
  mayBeLog,
  mayShowOther,
  orderChoice,
  topChoice
} from './chart-choices';
import type { IChoice } from './chart-choices';
import { usePanel, useModel } from './context';
import { setLook, setQuestion } from './edits';
import { parseBounds } from './labels';
import { OfForm, PackageForm, needsInput } from './question-form';
import { Select } from './select';

/** All settings of a chart in one row. */
export function ChartOptions(props: {
  readonly chart: IChart;
  readonly children?: ReactNode;
}): JSX.Element {
  const { model, trans } = usePanel();
  const readOnly = useModel(one => one.readOnly);
  const { chart } = props;
  const { id, question, look } = chart;

  const select = <T,>(choice: IChoice<T> | null, set: (value: T) => void) =>
    choice && (
      <label className="jp-Workload-option">
        <span>{choice.label}</span>
        <Select
          label={choice.label}
          value={choice.value}
          options={choice.options}
          disabled={readOnly}
          onChange={set}
        />
      </label>
    );
  const check = (
    label: string,
    checked: boolean,
    set: (on: boolean) => void
  ) => (
    <label className="jp-Workload-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={readOnly}
        onChange={event => set(event.target.checked)}
      />
      {label}
    </label>
  );

  return (
    <div className="jp-Workload-options">
      {question.analysis === 'package-affinity' && !needsInput(chart) && (
        <PackageForm key={question.package} chart={chart} />
      )}
      {question.analysis === 'user-share' && !needsInput(chart) && (
        <OfForm chart={chart} />
      )}
      {select(distinctChoice(chart, trans), distinct =>
        model.update(setQuestion(id, { distinct }))
      )}
      {select(byChoice(chart, trans), by =>
        model.update(setQuestion(id, { by }))
      )}
      {select(binsChoice(chart, trans), bins =>
        model.update(setQuestion(id, { bins }))
      )}
      {binsChoice(chart, trans) && (
        <BoundsField key={JSON.stringify(question.bins)} chart={chart} />
      )}
      {select(topChoice(chart, trans), top =>
        model.update(
          setQuestion(id, top === null ? { top, other: false } : { top })
        )
      )}
      {mayShowOther(chart) &&
        check(trans.__('all others as one'), question.other, other =>
          model.update(setQuestion(id, { other }))
        )}
      {select(orderChoice(chart, trans), order =>
        model.update(setLook(id, { order }))
      )}
      {question.analysis === 'package-correlation' && (
        <BandFields chart={chart} />
      )}
      {mayBeLog(chart) &&
        check(trans.__('logarithmic axis'), look.log, log =>
          model.update(setLook(id, { log }))
        )}
      {props.children}
    </div>
  );
}

/** Classes of one's own, by their lower bounds. */
function BoundsField(props: { readonly chart: IChart }): JSX.Element {
  const { model, trans } = usePanel();
  const readOnly = useModel(one => one.readOnly);
  const { id, question } = props.chart;
  const current = Array.isArray(question.bins) ? question.bins.join(', ') : '';
  const [text, setText] = useState(current);
  const bounds = parseBounds(text);
  const isWrong = text.trim() !== '' && bounds === null;
  const commit = () => {
    if (bounds && text !== current) {
      model.update(setQuestion(id, { bins: bounds }));
    }
  };
  return (
    <label className="jp-Workload-option">
      <span>{trans.__('from')}</span>
      <input
        className="jp-Workload-input"
        type="text"
        size={12}
        aria-invalid={isWrong}
        title={
          isWrong
            ? trans.__(
                'Write lower bounds in ascending order, such as 1, 2, 33, 65'
              )
            : trans.__('Classes of your own, by their lower bounds')
        }
        placeholder="1, 2, 33, 65"
        disabled={readOnly}
        value={text}
        onChange={event => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={event => event.key === 'Enter' && commit()}
      />
    </label>
  );
}

/** The band of correlations that is drawn strongly, as two numbers. */
function BandFields(props: { readonly chart: IChart }): JSX.Element {
  const { model, trans } = usePanel();
  const readOnly = useModel(one => one.readOnly);
  const { id, look } = props.chart;
  const [from, to] = look.band;
  const [draft, setDraft] = useState<readonly [string, string] | null>(null);
  const shown = draft ?? [String(from), String(to)];

  const commit = () => {
    const band = shown.map(Number);
    if (
      draft &&
      shown.every(text => text.trim() !== '') &&
      band.every(isR) &&
      band[0] < band[1]
    ) {
      model.update(setLook(id, { band: [band[0], band[1]] }));
    }
    setDraft(null);
  };

  const field = (i: 0 | 1, label: string) => (
    <input
      className="jp-Workload-input jp-mod-short"
      type="number"
      min={-1}
      max={1}
      step={0.05}
      aria-label={label}
      disabled={readOnly}
      value={shown[i]}
      onChange={event =>
        setDraft(
          i === 0
            ? [event.target.value, shown[1]]
            : [shown[0], event.target.value]
        )
      }
      onBlur={commit}
      onKeyDown={event => event.key === 'Enter' && commit()}
    />
  );
  return (
    <span className="jp-Workload-option">
      <span>{trans.__('Band of r')}</span>
      {field(0, trans.__('Band of r, from'))}
      <span aria-hidden="true">–</span>
      {field(1, trans.__('Band of r, to'))}
    </span>
  );
}

function isR(value: number): boolean {
  return Number.isFinite(value) && value >= -1 && value <= 1;
}
