import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { ANALYSES } from '../../workload/analyses';
import { describeFilter, describePeriod } from '../../workload/caption';
import type { ITranslator } from '../../workload/translator';
import type { IChart } from '../../workload/view';
import { constraints, without } from './asks';
import type { Constraint } from './asks';
import { Banner } from './banner';
import { usePanel, useModel, useSnapshot, useView, usePart } from './context';
import { clearFilters, otherScope, setFilter, setPick } from './edits';
import type { Recipe } from './edits';

/** Ways out that are offered at once. */
const OFFERED = 3;

/** What stands in a chart's place when its answer has no rows. */
export function NoRows(props: { readonly chart: IChart }): JSX.Element {
  const { trans } = usePanel();
  const overview = usePart(one => one.overview);
  return overview?.records === 0 ? (
    <div className="jp-Workload-empty">
      <p className="jp-Workload-hint">{trans.__('No records')}</p>
    </div>
  ) : (
    <NothingHere chart={props.chart} />
  );
}

/**
 * Says that no record is left, and which condition is to blame: each that alone keeps records out can be taken away here.
 */
export function NoRecords(): JSX.Element | null {
  const { model, session, trans, format } = usePanel();
  const { overview, excluded, busy, source } = useSnapshot();
  const disabled = useModel(one => one.readOnly);
  if (overview?.records !== 0 || busy) {
    return null;
  }
  if (source.status === 'open' && source.info.rows === 0) {
    return (
      <Banner
        tone="warn"
        message={
          source.info.index
            ? trans.__(
                'There is no document yet. Reload when some have arrived, or open another index.'
              )
            : trans.__(
                'There is no row yet. Reload when some have arrived, or open another source.'
              )
        }
        actions={[{ label: trans.__('Reload'), run: () => session.reload() }]}
      />
    );
  }
  const culprits = [...excluded.values()]
    .filter(one => one.records > 0)
    .sort((a, b) => b.records - a.records)
    .slice(0, OFFERED);
  return (
    <Banner
      tone="warn"
      message={
        culprits.length > 0
          ? trans.__('No records are left. They would come back without:')
          : trans.__(
              'No records are left; several conditions together keep them out.'
            )
      }
      actions={
        culprits.length > 0
          ? culprits.map(({ constraint, records }) => ({
              label: trans.__(
                '%1 (%2 records)',
                constraintText(constraint, trans),
                format.count(records)
              ),
              disabled,
              run: () => model.update(view => without(view, constraint))
            }))
          : [
              {
                label: trans.__('Clear all filters'),
                disabled,
                run: () => model.update(clearFilters)
              }
            ]
      }
    />
  );
}

/** What a constraint says, as its chip does. */
export function constraintText(
  constraint: Constraint,
  trans: ITranslator
): string {
  switch (constraint.kind) {
    case 'period':
      return trans.__('Period: %1', describePeriod(constraint.period, trans));
    case 'default':
      return constraint.field === 'is_staff'
        ? trans.__('Staff excluded')
        : trans.__('Compute nodes');
    default:
      return describeFilter(constraint.filter, trans);
  }
}

/** There are records, but none that this chart could show: often because one package is all that is left. */
function NothingHere(props: { readonly chart: IChart }): JSX.Element {
  const { model, trans } = usePanel();
  const view = useView();
  const readOnly = useModel(one => one.readOnly);
  const { id, question } = props.chart;
  const onPackage = ANALYSES[question.analysis].needs.includes('package')
    ? constraints(view).find(
        one =>
          (one.kind === 'filter' ||
            (one.kind === 'pick' && one.chart !== id)) &&
          one.filter.op === 'any' &&
          otherScope(one.filter) !== null
      )
    : undefined;
  if (!onPackage) {
    return (
      <div className="jp-Workload-empty">
        <p>
          {trans.__('None of the included records says anything about this.')}
        </p>
      </div>
    );
  }
  return (
    <div className="jp-Workload-empty">
      <p>
        {trans.__(
          'With “%1” there is nothing left to compare.',
          constraintText(onPackage, trans)
        )}
      </p>
      <Button
        small
        className="jp-mod-styled"
        disabled={readOnly}
        onClick={() => model.update(widen(onPackage))}
      >
        {trans.__('Take whole jobs that have it')}
      </Button>
    </div>
  );
}

/** Let a condition on packages speak of jobs instead of records. */
function widen(constraint: Constraint): Recipe {
  const filter = 'filter' in constraint ? otherScope(constraint.filter) : null;
  switch (constraint.kind) {
    case 'filter':
      return filter ? setFilter(constraint.index, filter) : view => view;
    case 'pick':
      return filter
        ? setPick(constraint.chart, constraint.index, filter)
        : view => view;
    default:
      return view => view;
  }
}
