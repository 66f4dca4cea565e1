import type { IApplication } from './applications/application';
import type { Random } from './random';
import { HOUR, PERIOD_END } from './rhythm';

/** The machine's partitions, with the most nodes that a job there can have. */
export const PARTITIONS = ['haswell', 'knl', 'gpu'] as const;
export type Partition = (typeof PARTITIONS)[number];
const MOST_NODES: Readonly<Record<Partition, number>> = {
  haswell: 1932,
  knl: 9688,
  gpu: 18
};

/** The largest job of the study: the whole of the many-core partition. */
export const FULL_MACHINE = MOST_NODES.knl;

export const SYSTEM = 'cori';

export const QOS = [
  'regular',
  'shared',
  'debug',
  'interactive',
  'premium',
  'flex',
  'overrun',
  'gpu',
  'gpu_special'
] as const;
export type Qos = (typeof QOS)[number];

export const STATES = [
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'OUT_OF_MEMORY',
  'NODE_FAIL'
] as const;
export type State = (typeof STATES)[number];

/** A batch job as Slurm's accounting knows it. Times are in milliseconds since 1970. */
export interface IJob {
  /** Unique, growing with the time of submission. */
  readonly id: string;
  /** Place of the user in the site. */
  readonly userIndex: number;
  readonly partition: Partition;
  readonly qos: Qos;
  readonly nodes: number;
  readonly state: State;
  readonly submit: number;
  readonly start: number;
  readonly end: number;
  /** Whole seconds, as are all limits. */
  readonly timeLimit: number;
}

/** What a job asks for and how it goes, before it has a number. */
export interface IJobPlan {
  readonly partition: Partition;
  readonly nodes: number;
  readonly userIndex: number;
  /** Shortest sensible run, in seconds. */
  readonly least: number;
  /** Whether the job may be stopped at its limit. */
  readonly mayTimeOut: boolean;
}

type NodesLaw = NonNullable<IApplication['nodes']>;

/** Draw a number of nodes by an application's law, as far as the partition goes. */
export function drawNodes(
  [parallel, tail, most]: NodesLaw,
  partition: Partition,
  random: Random
): number {
  return random.chance(parallel)
    ? random.pareto(2, Math.min(most, MOST_NODES[partition]), tail)
    : 1;
}

/** Time limits that users ask for, in seconds. */
const LIMITS = [0.25, 0.5, 1, 2, 4, 6, 8, 12, 24, 36, 48].map(
  hours => hours * 3600
);
const LONGEST = LIMITS[LIMITS.length - 1];

/** Numbers jobs in the order of submission, and plays the scheduler. */
export class Scheduler {
  /**
   * @param random Its own stream.
   */
  constructor(random: Random) {
    this._random = random;
  }

  /** Submit a job now. It ends within the period. */
  submit(plan: IJobPlan, now: number): IJob {
    const random = this._random;
    this._next += random.chance(0.3) ? 1 + random.below(4) : 1;
    const { partition, nodes, userIndex } = plan;
    const wished = Math.min(
      LONGEST * 0.9,
      plan.least + random.around(900, 1.4)
    );
    const timedOut = plan.mayTimeOut && random.chance(0.05);
    const timeLimit =
      LIMITS.find(limit => limit >= wished * (timedOut ? 0.7 : 1.15)) ??
      LONGEST;
    const room = PERIOD_END - 2000 - now;
    const wait = Math.min(
      random.around(240 + 4 * nodes, 1.5) * 1000,
      36 * HOUR,
      room * 0.4
    );
    const start = now + Math.floor(wait / 1000) * 1000;
    const possible = Math.floor((PERIOD_END - 1000 - start) / 1000);
    const elapsed = Math.min(
      Math.ceil(timedOut ? timeLimit : wished),
      possible
    );
    return {
      id: String(this._next),
      userIndex,
      partition,
      nodes,
      qos: drawQos(partition, nodes, timeLimit, random),
      state: timedOut
        ? elapsed < timeLimit
          ? 'CANCELLED'
          : 'TIMEOUT'
        : drawState(random),
      submit: now,
      start,
      end: start + elapsed * 1000,
      timeLimit
    };
  }

  private readonly _random: Random;
  private _next = 37_800_000;
}

function drawState(random: Random): State {
  const place = random.float();
  return place < 0.91
    ? 'COMPLETED'
    : place < 0.97
      ? 'FAILED'
      : place < 0.99
        ? 'CANCELLED'
        : place < 0.997
          ? 'OUT_OF_MEMORY'
          : 'NODE_FAIL';
}

function drawQos(
  partition: Partition,
  nodes: number,
  timeLimit: number,
  random: Random
): Qos {
  const place = random.float();
  if (partition === 'gpu') {
    return place < 0.7 ? 'gpu' : 'gpu_special';
  }
  if (timeLimit <= 1800 && nodes <= 64 && place < 0.5) {
    return place < 0.4 ? 'debug' : 'interactive';
  }
  if (partition === 'haswell' && nodes === 1 && place < 0.75) {
    return 'shared';
  }
  return place < 0.87
    ? 'regular'
    : place < 0.92
      ? 'premium'
      : place < 0.96
        ? 'flex'
        : 'overrun';
}

/** Draw a job that leaves no record: no Python in it, opted out, or stopped before Python ended. */
export function drawOtherJob(userIndex: number, random: Random): IJobPlan {
  const place = random.float();
  const partition = place < 0.015 ? 'gpu' : place < 0.3 ? 'knl' : 'haswell';
  return {
    userIndex,
    partition,
    nodes: drawNodes(
      partition === 'knl' ? [0.5, 0.8, 9600] : [0.3, 1, 1932],
      partition,
      random
    ),
    least: random.around(600, 1.5),
    mayTimeOut: true
  };
}
