import { CENTER_MODULES } from './environments';
import { packageCode } from './packages';
import type { Random } from './random';
import type { IWorkflow } from './workflows';

/** Published shares of the jobs of the default population (domain: "What is asked"). */
const PUBLISHED = { knl: 0.14, gpu: 0.02, center: 0.05, mkl: 0.17 };

/** Sessions on login nodes and in Jupyter use the center's module more often than jobs do. */
const CENTER_IN_SESSIONS = 0.6;

/**
 * Set the probabilities of workflows so that the expected shares of partitions, of the center's
 * module and of MKL are the published ones, whoever the heavy users are.
 *
 * @param expected Runs expected of each workflow.
 * @param forced Of these, runs that use the center's module in any case.
 */
export function calibrate(
  workflows: readonly IWorkflow[],
  expected: Float64Array,
  forced: Float64Array,
  random: Random
): void {
  const inPopulation = (workflow: IWorkflow): boolean =>
    workflow.context === 'compute' && !workflow.user.staff;
  const total = sumOf(workflows, (workflow, index) =>
    inPopulation(workflow) ? expected[index] : 0
  );

  for (const key of ['gpu', 'knl'] as const) {
    const scaled = ({ [key]: leaning }: IWorkflow, factor: number): number =>
      Math.min(0.95, leaning * factor);
    const factor = solve(PUBLISHED[key] * total, factor =>
      sumOf(workflows, (workflow, index) =>
        inPopulation(workflow) ? expected[index] * scaled(workflow, factor) : 0
      )
    );
    workflows.forEach(workflow => (workflow[key] = scaled(workflow, factor)));
  }

  // Many try the center's module; those who run a lot leave it for an environment of their own.
  const centerOf = (index: number, factor: number): number =>
    Math.min(0.9, factor / Math.sqrt(1 + expected[index]));
  const factor = solve(PUBLISHED.center * total, factor =>
    sumOf(workflows, (workflow, index) => {
      if (!inPopulation(workflow)) {
        return 0;
      }
      const free = workflow.user.center ? centerOf(index, factor) : 0;
      return forced[index] + (expected[index] - forced[index]) * free;
    })
  );
  workflows.forEach((workflow, index) => {
    workflow.center = !workflow.user.center
      ? 0
      : workflow.context === 'compute'
        ? centerOf(index, factor)
        : CENTER_IN_SESSIONS;
  });

  calibrateMkl(workflows, expected, forced, inPopulation, random);
}

/** Give MKL to so many Conda environments that, with the center's, the share comes out. */
function calibrateMkl(
  workflows: readonly IWorkflow[],
  expected: Float64Array,
  forced: Float64Array,
  inPopulation: (workflow: IWorkflow) => boolean,
  random: Random
): void {
  // Every package that makes a job eligible imports numpy.
  const numpy = packageCode('numpy');
  let wanted = 0;
  const candidates: { workflow: IWorkflow; runs: number }[] = [];
  workflows.forEach((workflow, index) => {
    if (!workflow.packages.includes(numpy)) {
      return;
    }
    if (!inPopulation(workflow)) {
      workflow.mkl =
        workflow.interpreter.environment === 'conda' && random.chance(0.12);
      return;
    }
    const own = (expected[index] - forced[index]) * (1 - workflow.center);
    const withCenter = CENTER_MODULES[workflow.module].mkl
      ? expected[index] - own
      : 0;
    wanted += PUBLISHED.mkl * expected[index] - withCenter;
    if (workflow.interpreter.environment === 'conda') {
      candidates.push({ workflow, runs: own });
    }
  });
  for (const { workflow, runs } of random.shuffled(candidates)) {
    if (runs <= wanted) {
      workflow.mkl = true;
      wanted -= runs;
    }
  }
}

function sumOf(
  workflows: readonly IWorkflow[],
  value: (workflow: IWorkflow, index: number) => number
): number {
  let sum = 0;
  for (let index = 0; index < workflows.length; index++) {
    sum += value(workflows[index], index);
  }
  return sum;
}

/** The factor at which a growing function reaches a value, by bisection on a logarithmic scale. */
function solve(value: number, grows: (factor: number) => number): number {
  let low = 1e-6;
  let high = 1e6;
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low * high);
    if (grows(middle) < value) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}
