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
import type { IWorkflow } from './workflows';

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
export interface IActivity extends IPlan {
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
  /** Memory of the table that is written: the job's code in a row group. */
  group: number;
  code: number;
}

const MULTIPROCESSING = packageCode('multiprocessing');
const CHILDREN = [2, 3, 4, 4, 8, 8, 16, 32];

/** Applications without a law of their own run on one node. */
const ONE_NODE = [0, 1, 1] as const;

export interface IPlanOptions {
  readonly random: Random;
  /** The most records that the run may make, so that one job is not most of a small file. */
  readonly most: number;
  /** Takes the whole machine. */
  readonly full: boolean;
  /** Records that one process with this footprint makes. */
  rowsOf(footprint: IFootprint): number;
  /** The footprint of a first, smaller process. */
  firstOf(footprint: IFootprint): IFootprint;
}

/** Decide how often a run invokes Python and how many children report. */
export function plan(
  index: number,
  workflow: IWorkflow,
  footprint: IFootprint,
  { random, most, rowsOf, firstOf, full }: IPlanOptions
): IPlan {
  const [few, chain] = workflow.application.repeats ?? [0.06, 0.001];
  const place = random.float();
  let invocations = 1;
  if (place < chain) {
    invocations = Math.min(3000, 6 + Math.floor(random.around(24, 1.1)));
  } else if (place < chain + few) {
    invocations = 2 + Math.floor(random.exponential() * 1.2);
  }
  const pools = footprint.packages.includes(MULTIPROCESSING) && random.chance(0.025);
  let children = pools ? random.pick(CHILDREN) : 0;
  const each = rowsOf(footprint);
  children = Math.min(children, Math.max(0, Math.floor(most / each) - 1));
  invocations = Math.max(1, Math.min(invocations, Math.floor(most / each / (1 + children))));
  const first = footprint.packages.length > 1 && random.chance(0.05) ? firstOf(footprint) : null;
  const rows = invocations * (1 + children) * each + (first ? rowsOf(first) : 0);
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
  const common = { ...planned, left, rowsLeft, group: -1, code: -1 };
  if (planned.workflow.context === 'compute') {
    const job = scheduler.submit(jobPlan(planned, random), now);
    const step = (job.end - job.start) / left;
    return { ...common, job, step, next: afterStep(job.start, step, job.end, random) };
  }
  const wished = planned.workflow.context === 'jupyter' ? 5_400_000 : 240_000;
  const room = PERIOD_END - 1000 - now;
  const step = Math.min(random.around(wished, 1), (room * 0.9) / left);
  return {
    ...common,
    job: null,
    step,
    next: afterStep(now, step, PERIOD_END - 1000, random)
  };
}

/** When the process after the one that has just ended will end. */
export function nextEnd(activity: IActivity, random: Random): number {
  const { next, step, job } = activity;
  return afterStep(next, step, job ? job.end : PERIOD_END - 1000, random);
}

/** A step later, more or less, but not after the end. */
function afterStep(now: number, step: number, end: number, random: Random): number {
  return Math.min(end, now + Math.floor(step * (0.8 + 0.199 * random.float())));
}

function jobPlan({ workflow, invocations, full }: IPlan, random: Random): IJobPlan {
  const place = random.float();
  const { gpu, knl, application, user } = workflow;
  const partition: Partition = full
    ? 'knl'
    : place < gpu
      ? 'gpu'
      : place < gpu + knl
        ? 'knl'
        : 'haswell';
  return {
    user,
    partition,
    nodes: full ? FULL_MACHINE : drawNodes(application.nodes ?? ONE_NODE, partition, random),
    least: 20 + 4 * invocations,
    // A single process that is stopped at the limit reports nothing.
    mayTimeOut: invocations > 1
  };
}
