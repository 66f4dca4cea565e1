import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { ROLES } from '../../workload/roles';
import type {
  ICellSuggestion,
  NotebookSuggestions
} from '../notebook-suggestions';
import { readOnlyReason } from '../read-only';
import { revealCell } from '../reveal';
import { ROLE_LETTERS, roleTitle } from '../role-text';
import type { IPanelContext } from './context';
import { useKeptFocus } from './kept-focus';
import { titleLine } from './rows';

/** The preview of suggested roles: what each cell would get and why, to accept one by one or as a whole. */
export function Suggestions({
  context
}: {
  context: IPanelContext;
}): JSX.Element | null {
  const kept = useKeptFocus();
  const { model, trans } = context;
  const roles = model.open?.roles;
  const suggestions = model.open?.suggestions;
  if (suggestions?.isBusy) {
    return (
      <p className="jp-WorkloadRoles-empty" role="status">
        {trans.__('Reading the cells …')}
      </p>
    );
  }
  if (!roles || !suggestions?.open) {
    return null;
  }
  const { open } = suggestions;
  const blocked = readOnlyReason(roles, trans);
  return (
    <section
      {...kept}
      className="jp-WorkloadRoles-suggest"
      aria-label={trans.__('Suggested roles')}
    >
      <header className="jp-WorkloadRoles-suggestHeader">
        <h3>
          {trans._n('%1 suggested role', '%1 suggested roles', open.length)}
        </h3>
        <Button
          small
          className="jp-WorkloadRoles-button"
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => suggestions.accept(open.map(({ id }) => id))}
        >
          {trans.__('Accept all')}
        </Button>
        <Button
          small
          minimal
          className="jp-WorkloadRoles-button"
          onClick={() => suggestions.dismiss()}
        >
          {trans.__('Discard')}
        </Button>
      </header>
      <p className="jp-WorkloadRoles-note">
        {trans.__('Nothing is written before you accept it.')}
      </p>
      <ol className="jp-WorkloadRoles-suggestList">
        {open.map(suggestion => (
          <Suggestion
            key={suggestion.id}
            context={context}
            suggestions={suggestions}
            suggestion={suggestion}
          />
        ))}
      </ol>
    </section>
  );
}

interface ISuggestionProps {
  readonly context: IPanelContext;
  readonly suggestions: NotebookSuggestions;
  readonly suggestion: ICellSuggestion;
}

function Suggestion({
  context: { model, trans },
  suggestions,
  suggestion
}: ISuggestionProps): JSX.Element | null {
  const roles = model.open?.roles;
  const { id, role, reasons, because } = suggestion;
  const index = roles ? roles.cells.findIndex(cell => cell.id === id) : -1;
  if (!roles || index < 0) {
    return null;
  }
  const blocked = readOnlyReason(roles, trans);
  const line = titleLine(model.sourceOf(index), 'code');
  const name = trans.__('Cell %1', index + 1);
  return (
    <li className="jp-WorkloadRoles-suggestion" data-workload-because={because}>
      <div className="jp-WorkloadRoles-suggestLine" data-workload-role={role}>
        <span className="jp-WorkloadRoles-letter" aria-hidden="true">
          {ROLE_LETTERS[role]}
        </span>
        <button
          className="jp-WorkloadRoles-link jp-WorkloadRoles-suggestCell"
          title={line}
          onClick={() => void revealCell(roles, id)}
        >
          <span className="jp-WorkloadRoles-index">{index + 1}</span>
          <code>{line}</code>
        </button>
      </div>
      <p className="jp-WorkloadRoles-reason">
        {because === 'choice' ? trans.__('Your choice.') : reasons.join(' ')}
      </p>
      <div className="jp-WorkloadRoles-suggestActions">
        <HTMLSelect
          className="jp-WorkloadRoles-select"
          aria-label={trans.__('Role of %1', name)}
          value={role}
          options={ROLES.map(value => ({
            value,
            label: roleTitle(value, trans)
          }))}
          onChange={event => {
            const chosen = ROLES.find(each => each === event.target.value);
            if (chosen) {
              suggestions.choose(id, chosen);
            }
          }}
        />
        <Button
          small
          className="jp-WorkloadRoles-button"
          aria-label={trans.__('Accept for %1', name)}
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => suggestions.accept([id])}
        >
          {trans.__('Accept')}
        </Button>
        <Button
          small
          minimal
          className="jp-WorkloadRoles-button"
          aria-label={trans.__('No suggestion for %1', name)}
          onClick={() => suggestions.dismiss(id)}
        >
          {trans.__('Dismiss')}
        </Button>
      </div>
    </li>
  );
}
