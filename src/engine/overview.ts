import type { Filter, ISelection } from '../workload/query';
import type { IWorkload } from './answers';
import { calendarDimension } from './dimensions';
import type { IOverview } from './engine';
import { packageDimension } from './population';
import type { Population } from './population';

/**
 * The head of a board.
 *
 * @param inside Draws on the selection.
 * @param always Draws on the selection without its period; or the days, where they are known.
 */
export function overviewOf(
  selection: ISelection,
  filters: readonly Filter[],
  mapped: { user: boolean; job: boolean; package: boolean; time: boolean },
  inside: IWorkload,
  always: IWorkload | NonNullable<IOverview['days']>
): IOverview {
  const population = inside.population(filters);
  return {
    records: population.total('record'),
    users: mapped.user ? population.total('user') : null,
    jobs: mapped.job ? population.total('job') : null,
    packages: mapped.package ? packagesOf(population) : null,
    days: !mapped.time
      ? null
      : 'population' in always
        ? daysOf(always.population(filters), selection.zone)
        : always,
    estimate: null
  };
}

function packagesOf(population: Population): number {
  return population
    .count('record', [packageDimension(population)])
    .reduce((found, count) => found + Number(count > 0), 0);
}

function daysOf(
  population: Population,
  zone: string
): { day: string; records: number }[] {
  const days = calendarDimension(population, 'day', zone);
  return [...population.count('record', [days])].flatMap((records, i) => {
    const [day] = days.label(i);
    return records > 0 && typeof day === 'string' ? [{ day, records }] : [];
  });
}
