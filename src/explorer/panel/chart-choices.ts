import { ANALYSES } from '../../workload/analyses';
import { calendarTitle, unitTitle } from '../../workload/caption';
import type { Bins, CalendarUnit, Distinct } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';
import type { IChart, ILook } from '../../workload/view';
import { isByPackage } from './edits';
import { WIDTH_CLASSES, binsLabel } from './labels';

/** One setting of a chart: what it is called and what may be chosen. Menus and selects are made of it. */
export interface IChoice<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
}

const UNITS: readonly CalendarUnit[] = ['day', 'month', 'quarter', 'year'];
const TOPS: readonly (number | null)[] = [5, 10, 15, 20, 30, 50, null];

/** Bands of correlation worth a name; others are typed. */
export const BANDS: readonly (readonly [number, number])[] = [
  [0.6, 0.8],
  [0.4, 0.6],
  [0.8, 1],
  [0.2, 1],
  [-1, 1]
];

/** Keys that may be counted; of two that count the same within packages, the first. */
export function distinctChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<Distinct> | null {
  const { analysis, distinct } = chart.question;
  const byPackage = isByPackage(analysis);
  const title = (one: Distinct) => unitTitle(one, byPackage, trans);
  const options = new Map<string, Distinct>();
  for (const value of ANALYSES[analysis].distincts) {
    const label = title(value);
    if (!options.has(label) || value === distinct) {
      options.set(label, value);
    }
  }
  return options.size < 2
    ? null
    : {
        label: trans.__('Count'),
        value: distinct,
        options: [...options].map(([label, value]) => ({ value, label }))
      };
}

export function byChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<CalendarUnit | null> | null {
  return ANALYSES[chart.question.analysis].options.by === undefined
    ? null
    : {
        label: trans.__('By'),
        value: chart.question.by,
        options: UNITS.map(value => ({
          value,
          label: calendarTitle(value, trans)
        }))
      };
}

export function binsChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<Bins> | null {
  const { options, id } = ANALYSES[chart.question.analysis];
  if (options.bins === undefined) {
    return null;
  }
  const known: Bins[] = [
    ...(id === 'job-sizes' ? [null] : []),
    'log2',
    WIDTH_CLASSES
  ];
  return {
    label: trans.__('Classes'),
    value: chart.question.bins,
    options: withCurrent(known, chart.question.bins).map(value => ({
      value,
      label: binsLabel(value, trans)
    }))
  };
}

export function topChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<number | null> | null {
  return !ANALYSES[chart.question.analysis].options.top
    ? null
    : {
        label: trans.__('Show'),
        value: chart.question.top,
        options: withCurrent(TOPS, chart.question.top).map(value => ({
          value,
          label: value === null ? trans.__('all') : trans.__('top %1', value)
        }))
      };
}

/** Whether what `top` leaves out may be shown as one row. */
export function mayShowOther(chart: IChart): boolean {
  return (
    ANALYSES[chart.question.analysis].options.other === true &&
    chart.question.top !== null
  );
}

export function orderChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<ILook['order']> | null {
  return chart.question.analysis !== 'package-correlation'
    ? null
    : {
        label: trans.__('Order'),
        value: chart.look.order,
        options: [
          { value: 'cluster', label: trans.__('alike side by side') },
          { value: 'value', label: trans.__('most jobs first') },
          { value: 'name', label: trans.__('by name') }
        ]
      };
}

export function bandChoice(
  chart: IChart,
  trans: ITranslator
): IChoice<readonly [number, number]> | null {
  return chart.question.analysis !== 'package-correlation'
    ? null
    : {
        label: trans.__('Band'),
        value: chart.look.band,
        options: withCurrent(BANDS, chart.look.band).map(value => ({
          value,
          label: trans.__('r from %1 to %2', value[0], value[1])
        }))
      };
}

/** Whether a chart has a value axis that can be logarithmic. */
export function mayBeLog(chart: IChart): boolean {
  return ![
    'package-correlation',
    'package-affinity',
    'mkl-share',
    'user-share',
    'users'
  ].includes(chart.question.analysis);
}

function withCurrent<T>(known: readonly T[], current: T): readonly T[] {
  const key = JSON.stringify(current);
  return known.some(one => JSON.stringify(one) === key)
    ? known
    : [...known, current];
}
