import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { ROLES } from '../../workload/roles';
import type { ITranslator } from '../../workload/translator';
import type {
  ICellSuggestion,
  NotebookSuggestions
} from '../notebook-suggestions';
import { ROLE_LETTERS, roleTitle } from '../role-text';

interface ISuggestionsViewProps {
  readonly suggestions: NotebookSuggestions;
  readonly trans: ITranslator;
  /** Number and first line of a cell, by its id; null when it is gone. */
  readonly describe: (
    id: string
  ) => { readonly index: number; readonly line: string } | null;
  /** Shows a cell. */
  readonly onJump: (id: string) => void;
}

/** The preview of suggested roles: what each cell would get and why, to accept one by one or as a whole. */
export function SuggestionsView(
  props: ISuggestionsViewProps
): JSX.Element | null {
  const { suggestions, trans } = props;
  const { open } = suggestions;
  if (suggestions.isBusy) {
    return (
      <p className="jp-WorkloadRoles-suggestBusy" role="status">
        {trans.__('Reading the cells …')}
      </p>
    );
  }
  if (!open) {
    return null;
  }
  return (
    <section
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
          <Suggestion key={suggestion.id} suggestion={suggestion} {...props} />
        ))}
      </ol>
    </section>
  );
}

function Suggestion({
  suggestion,
  suggestions,
  trans,
  describe,
  onJump
}: ISuggestionsViewProps & {
  readonly suggestion: ICellSuggestion;
}): JSX.Element | null {
  const { id, role, reasons, because } = suggestion;
  const cell = describe(id);
  if (!cell) {
    return null;
  }
  const name = trans.__('Cell %1', cell.index + 1);
  return (
    <li
      className="jp-WorkloadRoles-suggestion"
      data-workload-because={because}
      data-workload-role={role}
    >
      <div className="jp-WorkloadRoles-suggestLine">
        <span className="jp-WorkloadRoles-letter" aria-hidden="true">
          {ROLE_LETTERS[role]}
        </span>
        <button
          className="jp-WorkloadRoles-link jp-WorkloadRoles-suggestCell"
          title={cell.line}
          onClick={() => onJump(id)}
        >
          <span className="jp-WorkloadRoles-index">{cell.index + 1}</span>
          <code>{cell.line}</code>
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
