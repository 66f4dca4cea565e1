import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { CellRole, Role } from '../../workload/roles';
import { DEFAULT_ROLE_TAGS, ROLES } from '../../workload/roles';
import { countRoles, countsSentence } from '../counts';
import type { Shown } from '../model';
import { tellOfPapermill } from '../papermill-notice';
import { ROLE_LETTERS, roleTitle, withTag } from '../role-text';
import { SUGGEST_ROLES } from '../suggest-command';
import type { IPanelContext } from './context';

const FILTERS: readonly CellRole[] = [...ROLES, 'none', 'conflict'];

/** Top of the side panel: counts, filters, what can be done with the selected cells; or why there is nothing to see. */
export function PanelHeader({
  context
}: {
  context: IPanelContext;
}): JSX.Element {
  const { model, trans, commands } = context;
  const { open } = model;
  if (!open) {
    return (
      <p className="jp-WorkloadRoles-empty">
        {trans.__('Open a Python notebook to see the roles of its cells.')}
      </p>
    );
  }
  const suggest = (className: string): JSX.Element | false =>
    commands.hasCommand(SUGGEST_ROLES) && (
      <Button
        minimal
        className={className}
        onClick={() => void commands.execute(SUGGEST_ROLES)}
      >
        {trans.__('Suggest roles…')}
      </Button>
    );
  if (!open.roles.isOn) {
    return (
      <div className="jp-WorkloadRoles-empty">
        <p>
          {open.roles.cells.some(
            ({ type, role }) => type === 'code' && role !== 'none'
          )
            ? trans.__('Roles of this notebook are kept, but not shown.')
            : trans.__(
                'No cell of this notebook has a role. Roles say which cells run in batch jobs (upstream), which draw the dashboard (downstream), and which do both (shared).'
              )}
        </p>
        <div className="jp-WorkloadRoles-buttons">
          <Button
            className="jp-mod-styled jp-mod-accept"
            onClick={() => open.roles.turn(true)}
          >
            {trans.__('Turn on')}
          </Button>
          {suggest('jp-mod-styled')}
        </div>
      </div>
    );
  }
  const counts = countRoles(
    open.roles.cells,
    open.check.checked?.result.findings ?? []
  );
  return (
    <div className="jp-WorkloadRoles-header">
      <p
        className={
          open.check.isStale
            ? 'jp-WorkloadRoles-counts jp-mod-stale'
            : 'jp-WorkloadRoles-counts'
        }
        role="status"
      >
        {countsSentence(counts, trans)}
      </p>
      {open.check.problem !== null && (
        <p className="jp-WorkloadRoles-problem" role="alert">
          {open.check.problem}
        </p>
      )}
      <div
        className="jp-WorkloadRoles-chips"
        role="group"
        aria-label={trans.__('Show cells of a role')}
      >
        {FILTERS.filter(
          role => counts.roles[role] > 0 || model.filter.roles.has(role)
        ).map(role => (
          <button
            key={role}
            type="button"
            className="jp-WorkloadRoles-chip"
            data-workload-role={role}
            aria-pressed={model.filter.roles.has(role)}
            title={roleTitle(role, trans)}
            aria-label={trans._n(
              '%2, %1 cell',
              '%2, %1 cells',
              counts.roles[role],
              roleTitle(role, trans)
            )}
            onClick={() => model.toggleRole(role)}
          >
            <span className="jp-WorkloadRoles-letter">
              {ROLE_LETTERS[role]}
            </span>
            {counts.roles[role]}
          </button>
        ))}
        {counts.roles.none > 0 && suggest('jp-WorkloadRoles-fix')}
      </div>
      <div className="jp-WorkloadRoles-fields">
        <input
          type="search"
          className="jp-WorkloadRoles-search"
          placeholder={trans.__('Filter cells by text')}
          aria-label={trans.__('Filter cells by text')}
          value={model.filter.text}
          onChange={event => {
            model.filter = { ...model.filter, text: event.target.value };
          }}
        />
        <HTMLSelect
          className="jp-WorkloadRoles-only"
          aria-label={trans.__('Cells shown in the notebook')}
          title={trans.__(
            'Hide other cells of the notebook; nothing is written into it'
          )}
          value={open.roles.shown}
          onChange={event => {
            const shown = SHOWN.find(each => each === event.target.value);
            open.roles.show(shown ?? 'all');
          }}
        >
          <option value="all">{trans.__('Show all')}</option>
          <option value="downstream">{trans.__('Only downstream')}</option>
          <option value="upstream">{trans.__('Only upstream')}</option>
        </HTMLSelect>
      </div>
      <SetRole context={context} />
    </div>
  );
}

const SHOWN: readonly Shown[] = ['all', 'upstream', 'downstream'];

/** Gives the selected cells a role. */
function SetRole({ context }: { context: IPanelContext }): JSX.Element {
  const { model, trans } = context;
  const { chosen, open } = model;
  const isReadOnly = open?.roles.panel.model?.readOnly ?? true;
  const set = (role: Role | null): void => {
    const ids = chosen.map(({ id }) => id);
    open?.roles.setRole(ids, role);
    if (open && role === null) {
      tellOfPapermill(open.roles, ids, trans);
    }
  };
  const title = (role: Role | null): string =>
    role
      ? withTag(
          roleTitle(role, trans),
          role,
          open?.roles.policy.tags ?? DEFAULT_ROLE_TAGS,
          trans
        )
      : trans.__('Take the role away');
  return (
    <div
      className="jp-WorkloadRoles-set"
      role="group"
      aria-label={trans.__('Role of the selected cells')}
    >
      <span className="jp-WorkloadRoles-setLabel">
        {chosen.length === 0
          ? trans.__('Select cells to set their role')
          : trans._n('%1 cell selected:', '%1 cells selected:', chosen.length)}
      </span>
      {[...ROLES, null].map(role => (
        <button
          key={role ?? 'clear'}
          type="button"
          className="jp-WorkloadRoles-chip"
          data-workload-role={role ?? undefined}
          disabled={chosen.length === 0 || isReadOnly}
          title={title(role)}
          aria-label={title(role)}
          onClick={() => set(role)}
        >
          {role ? (
            <span className="jp-WorkloadRoles-letter">
              {ROLE_LETTERS[role]}
            </span>
          ) : (
            '×'
          )}
        </button>
      ))}
    </div>
  );
}
