import { labelAt } from '../workload/calendar';
import type { Mapping, Role } from '../workload/fields';
import type { Filter, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import { bucketIn, bucketsOf, valueIn } from './answers';
import { conditionOf, periodCondition } from './conditions';
import type { Columns } from './conditions';
import type { IIndexColumn } from './fields';
import type {
  Aggregations,
  Condition,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { SKETCHED } from './quick-error';
import { fieldOf, inside } from './quick-levels';
import { withJob } from './quick-look';
import { allOf } from './slices';
import { lacksUnits, PRECISION, unitsIn, unitSketch } from './unit-sketch';

/** A question to the server, and how its answer is read. */
export interface ILook<T> {
  readonly body: ISearchBody;
  read(answer: ISearchAnswer): T;
}

/**
 * How to ask the server about the head of a board.
 *
 * @param filters All filters in force.
 * @returns null where the server cannot tell.
 */
export type MakeLook<T> = (
  selection: ISelection,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
) => ILook<T> | null;

/**
 * How to estimate the head of a board: records by day are counted, users, jobs and packages are sketched; null where a filter is none of
 * the server's, or documents have weights.
 */
export const overviewLook: MakeLook<IOverview> = (
  selection,
  filters,
  columns,
  mapping
) => {
  const head = headOf(selection, filters, columns, mapping);
  if (!head) {
    return null;
  }
  const [user, packages, time] = [
    head.field('user'),
    head.field('package'),
    head.field('time')
  ];
  const jobs = unitSketch('jobs', 'job', columns, mapping);
  const isTime = head.time?.type === 'time';
  return {
    body: head.body({
      ...(time !== null && isTime ? byDay(time, selection.zone) : {}),
      inside: {
        filter: head.period,
        ...inside({
          ...(user === null ? {} : sketch('users', user)),
          ...(packages === null ? {} : sketch('packages', packages)),
          ...(jobs
            ? {
                inJobs: {
                  filter: withJob(columns, mapping) ?? EVERYTHING,
                  aggs: jobs
                }
              }
            : {})
        })
      }
    }),
    read: answer => {
      const within = answer.aggregations?.inside;
      const inJobs = bucketIn(within, 'inJobs');
      return {
        records: within?.doc_count ?? 0,
        users: valueIn(within, 'users'),
        jobs: unitsIn(inJobs, 'jobs'),
        packages: valueIn(within, 'packages'),
        days: isTime ? daysIn(answer, selection.zone) : null,
        estimate: lacksUnits(inJobs, 'jobs')
          ? { ...SKETCHED, error: null }
          : SKETCHED
      };
    }
  };
};

/** Records a day, and of them those inside the period. */
export interface ICountedDays {
  readonly days: NonNullable<IOverview['days']>;
  readonly inside: number;
}

/**
 * How to count the records of each day, inside the period and beside it; null where a filter is none of the server's, documents have
 * weights, or a document has no time by its type, or several.
 */
export const daysLook: MakeLook<ICountedDays> = (
  selection,
  filters,
  columns,
  mapping
) => {
  const head = headOf(selection, filters, columns, mapping);
  const time = head?.field('time') ?? null;
  if (!head || time === null || head.time?.type !== 'time' || head.time.list) {
    return null;
  }
  return {
    body: head.body({
      ...byDay(time, selection.zone),
      inside: { filter: head.period }
    }),
    read: answer => ({
      days: daysIn(answer, selection.zone),
      inside: answer.aggregations?.inside?.doc_count ?? 0
    })
  };
};

/** What all questions about the head of a board have in common. */
interface IHead {
  /** Chooses the documents of the period. */
  readonly period: Condition;
  /** The first column of times. */
  readonly time: IIndexColumn | undefined;
  /** The single field of a role; null where it has none, or several. */
  field(role: Role): string | null;
  /** The question under all filters, of all time: the days beside the period are shown, too. */
  body(aggs: Aggregations): ISearchBody;
}

/** @returns null where a filter is none of the server's, or documents have weights. */
function headOf(
  selection: ISelection,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
): IHead | null {
  const period = periodCondition(selection, columns, mapping);
  const conditions = filters.map(filter =>
    conditionOf(filter, columns, mapping)
  );
  if (mapping.count || period === 'unsure' || conditions.includes(null)) {
    return null;
  }
  const query = allOf(conditions);
  return {
    period: period ?? EVERYTHING,
    time: columns.get(mapping.time?.[0] ?? ''),
    field: role =>
      mapping[role]?.length === 1 ? fieldOf(columns, mapping[role][0]) : null,
    body: aggs => ({
      size: 0,
      track_total_hits: false,
      ...(query ? { query } : {}),
      aggs
    })
  };
}

function byDay(field: string, zone: string): Aggregations {
  return {
    days: {
      date_histogram: {
        field,
        calendar_interval: 'day',
        time_zone: zone,
        min_doc_count: 1
      }
    }
  };
}

function daysIn(
  answer: ISearchAnswer,
  zone: string
): NonNullable<IOverview['days']> {
  return bucketsOf(answer, 'days').map(({ key, doc_count = 0 }) => ({
    day: labelAt(Number(key) / 1000, 'day', zone),
    records: doc_count
  }));
}

const EVERYTHING: Condition = { match_all: {} };

function sketch(name: string, field: string): Aggregations {
  return {
    [name]: { cardinality: { field, precision_threshold: PRECISION } }
  };
}
