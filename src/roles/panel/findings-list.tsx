import type { JSX } from 'react';
import { useRef, useState } from 'react';

import type { IFinding } from '../../lint/finding';
import { allowFinding, fixFinding } from '../fixing';
import type { IOpenNotebook } from '../model';
import { readOnlyReason } from '../read-only';
import { SEVERITY_SIGNS, severityTitle } from '../role-text';
import type { IPanelContext } from './context';
import { useKeptFocus } from './kept-focus';

/** Findings that are shown at first, and with each click on “more”. */
const PORTION = 100;

/** What the check found, most weighty first, each with what can be done about it. */
export function FindingsList({
  context
}: {
  context: IPanelContext;
}): JSX.Element | null {
  const kept = useKeptFocus();
  const { open } = context.model;
  return open?.roles.isOn ? (
    <div {...kept}>
      <Findings context={context} open={open} />
    </div>
  ) : null;
}

function Findings({
  context,
  open: { check }
}: {
  context: IPanelContext;
  open: IOpenNotebook;
}): JSX.Element {
  const { trans } = context;
  const [shown, setShown] = useState(PORTION);
  const { checked } = check;
  if (!checked) {
    return (
      <p className="jp-WorkloadRoles-none" tabIndex={-1}>
        {check.problem ?? trans.__('Checking…')}
      </p>
    );
  }
  const { findings } = checked.result;
  if (findings.length === 0) {
    return (
      <p className="jp-WorkloadRoles-none" tabIndex={-1}>
        {trans.__('Nothing found.')}
      </p>
    );
  }
  return (
    <>
      <ul
        className={
          check.isStale
            ? 'jp-WorkloadRoles-findings jp-mod-stale'
            : 'jp-WorkloadRoles-findings'
        }
      >
        {bySeverity(findings)
          .slice(0, shown)
          .map(finding => (
            <Finding key={keyOf(finding)} finding={finding} context={context} />
          ))}
      </ul>
      {findings.length > shown && (
        <button
          type="button"
          className="jp-WorkloadRoles-link"
          onClick={() => setShown(shown + PORTION)}
        >
          {trans._n('%1 more', '%1 more', findings.length - shown)}
        </button>
      )}
    </>
  );
}

function Finding({
  finding,
  context
}: {
  finding: IFinding;
  context: IPanelContext;
}): JSX.Element {
  const { model, trans, rules } = context;
  const { open } = model;
  const [why, setWhy] = useState<string | null>(null);
  const [isAllowing, setAllowing] = useState(false);
  const allow = useRef<HTMLButtonElement>(null);
  const closeForm = (): void => {
    // The keyboard would get lost with the form.
    allow.current?.focus();
    setAllowing(false);
  };
  const { severity, message, rule, cell, cellId, range, fix } = finding;
  const blocked = open ? readOnlyReason(open.roles, trans) : null;
  const isCode = open?.roles.cells.at(cell)?.type === 'code';
  const jump = (): void => {
    const id = cellId ?? open?.check.checked?.cells.at(cell)?.id;
    if (id !== undefined) {
      context.reveal(id, { range, focus: true });
    }
  };
  return (
    <li className={`jp-mod-${severity}`}>
      <span
        className={`jp-WorkloadRoles-sign jp-mod-${severity}`}
        role="img"
        aria-label={severityTitle(severity, trans)}
        title={severityTitle(severity, trans)}
      >
        {SEVERITY_SIGNS[severity]}
      </span>
      <div>
        <button
          type="button"
          className="jp-WorkloadRoles-jump"
          title={trans.__('Go to the place')}
          onClick={jump}
        >
          <span className="jp-WorkloadRoles-where">
            {trans.__('Cell %1', cell + 1)}
          </span>{' '}
          {message}
        </button>
        <div className="jp-WorkloadRoles-actions">
          {fix && (
            <button
              type="button"
              className="jp-WorkloadRoles-fix"
              disabled={blocked !== null}
              title={blocked ?? undefined}
              onClick={() => {
                if (open) {
                  void fixFinding(open, finding, trans);
                }
              }}
            >
              {fix.title}
            </button>
          )}
          <button
            type="button"
            className="jp-WorkloadRoles-link"
            title={trans.__('What this rule is about')}
            aria-expanded={why !== null}
            onClick={() => {
              if (why !== null) {
                setWhy(null);
                return;
              }
              setWhy('');
              rules
                .explain(rule)
                .then(setWhy, () =>
                  setWhy(trans.__('Nothing more is known of this rule.'))
                );
            }}
          >
            {rule}
          </button>
          {isCode && (
            <button
              ref={allow}
              type="button"
              className="jp-WorkloadRoles-link"
              disabled={blocked !== null}
              title={
                blocked ??
                trans.__('Keep it quiet by a comment in the cell that says why')
              }
              aria-expanded={isAllowing}
              onClick={() => setAllowing(!isAllowing)}
            >
              {trans.__('Allow…')}
            </button>
          )}
        </div>
        {why !== null && why !== '' && (
          <p className="jp-WorkloadRoles-why">
            {why}{' '}
            <button
              type="button"
              className="jp-WorkloadRoles-link"
              onClick={() => rules.showPage(rule)}
            >
              {trans.__('Examples')}
            </button>
          </p>
        )}
        {isAllowing && open && (
          <AllowForm
            context={context}
            onCancel={closeForm}
            onAllow={reason => {
              closeForm();
              void allowFinding(open, finding, reason, trans);
            }}
          />
        )}
      </div>
    </li>
  );
}

/** Asks why a finding is allowed: a comment without a reason helps nobody. */
function AllowForm({
  context: { trans },
  onAllow,
  onCancel
}: {
  context: IPanelContext;
  onAllow: (reason: string) => void;
  onCancel: () => void;
}): JSX.Element {
  const [reason, setReason] = useState('');
  return (
    <form
      className="jp-WorkloadRoles-allow"
      onSubmit={event => {
        event.preventDefault();
        if (reason.trim() !== '') {
          onAllow(reason);
        }
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <input
        autoFocus
        className="jp-WorkloadRoles-search"
        placeholder={trans.__('Why is it right here?')}
        aria-label={trans.__('Why is it right here?')}
        value={reason}
        onChange={event => setReason(event.target.value)}
      />
      <button
        type="submit"
        className="jp-WorkloadRoles-fix"
        disabled={reason.trim() === ''}
      >
        {trans.__('Allow')}
      </button>
      <button
        type="button"
        className="jp-WorkloadRoles-link"
        onClick={onCancel}
      >
        {trans.__('Cancel')}
      </button>
    </form>
  );
}

const WEIGHT = { error: 0, warning: 1, info: 2 };

/** Most weighty first; of the same weight in the order of the notebook. */
function bySeverity(findings: readonly IFinding[]): readonly IFinding[] {
  return [...findings].sort(
    (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.cell - b.cell
  );
}

/** What stays the same from result to result, so that what is typed at a finding is not lost. */
function keyOf({ rule, cell, cellId, name, range }: IFinding): string {
  return [
    rule,
    cellId ?? cell,
    name ?? '',
    name ? '' : (range?.from ?? '')
  ].join(' ');
}
