import { labelAt } from '../workload/calendar';
import type { Mapping } from '../workload/fields';
import type { Filter, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import { bucketIn, bucketsOf, valueIn } from './answers';
import { conditionOf, periodCondition } from './conditions';
import type { Columns } from './conditions';
import type {
  Aggregations,
  Condition,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { PRECISION, SKETCHED } from './quick-error';
import { fieldOf, inside } from './quick-levels';
import { withJob } from './quick-look';
import { allOf } from './slices';

/** An estimate of a board's head by one request. */
export interface IOverviewLook {
  readonly body: ISearchBody;
  read(answer: ISearchAnswer): IOverview;
}

/**
 * How to estimate the head of a board: records by day are counted, users, jobs and packages are sketched.
 *
 * @param filters All filters in force.
 * @returns null where a filter is none of the server's, or documents have weights.
 */
export function overviewLook(
  selection: ISelection,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
): IOverviewLook | null {
  const period = periodCondition(selection, columns, mapping);
  const conditions = filters.map(filter =>
    conditionOf(filter, columns, mapping)
  );
  if (mapping.count || period === 'unsure' || conditions.includes(null)) {
    return null;
  }
  const single = (role: 'user' | 'job' | 'package' | 'time') =>
    mapping[role]?.length === 1 ? fieldOf(columns, mapping[role][0]) : null;
  const [user, job, packages, time] = [
    single('user'),
    single('job'),
    single('package'),
    single('time')
  ];
  const isTime = columns.get(mapping.time?.[0] ?? '')?.type === 'time';
  const condition = allOf(conditions);
  return {
    body: {
      size: 0,
      track_total_hits: false,
      // The days beside the period are shown, too.
      ...(condition ? { query: condition } : {}),
      aggs: {
        ...(time !== null && isTime ? byDay(time, selection.zone) : {}),
        inside: {
          filter: period ?? EVERYTHING,
          ...inside({
            ...(user === null ? {} : sketch('users', user)),
            ...(packages === null ? {} : sketch('packages', packages)),
            ...(job === null
              ? {}
              : {
                  inJobs: {
                    filter: withJob(columns, mapping) ?? EVERYTHING,
                    aggs: sketch('jobs', job)
                  }
                })
          })
        }
      }
    },
    read: answer => {
      const within = answer.aggregations?.inside;
      return {
        records: within?.doc_count ?? 0,
        users: valueIn(within, 'users'),
        jobs: valueIn(bucketIn(within, 'inJobs'), 'jobs'),
        packages: valueIn(within, 'packages'),
        days: isTime ? daysIn(answer, selection.zone) : null,
        estimate: SKETCHED
      };
    }
  };
}

/** Records a day, and of them those inside the period. */
export interface ICountedDays {
  readonly days: NonNullable<IOverview['days']>;
  readonly inside: number;
}

/**
 * How to count the records of each day, inside the period and beside it.
 *
 * @param filters All filters in force.
 * @returns null where a filter is none of the server's, documents have weights, or time is none by its type.
 */
export function daysLook(
  selection: ISelection,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping
): {
  readonly body: ISearchBody;
  read(answer: ISearchAnswer): ICountedDays;
} | null {
  const name = mapping.time?.length === 1 ? mapping.time[0] : '';
  const time = fieldOf(columns, name);
  const column = columns.get(name);
  const period = periodCondition(selection, columns, mapping);
  const conditions = filters.map(filter =>
    conditionOf(filter, columns, mapping)
  );
  if (
    mapping.count ||
    time === null ||
    column?.type !== 'time' ||
    column.list ||
    period === 'unsure' ||
    conditions.includes(null)
  ) {
    return null;
  }
  const condition = allOf(conditions);
  return {
    body: {
      size: 0,
      track_total_hits: false,
      ...(condition ? { query: condition } : {}),
      aggs: {
        ...byDay(time, selection.zone),
        inside: { filter: period ?? EVERYTHING }
      }
    },
    read: answer => ({
      days: daysIn(answer, selection.zone),
      inside: answer.aggregations?.inside?.doc_count ?? 0
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
