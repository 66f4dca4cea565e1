import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useRef, useState } from 'react';

import { describeFilter } from '../../workload/caption';
import { mergeMapping } from '../../workload/fields';
import { formatFilterText } from '../../workload/filter-text';
import type { DefaultField, Filter } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';
import { constraintKey, replacesDefault, without } from './asks';
import type { Constraint } from './asks';
import { Chip, GhostChip } from './chip';
import { usePanel, useModel, useView, usePart } from './context';
import {
  DEFAULT_FIELDS,
  addFilter,
  clearPicks,
  keepPick,
  negated,
  otherScope,
  removeFilter,
  setDefault,
  setFilter,
  setPick,
  toggled
} from './edits';
import { FilterInput } from './filter-input';
import type { MenuEntry } from './menu';
import { Section } from './section';

/** Which records are looked at, as chips with what each leaves out. */
export function PopulationSection(): JSX.Element {
  const { model, trans, ui } = usePanel();
  const view = useView();
  const readOnly = useModel(one => one.readOnly);
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);

  const done = () => {
    setEditing(null);
    // The field is gone; the focus goes to where the next condition begins.
    requestAnimationFrame(() => addButton.current?.focus());
  };
  const hasPicks = view.board.some(chart => chart.picks);

  return (
    <Section
      title={trans.__('Included records')}
      aside={
        hasPicks &&
        !readOnly && (
          <Button
            minimal
            small
            className="jp-Workload-button"
            title={trans.__('Clear what was clicked in charts')}
            onClick={() => {
              model.update(clearPicks());
              ui.say(trans.__('Selection cleared'));
            }}
          >
            {trans.__('Clear')}
          </Button>
        )
      }
    >
      <ul className="jp-Workload-chips" aria-label={trans.__('Conditions')}>
        {DEFAULT_FIELDS.map(field => (
          <DefaultChip key={field} field={field} />
        ))}
        {view.filters.map((filter, index) =>
          editing === index ? (
            <li key="editing" className="jp-Workload-chips-input">
              <FilterInput
                text={formatFilterText(filter) ?? ''}
                onDone={changed => {
                  model.update(setFilter(index, changed));
                  done();
                }}
                onCancel={done}
              />
            </li>
          ) : (
            <FilterChip
              key={JSON.stringify(filter)}
              filter={filter}
              index={index}
              onEdit={() => setEditing(index)}
            />
          )
        )}
        {view.board.flatMap(chart =>
          (chart.picks ?? []).map((filter, index) => (
            <PickChip
              key={`${chart.id}:${JSON.stringify(filter)}`}
              constraint={{ kind: 'pick', chart: chart.id, index, filter }}
            />
          ))
        )}
        {editing === 'new' && (
          <li className="jp-Workload-chips-input">
            <FilterInput
              onDone={filter => {
                model.update(addFilter(filter));
                done();
              }}
              onCancel={done}
            />
          </li>
        )}
      </ul>
      {editing === null && !readOnly && (
        <button
          ref={addButton}
          type="button"
          className="jp-Workload-add"
          onClick={() => setEditing('new')}
        >
          {trans.__('+ filter')}
        </button>
      )}
    </Section>
  );
}

/** Records that a constraint leaves out, for its chip. */
function useCount(constraint: Constraint): { count?: string; title?: string } {
  const { trans, format } = usePanel();
  const excluded = usePart(one => one.excluded);
  const records = excluded.get(constraintKey(constraint))?.records;
  return records === undefined || records < 0
    ? {}
    : {
        count: records === 0 ? '0' : `−${format.short(records)}`,
        title: trans._n(
          'leaves out %2 record',
          'leaves out %2 records',
          records,
          format.count(records)
        )
      };
}

/** Packages of the record, or of its job. */
function scopeEntry(
  filter: Filter,
  trans: ITranslator,
  set: (filter: Filter) => void
): MenuEntry[] {
  const other = otherScope(filter);
  return other
    ? [
        {
          label:
            other.op === 'job-has'
              ? trans.__('Whole jobs that have it')
              : trans.__('Only its own records'),
          run: () => set(other)
        }
      ]
    : [];
}

function FilterChip(props: {
  readonly filter: Filter;
  readonly index: number;
  readonly onEdit: () => void;
}): JSX.Element {
  const { model, trans } = usePanel();
  const { filter, index } = props;
  const { count, title } = useCount({ kind: 'filter', index, filter });
  const text = describeFilter(filter, trans);
  const remove = () => model.update(removeFilter(index));
  const entries = (): MenuEntry[] => [
    {
      label: trans.__('Edit…'),
      disabled: formatFilterText(filter) === null,
      run: props.onEdit
    },
    {
      label: filter.not
        ? trans.__('Include these instead')
        : trans.__('Exclude these instead'),
      run: () => model.update(setFilter(index, negated(filter)))
    },
    {
      label: filter.disabled
        ? trans.__('Put in force again')
        : trans.__('Set aside'),
      run: () => model.update(setFilter(index, toggled(filter)))
    },
    ...scopeEntry(filter, trans, changed =>
      model.update(setFilter(index, changed))
    ),
    'separator',
    { label: trans.__('Remove'), run: remove }
  ];
  return (
    <Chip
      text={text}
      title={title ? `${text}: ${title}` : text}
      count={filter.disabled ? undefined : count}
      disabled={filter.disabled}
      removeLabel={trans.__('Remove %1', text)}
      entries={entries}
      onRemove={remove}
    />
  );
}

function PickChip(props: {
  readonly constraint: Extract<Constraint, { kind: 'pick' }>;
}): JSX.Element {
  const { model, trans } = usePanel();
  const { constraint } = props;
  const { filter } = constraint;
  const { count, title } = useCount(constraint);
  const text = describeFilter(filter, trans);
  const remove = () => model.update(view => without(view, constraint));
  const entries = (): MenuEntry[] => [
    {
      label: trans.__('Keep as a filter of all charts'),
      run: () => model.update(keepPick(constraint))
    },
    ...scopeEntry(filter, trans, changed =>
      model.update(setPick(constraint.chart, constraint.index, changed))
    ),
    'separator',
    { label: trans.__('Clear'), run: remove }
  ];
  const about = trans.__('clicked in a chart, filters all others');
  return (
    <Chip
      tone="pick"
      text={text}
      title={[text, about, title].filter(Boolean).join(' · ')}
      count={count}
      removeLabel={trans.__('Clear %1', text)}
      entries={entries}
      onRemove={remove}
    />
  );
}

function DefaultChip(props: {
  readonly field: DefaultField;
}): JSX.Element | null {
  const { model, trans } = usePanel();
  const view = useView();
  const source = usePart(one => one.source);
  const { field } = props;
  const { count, title } = useCount({
    kind: 'default',
    field,
    filter: { field, op: 'missing' }
  });
  const isStaff = field === 'is_staff';
  const text = isStaff ? trans.__('Staff excluded') : trans.__('Compute nodes');
  const about = isStaff
    ? trans.__('Records of staff are left out')
    : trans.__(
        'Only records from compute nodes, where a chart is about jobs; top packages counts all nodes'
      );
  if (!view.defaults.includes(field)) {
    return (
      <GhostChip
        text={text}
        title={about}
        onAdd={() => model.update(setDefault(field, true))}
      />
    );
  }
  if (
    source.status === 'open' &&
    !mergeMapping(source.info.mapping, view.mapping)[field]
  ) {
    // The file cannot tell; the captions say so too.
    return (
      <Chip
        tone="default"
        disabled
        text={text}
        title={trans.__(
          'No column says so in this source, so nothing is left out. Map one under “fields”.'
        )}
        removeLabel={trans.__('Remove %1', text)}
        entries={() => [{ label: trans.__('Remove'), run: remove }]}
        onRemove={remove}
      />
    );
  }
  const replaced = replacesDefault(view, field);
  function remove(): void {
    model.update(setDefault(field, false));
  }
  return (
    <Chip
      tone="default"
      text={text}
      disabled={replaced}
      title={
        replaced
          ? trans.__('A filter on %1 stands in for this', field)
          : [about, title].filter(Boolean).join(' · ')
      }
      count={replaced ? undefined : count}
      removeLabel={trans.__('Remove %1', text)}
      entries={() => [
        { label: trans.__('Remove'), run: remove },
        {
          label: isStaff
            ? trans.__('Staff alone')
            : trans.__('Other nodes alone'),
          run: () =>
            model.update(
              addFilter({
                field,
                op: 'any',
                values: [isStaff ? 'true' : 'false']
              })
            )
        }
      ]}
      onRemove={remove}
    />
  );
}
