import {
  HTMLSelect,
  caretLeftIcon,
  caretRightIcon
} from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useMemo, useState } from 'react';

import { labelAt } from '../../workload/calendar';
import { calendarTitle, describePeriod } from '../../workload/caption';
import type { IPeriod } from '../../workload/query';
import { usePanel, useModel, useView, usePart } from './context';
import { DateField } from './date-field';
import { IconButton } from './icon-button';
import type { MenuEntry } from './menu';
import { MenuButton } from './menu-button';
import {
  addDays,
  presets,
  samePeriod,
  stepPeriod,
  touches,
  unitOf
} from './period';
import type { IPreset, PeriodUnit } from './period';
import { Section } from './section';
import { Sparkline } from './sparkline';
import { zones } from './zones';

const UNITS: readonly PeriodUnit[] = ['month', 'quarter', 'year'];

/** Which time is looked at. */
export function PeriodSection(): JSX.Element {
  const { model, trans, format } = usePanel();
  const { period, zone } = useView();
  const overview = usePart(one => one.overview);
  const source = usePart(one => one.source);
  const readOnly = useModel(one => one.readOnly);
  const [unit, setUnit] = useState<PeriodUnit>(unitOf(period) ?? 'month');

  const recorded = overview?.days;
  const info = source.status === 'open' ? source.info : null;
  const days = useMemo(() => {
    if (recorded?.length) {
      return {
        first: recorded[0].day,
        last: recorded[recorded.length - 1].day
      };
    }
    return info?.span
      ? {
          first: labelAt(info.span.from, 'day', zone),
          last: labelAt(info.span.to, 'day', zone)
        }
      : null;
  }, [recorded, info, zone]);

  const set = (next: IPeriod) =>
    model.update(view => ({ ...view, period: next }));

  if (overview?.days === null) {
    return (
      <Section title={trans.__('Period')}>
        <p className="jp-Workload-hint">
          {trans.__(
            'No column of this source says when a record was made. Map one under “fields”.'
          )}
        </p>
      </Section>
    );
  }

  const step = (direction: 1 | -1) => {
    if (days) {
      set(stepPeriod(period, unit, direction, days));
    }
  };
  const canStep = (direction: 1 | -1) =>
    days !== null &&
    !readOnly &&
    touches(stepPeriod(period, unit, direction, days), days);

  const last = period.to === null ? days?.last : addDays(period.to, -1);

  const presetEntries = (): MenuEntry[] =>
    presets(days).map(preset => ({
      label: presetLabel(preset),
      checked: samePeriod(preset.period, period),
      run: () => {
        if (preset.unit) {
          setUnit(preset.unit);
        }
        set(preset.period);
      }
    }));

  const presetLabel = (preset: IPreset): string => {
    const name = describePeriod(preset.period, trans, {
      locale: format.locale
    });
    switch (preset.unit) {
      case null:
        return trans.__('All time');
      case 'month':
        return trans.__('Last month: %1', name);
      case 'quarter':
        return trans.__('Last quarter: %1', name);
      case 'year':
        return preset.kind === 'last' ? trans.__('Last year: %1', name) : name;
    }
  };

  return (
    <Section title={trans.__('Period')}>
      {!overview && (
        <div className="jp-Workload-sparkline" aria-hidden="true" />
      )}
      {recorded && recorded.length > 0 && (
        <Sparkline
          days={recorded}
          period={period}
          disabled={readOnly}
          onChange={set}
        />
      )}
      <div className="jp-Workload-row jp-Workload-stepper">
        <IconButton
          icon={caretLeftIcon}
          label={trans.__('Previous %1', calendarTitle(unit, trans))}
          disabled={!canStep(-1)}
          onClick={() => step(-1)}
        />
        <MenuButton
          className="jp-Workload-stepper-label"
          label={describePeriod(period, trans, { locale: format.locale })}
          disabled={readOnly}
          entries={presetEntries}
        />
        <IconButton
          icon={caretRightIcon}
          label={trans.__('Next %1', calendarTitle(unit, trans))}
          disabled={!canStep(1)}
          onClick={() => step(1)}
        />
        <HTMLSelect
          className="jp-Workload-select"
          aria-label={trans.__('Step by')}
          title={trans.__('Step by')}
          value={unit}
          options={UNITS.map(one => ({
            value: one,
            label: calendarTitle(one, trans)
          }))}
          onChange={event => {
            const chosen = UNITS.find(one => one === event.target.value);
            if (chosen) {
              setUnit(chosen);
            }
          }}
        />
      </div>
      {days && (
        <div className="jp-Workload-row jp-Workload-dates">
          <DateField
            label={trans.__('From this day')}
            disabled={readOnly}
            value={period.from?.slice(0, 10) ?? days?.first ?? ''}
            max={last}
            onCommit={day => set({ ...period, from: day })}
          />
          <span aria-hidden="true">–</span>
          <DateField
            label={trans.__('Until the end of this day')}
            disabled={readOnly}
            value={last ?? ''}
            min={period.from?.slice(0, 10) ?? days?.first}
            onCommit={day => set({ ...period, to: addDays(day, 1) })}
          />
        </div>
      )}
      <div className="jp-Workload-row">
        <HTMLSelect
          className="jp-Workload-select jp-mod-wide"
          aria-label={trans.__('Time zone in which days begin')}
          title={trans.__('Time zone in which days begin')}
          disabled={readOnly}
          value={zone}
          options={zones(zone)}
          onChange={event => {
            const chosen = event.target.value;
            model.update(view => ({ ...view, zone: chosen }));
          }}
        />
      </div>
    </Section>
  );
}
