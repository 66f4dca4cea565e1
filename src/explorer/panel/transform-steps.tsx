import { Button, addIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useState } from 'react';

import { STEP_KINDS } from '../../transform/steps';
import type { Step } from '../../transform/steps';
import type { ITable } from '../../workload/answer';
import { columnTitle } from '../../workload/caption';
import type { Distinct } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';
import { usePanel } from './context';
import { MenuButton } from './menu-button';
import { Select } from './select';

interface ITransformStepsProps {
  /** The table as it is after the steps so far. */
  readonly table: ITable;
  /** What each row counts. */
  readonly distinct: Distinct;
  readonly disabled: boolean;
  readonly onStep: (step: Step) => void;
}

/** Steps for those who do not write JavaScript; each writes its code at the end of the transform. */
export function TransformSteps(props: ITransformStepsProps): JSX.Element {
  const { trans } = usePanel();
  const [kind, setKind] = useState<Step['kind'] | null>(null);
  return (
    <div className="jp-Workload-row jp-Workload-steps">
      <MenuButton
        icon={addIcon}
        label={trans.__('Step')}
        disabled={props.disabled}
        entries={() =>
          STEP_KINDS.map(one => ({
            label: stepLabel(one, trans),
            caption: stepNote(one, props.distinct, trans) ?? undefined,
            run: () => setKind(one)
          }))
        }
      />
      {kind && (
        <StepForm
          key={kind}
          kind={kind}
          table={props.table}
          note={stepNote(kind, props.distinct, trans)}
          onDone={step => {
            setKind(null);
            if (step) {
              props.onStep(step);
            }
          }}
        />
      )}
    </div>
  );
}

function stepLabel(kind: Step['kind'], trans: ITranslator): string {
  switch (kind) {
    case 'sort':
      return trans.__('Sort');
    case 'share':
      return trans.__('Share of the sum');
    case 'minimum':
      return trans.__('Minimum');
    case 'top':
      return trans.__('Top rows');
    case 'cumulative':
      return trans.__('Cumulative sum');
    case 'rename':
      return trans.__('Rename');
  }
}

/** What is to be known before a step adds up rows: whoever is counted in several of them is added several times. */
function stepNote(
  kind: Step['kind'],
  distinct: Distinct,
  trans: ITranslator
): string | null {
  if (kind !== 'share' && kind !== 'cumulative') {
    return null;
  }
  switch (distinct) {
    case 'user':
    case 'user+package':
      return trans.__(
        'This adds up rows. A user may be counted in several of them, so the sum is not a number of users.'
      );
    case 'job':
    case 'job+package':
      return trans.__(
        'This adds up rows. A job may be counted in several of them, so the sum may be more than the number of jobs.'
      );
    case 'process':
      return trans.__(
        'This adds up rows. A process may be counted in several of them, so the sum may be more than the number of processes.'
      );
    case 'record':
      return null;
  }
}

/** What a step needs to know, in one row, and below it what is to be known of it. */
function StepForm(props: {
  readonly kind: Step['kind'];
  readonly table: ITable;
  readonly note: string | null;
  readonly onDone: (step: Step | null) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { kind, table } = props;
  const columns = columnsFor(kind, table);
  // Most steps are about what was counted, which comes last in an answer.
  const [column, setColumn] = useState(
    kind === 'rename' ? (columns[0] ?? '') : (columns[columns.length - 1] ?? '')
  );
  const [value, setValue] = useState(kind === 'top' ? '10' : '5');
  const [name, setName] = useState<string | null>(null);
  const [descending, setDescending] = useState(true);
  const as = name ?? newName(kind, column, table.columns);
  const step = makeStep(kind, column, Number(value), as, descending);

  return (
    <form
      className="jp-Workload-stepForm"
      onSubmit={event => {
        event.preventDefault();
        if (step) {
          props.onDone(step);
        }
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onDone(null);
        }
      }}
    >
      <span>{stepLabel(kind, trans)}</span>
      <Select
        label={trans.__('Column')}
        value={column}
        options={columns.map(one => ({
          value: one,
          label: columnTitle(one, trans)
        }))}
        onChange={setColumn}
      />
      {kind === 'sort' && (
        <Select
          label={trans.__('Order')}
          value={descending}
          options={[
            { value: true, label: trans.__('highest first') },
            { value: false, label: trans.__('lowest first') }
          ]}
          onChange={setDescending}
        />
      )}
      {(kind === 'minimum' || kind === 'top') && (
        <input
          className="jp-Workload-input jp-mod-short"
          type="number"
          step="any"
          autoFocus
          aria-label={
            kind === 'top' ? trans.__('Number of rows') : trans.__('At least')
          }
          value={value}
          onChange={event => setValue(event.target.value)}
        />
      )}
      {(kind === 'share' || kind === 'cumulative' || kind === 'rename') && (
        <label className="jp-Workload-option">
          <span>{trans.__('as')}</span>
          <input
            className="jp-Workload-input"
            type="text"
            autoFocus
            value={as}
            onChange={event => setName(event.target.value)}
          />
        </label>
      )}
      <Button
        small
        className="jp-mod-styled jp-mod-accept"
        type="submit"
        disabled={!step}
      >
        {trans.__('Add')}
      </Button>
      <Button
        small
        minimal
        className="jp-Workload-button"
        type="button"
        onClick={() => props.onDone(null)}
      >
        {trans.__('Cancel')}
      </Button>
      {props.note !== null && <p className="jp-Workload-hint">{props.note}</p>}
    </form>
  );
}

/** Columns that a step can be about. */
function columnsFor(kind: Step['kind'], table: ITable): readonly string[] {
  return kind === 'sort' || kind === 'rename'
    ? table.columns
    : table.columns.filter(column =>
        table.rows.some(row => typeof row[column] === 'number')
      );
}

/** A name for the column that a step makes, which no column has. */
function newName(
  kind: Step['kind'],
  column: string,
  columns: readonly string[]
): string {
  if (kind === 'rename') {
    return column;
  }
  const base = kind === 'cumulative' ? `cumulative_${column}` : 'share';
  let name = base;
  for (let n = 2; columns.includes(name); n++) {
    name = `${base}_${n}`;
  }
  return name;
}

function makeStep(
  kind: Step['kind'],
  column: string,
  value: number,
  as: string,
  descending: boolean
): Step | null {
  if (column === '') {
    return null;
  }
  switch (kind) {
    case 'sort':
      return { kind, column, descending };
    case 'minimum':
      return Number.isFinite(value) ? { kind, column, value } : null;
    case 'top':
      return Number.isInteger(value) && value > 0
        ? { kind, column, count: value }
        : null;
    case 'share':
    case 'cumulative':
      return as.trim() === '' ? null : { kind, column, as: as.trim() };
    case 'rename':
      return as.trim() === '' || as.trim() === column
        ? null
        : { kind, column, as: as.trim() };
  }
}
