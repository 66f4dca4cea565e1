import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { describeFilter, describePeriod } from '../../workload/caption';
import type { ITranslator } from '../../workload/translator';
import { without } from './asks';
import type { Constraint } from './asks';
import { usePanel, useSnapshot } from './context';
import { clearFilters } from './edits';

/** Ways out that are offered at once. */
const OFFERED = 3;

/**
 * Says that no record is left, and which condition is to blame: each that alone keeps records out can be taken away here.
 */
export function NoRows(): JSX.Element {
  const { model, trans, format } = usePanel();
  const { overview, excluded } = useSnapshot();
  const isEmpty = overview?.records === 0;
  const culprits = isEmpty
    ? [...excluded.values()]
        .filter(one => one.records > 0)
        .sort((a, b) => b.records - a.records)
        .slice(0, OFFERED)
    : [];

  if (!isEmpty) {
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
        {culprits.length > 0
          ? trans.__('No records are left. They would come back without:')
          : trans.__(
              'No records are left; several conditions together keep them out.'
            )}
      </p>
      <ul>
        {culprits.map(({ constraint, records }) => (
          <li key={constraintText(constraint, trans)}>
            <Button
              small
              className="jp-mod-styled"
              onClick={() => model.update(view => without(view, constraint))}
            >
              {trans.__(
                '%1 (%2 records)',
                constraintText(constraint, trans),
                format.count(records)
              )}
            </Button>
          </li>
        ))}
      </ul>
      {culprits.length === 0 && (
        <Button
          small
          className="jp-mod-styled"
          onClick={() => model.update(clearFilters)}
        >
          {trans.__('Clear all filters')}
        </Button>
      )}
    </div>
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
