import type { IActivity } from '../../../src/cli/sample/activity';
import type { IFootprint } from '../../../src/cli/sample/footprints';
import { PACKAGE_NAMES } from '../../../src/cli/sample/packages';
import { PERIOD_END, PERIOD_START } from '../../../src/cli/sample/rhythm';
import { type Shape, Simulation } from '../../../src/cli/sample/simulate';
import type { IJob } from '../../../src/cli/sample/slurm';

// Building the people takes half a second, more on a busy machine.
jest.setTimeout(120_000);

interface IEvent {
  readonly activity: IActivity;
  readonly footprint: IFootprint;
  readonly time: number;
  readonly processId: number;
  readonly packages: number;
}

function simulate(
  rows: number,
  shape: Shape,
  seed = 'test'
): { events: IEvent[]; jobs: IJob[] } {
  const events: IEvent[] = [];
  const jobs: IJob[] = [];
  const simulation = new Simulation({ rows, shape, seed });
  const run = simulation.run({
    process: (activity, footprint, time, processId, packages) => {
      events.push({ activity, footprint, time, processId, packages });
    },
    job: job => jobs.push(job)
  });
  while (!run.next().done) {
    // Everything happens in the sink.
  }
  return { events, jobs };
}

describe.each<[Shape, number]>([
  ['long', 60_000],
  ['wide', 30_000]
])('Simulation of the %s shape', (shape, rows) => {
  const { events, jobs } = simulate(rows, shape);

  it('makes exactly the rows asked for', () => {
    const made = events.reduce(
      (sum, { packages }) => sum + (shape === 'wide' ? 1 : packages),
      0
    );
    expect(made).toBe(rows);
  });

  it.each([1, 2, 10, 997])('also when these are %i', few => {
    const made = simulate(few, shape).events.reduce(
      (sum, { packages }) => sum + (shape === 'wide' ? 1 : packages),
      0
    );
    expect(made).toBe(few);
  });

  it('reports in the order of time, within the period and the job', () => {
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(PERIOD_START);
    expect(times[times.length - 1]).toBeLessThan(PERIOD_END);
    const outside = events.filter(
      ({ activity: { job }, time }) =>
        job && (time < job.start || time > job.end)
    );
    expect(outside).toEqual([]);
    // From end to end: no month without records.
    expect(new Set(times.map(time => new Date(time).getUTCMonth())).size).toBe(
      5
    );
  });

  it('gives every process its own number', () => {
    expect(new Set(events.map(({ processId }) => processId)).size).toBe(
      events.length
    );
  });

  it('repeats a process within one job, and has children that report', () => {
    const byJob = new Map<IJob, IEvent[]>();
    for (const event of events) {
      const { job } = event.activity;
      if (job) {
        byJob.set(job, [...(byJob.get(job) ?? []), event]);
      }
    }
    const counts = [...byJob.values()].map(list => list.length);
    expect(Math.max(...counts)).toBeGreaterThan(20);
    expect(counts.filter(count => count === 1).length).toBeGreaterThan(
      counts.length / 2
    );
    const pools = [...byJob.values()].filter(
      ([first]) => first.activity.plan.children > 0
    );
    expect(pools.length).toBeGreaterThan(0);
    for (const [first, second] of pools) {
      const code = PACKAGE_NAMES.indexOf('multiprocessing');
      expect(first.activity.plan.footprint.packages).toContain(code);
      // All but the first, smaller process of a job has its children beside it.
      const differs = first.footprint !== second?.footprint;
      expect(differs || second?.time === first.time).toBe(true);
    }
  });

  it('numbers jobs in the order of submission, with and without records', () => {
    const numbers = jobs.map(({ id }) => Number(id));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    const submitted = jobs.map(({ submit }) => submit);
    expect(submitted).toEqual([...submitted].sort((a, b) => a - b));
    const withRecords = new Set(events.map(({ activity }) => activity.job));
    const missing = [...withRecords].filter(job => job && !jobs.includes(job));
    expect(missing).toEqual([]);
    expect(jobs.length).toBeGreaterThan(1.2 * withRecords.size);
  });

  it('has jobs that fit their partition and their limits', () => {
    const most = { haswell: 1932, knl: 9688, gpu: 18 };
    const wrong = jobs.filter(
      ({ nodes, partition, submit, start, end, timeLimit }) =>
        nodes < 1 ||
        nodes > most[partition] ||
        start < submit ||
        end < start ||
        end >= PERIOD_END ||
        end - start > timeLimit * 1000
    );
    expect(wrong).toEqual([]);
    expect(jobs.filter(({ nodes }) => nodes === 9688)).toHaveLength(3);
  });

  it('has runs outside jobs, on one node as it were', () => {
    const outside = events.filter(({ activity }) => activity.job === null);
    const contexts = new Set(
      outside.map(({ activity }) => activity.plan.workflow.context)
    );
    expect([...contexts].sort()).toEqual(['jupyter', 'login']);
    const inside = events.filter(({ activity }) => activity.job !== null);
    expect(
      inside.every(
        ({ activity }) => activity.plan.workflow.context === 'compute'
      )
    ).toBe(true);
  });

  it('never reports a package without those that it imports, but where a job is cut off', () => {
    const numpy = PACKAGE_NAMES.indexOf('numpy');
    const scipy = PACKAGE_NAMES.indexOf('scipy');
    const wrong = events.filter(
      ({ footprint: { packages } }) =>
        packages.includes(scipy) && !packages.includes(numpy)
    );
    expect(wrong).toEqual([]);
  });
});

it('keeps the people of a seed for any number of records', () => {
  const names = (rows: number, seed: string): string[] =>
    new Simulation({ rows, shape: 'long', seed }).users.map(({ name }) => name);
  expect(names(10, 'a')).toEqual(names(100_000, 'a'));
  expect(names(10, 'a')).not.toEqual(names(10, 'b'));
});
