import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useCallback, useState } from 'react';

import type { IChart } from '../../workload/view';
import { plainSelection } from './asks';
import { Combobox } from './combobox';
import type { ISuggestion } from './combobox';
import { usePanel } from './context';
import { setQuestion } from './edits';
import { recordsText } from './filter-completion';

/** Whether a chart cannot be asked before the user has said something. */
export function needsInput(chart: IChart): boolean {
  const { analysis, package: name, of } = chart.question;
  return (
    (analysis === 'package-affinity' && name === null) ||
    (analysis === 'user-share' && of === null)
  );
}

/** Asks for what a chart needs, in its place. */
export function QuestionForm(props: { readonly chart: IChart }): JSX.Element {
  return props.chart.question.analysis === 'user-share' ? (
    <OfForm chart={props.chart} />
  ) : (
    <PackageForm chart={props.chart} />
  );
}

/** The number of all users of the site. */
export function OfForm(props: { readonly chart: IChart }): JSX.Element {
  const { model, trans } = usePanel();
  const { id, question } = props.chart;
  const [text, setText] = useState(
    question.of === null ? '' : String(question.of)
  );
  const of = Number(text);
  const isValid = Number.isInteger(of) && of > 0;
  return (
    <form
      className="jp-Workload-questionForm"
      onSubmit={event => {
        event.preventDefault();
        if (isValid) {
          model.update(setQuestion(id, { of }));
        }
      }}
    >
      <label>
        {trans.__('All users of the site')}
        <input
          className="jp-Workload-input"
          type="number"
          min={1}
          step={1}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </label>
      <Button small className="jp-mod-styled" type="submit" disabled={!isValid}>
        {trans.__('Use it')}
      </Button>
    </form>
  );
}

/** The package that is compared with all others. */
export function PackageForm(props: { readonly chart: IChart }): JSX.Element {
  const { model, session, trans, format } = usePanel();
  const { id, question } = props.chart;
  const [text, setText] = useState(question.package ?? '');

  const suggest = useCallback(
    async (
      typed: string,
      signal: AbortSignal
    ): Promise<readonly ISuggestion[]> => {
      const values = await session.engine?.values(
        'package',
        plainSelection(model.view),
        {
          contains: typed,
          limit: 50,
          signal
        }
      );
      return (values ?? []).map(found => ({
        text: found.value,
        label: found.value,
        detail: recordsText(found, format.count)
      }));
    },
    [session, model, format]
  );

  const choose = (name: string) => {
    setText(name);
    if (name.trim() !== '') {
      model.update(setQuestion(id, { package: name.trim() }));
    }
  };
  return (
    <div className="jp-Workload-questionForm">
      <span>{trans.__('Used together with')}</span>
      <Combobox
        label={trans.__('Package to compare with all others')}
        placeholder={trans.__('package')}
        value={text}
        eager
        suggest={suggest}
        onChange={setText}
        onCommit={choose}
        onCancel={() => setText(question.package ?? '')}
      />
    </div>
  );
}
