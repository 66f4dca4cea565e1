import type { JSX } from 'react';

import {
  analysisTitle,
  countSentence,
  sentenceParts,
  unitTitle
} from '../../workload/caption';
import { mergeMapping } from '../../workload/fields';
import { chartSelection } from './asks';
import { byChoice, distinctChoice } from './chart-choices';
import { usePanel, useModel, useUi, useView, usePart } from './context';
import { isByPackage, setQuestion } from './edits';
import { Section } from './section';
import { Select } from './select';
import { selectedChart } from './use-chart';

/** What the selected chart counts, as a sentence with its choices in place. */
export function CountSection(): JSX.Element | null {
  const { model, trans } = usePanel();
  const view = useView();
  const source = usePart(one => one.source);
  const { selected } = useUi();
  const readOnly = useModel(one => one.readOnly);
  const chart = selectedChart(view, selected);
  if (!chart) {
    return null;
  }
  const { id, question } = chart;
  const distinct = distinctChoice(chart, trans);
  const by = byChoice(chart, trans);
  const mapping =
    source.status === 'open'
      ? mergeMapping(source.info.mapping, view.mapping)
      : null;
  const parts = sentenceParts(
    countSentence(question, chartSelection(view, id), trans, mapping)
  );
  // The unit is a word of the sentence; in its place stands the choice of it.
  const unit = unitTitle(
    question.distinct,
    isByPackage(question.analysis),
    trans
  );
  const unitAt = parts.findIndex(part => part.strong && part.text === unit);

  return (
    <Section title={trans.__('Count')}>
      <p className="jp-Workload-sentence">
        <span className="jp-Workload-sentence-title">
          {analysisTitle(question, trans)}
        </span>
        {parts.map((part, i) =>
          i === unitAt && distinct ? (
            <Select
              key={i}
              label={trans.__('What is counted')}
              value={distinct.value}
              options={distinct.options}
              disabled={readOnly}
              onChange={value =>
                model.update(setQuestion(id, { distinct: value }))
              }
            />
          ) : part.strong ? (
            <strong key={i}>{part.text}</strong>
          ) : (
            <span key={i}>{part.text}</span>
          )
        )}
        {by && (
          <>
            {` ${trans.__('by')} `}
            <Select
              label={trans.__('Calendar unit')}
              value={by.value}
              options={by.options}
              disabled={readOnly}
              onChange={value => model.update(setQuestion(id, { by: value }))}
            />
          </>
        )}
      </p>
    </Section>
  );
}
