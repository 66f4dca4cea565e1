import type { IFootprint } from './footprints';
import { packageCode } from './packages';
import type { Random } from './random';
import { PERIOD_END } from './rhythm';
import {
  drawNodes,
  FULL_MACHINE,
  type IJob,
  type IJobPlan,
  type Partition,
  type Scheduler
} from './slurm';
import type { Context, IWorkflow } from './workflows';

/** A run of a workflow that has been decided but not begun: a job, or a session outside jobs. */
export interface IPlan {
  readonly index: number;
  readonly workflow: IWorkflow;
  readonly footprint: IFootprint;
  /** What a first, smaller process reports, if there is one. */
  readonly first: IFootprint | null;
  /** Processes one after another, the first, smaller one apart. */
  readonly invocations: number;
  /** Children of each that report as well. */
  readonly children: number;
  /** Records that all of it makes. */
  readonly rows: number;
  /** Takes the whole machine. */
  readonly full: boolean;
}

/** A run under way. */
export interface IActivity {
  readonly plan: IPlan;
  /** Null outside a job. */
  readonly job: IJob | null;
  /** When the next process ends, in milliseconds since 1970. */
  next: number;
  /** Mean time between two ends. */
  readonly step: number;
  /** Processes still to end, one after another, the first, smaller one among them. */
  left: number;
  /** Records still to make. */
  rowsLeft: number;
  /** Memory of the table that is written: the code of the job's id, and its row group. */
  group: number;
  code: number;
}

const MULTIPROCESSING = packageCode('multiprocessing');
const CHILDREN = [2, 3, 4, 4, 8, 8, 16, 32];

/** How long a process outside a job mostly takes, in milliseconds. */
const SESSION: Readonly<Record<Context, number>> = {
  compute: 0,
  login: 240_000,
  jupyter: 5_400_000
};

/** Applications without a law of their own run on one node. */
const ONE_NODE = [0, 1, 1] as const;

export interface IPlanOptions {
  readonly random: Random;
  /** The most records that the run may make, so that one job is not most of a small file. */
  readonly most: number;
  /** Takes the whole machine. */
  readonly full: boolean;
  /** Records that one process with this footprint makes. */
  readonly rowsOf: (footprint: IFootprint) => number;
  /** The footprint of a first, smaller process. */
  readonly firstOf: (footprint: IFootprint) => IFootprint;
}

/** Decide how often a run invokes Python and how many children report. */
export function plan(
  index: number,
  workflow: IWorkflow,
  footprint: IFootprint,
  { random, most, rowsOf, firstOf, full }: IPlanOptions
): IPlan {
  const [few, chain] = workflow.application.repeats ?? [0.03, 0.0005];
  const place = random.float();
  let invocations = 1;
  if (place < chain) {
    invocations = Math.min(3000, 6 + Math.floor(random.around(24, 1.1)));
  } else if (place < chain + few) {
    invocations = 2 + Math.floor(random.exponential() * 1.2);
  }
  const pools =
    footprint.packages.includes(MULTIPROCESSING) && random.chance(0.015);
  let children = pools ? random.pick(CHILDREN) : 0;
  const each = rowsOf(footprint);
  children = Math.min(children, Math.max(0, Math.floor(most / each) - 1));
  invocations = Math.max(
    1,
    Math.min(invocations, Math.floor(most / each / (1 + children)))
  );
  const first =
    footprint.packages.length > 1 && random.chance(0.04)
      ? firstOf(footprint)
      : null;
  const rows =
    invocations * (1 + children) * each + (first ? rowsOf(first) : 0);
  return {
    index,
    workflow,
    footprint,
    first,
    invocations,
    children,
    rows,
    full
  };
}

/**
 * Begin a planned run.
 *
 * @param rows Records that are still wanted; a run that makes more is cut off there.
 */
export function begin(
  planned: IPlan,
  now: number,
  rows: number,
  random: Random,
  scheduler: Scheduler
): IActivity {
  const left = planned.invocations + (planned.first ? 1 : 0);
  const rowsLeft = Math.min(rows, planned.rows);
  const { context } = planned.workflow;
  const job =
    context === 'compute'
      ? scheduler.submit(jobPlan(planned, random), now)
      : null;
  const start = job ? job.start : now;
  const end = job ? job.end : PERIOD_END - 1000;
  const step = job
    ? (end - start) / left
    : Math.min(
        random.around(SESSION[context], 1),
        ((end - start) * 0.9) / left
      );
  const next = afterStep(start, step, end, random);
  return {
    plan: planned,
    job,
    next,
    step,
    left,
    rowsLeft,
    group: -1,
    code: -1
  };
}

/** When the process after the one that has just ended will end. */
export function nextEnd(activity: IActivity, random: Random): number {
  const { next, step, job } = activity;
  return afterStep(next, step, job ? job.end : PERIOD_END - 1000, random);
}

/** A step later, more or less, but not after the end. */
function afterStep(
  now: number,
  step: number,
  end: number,
  random: Random
): number {
  return Math.min(end, now + Math.floor(step * (0.8 + 0.199 * random.float())));
}

function jobPlan(
  { workflow, invocations, full }: IPlan,
  random: Random
): IJobPlan {
  const place = random.float();
  const { gpu, knl, application, userIndex } = workflow;
  const partition: Partition = full
    ? 'knl'
    : place < gpu
      ? 'gpu'
      : place < gpu + knl
        ? 'knl'
        : 'haswell';
  return {
    userIndex,
    partition,
    nodes: full
      ? FULL_MACHINE
      : drawNodes(application.nodes ?? ONE_NODE, partition, random),
    least: 20 + 4 * invocations,
    // A single process that is stopped at the limit reports nothing.
    mayTimeOut: invocations > 1
  };
}
