import type { JSX } from 'react';

import type { IPanelContext } from './context';

/** The comments that keep findings quiet, so that nobody forgets them. */
export function AllowancesList({
  context
}: {
  context: IPanelContext;
}): JSX.Element | null {
  const { model, trans } = context;
  const { open } = model;
  const checked = open?.check.checked;
  if (!open?.roles.isOn || !checked) {
    return null;
  }
  const { allowances } = checked.result;
  if (allowances.length === 0) {
    return (
      <p className="jp-WorkloadRoles-none">{trans.__('Nothing is allowed.')}</p>
    );
  }
  return (
    <ul className="jp-WorkloadRoles-findings">
      {allowances.map(({ cell, range, rule, reason, findings }) => (
        <li key={`${cell} ${range.from} ${rule}`}>
          <div>
            <button
              type="button"
              className="jp-WorkloadRoles-jump"
              title={trans.__('Go to the place')}
              onClick={() => {
                const id = checked.cells.at(cell)?.id;
                if (id !== undefined) {
                  context.reveal(id, { range, focus: true });
                }
              }}
            >
              <span className="jp-WorkloadRoles-where">
                {trans.__('Cell %1', cell + 1)}
              </span>{' '}
              {reason || trans.__('No reason is given.')}
            </button>
            <p className="jp-WorkloadRoles-why">
              {rule}
              {' · '}
              {findings === 0
                ? trans.__('keeps nothing quiet any more: it can go')
                : trans._n(
                    'keeps %1 finding quiet',
                    'keeps %1 findings quiet',
                    findings
                  )}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
