import { AliasTable, type Random } from './random';
import { type IWorkflow, SLICES } from './workflows';

/** Shares of what arrives: jobs and sessions outside jobs, of users and of staff. */
const ARRIVALS = {
  job: 0.855,
  staffJob: 0.06,
  session: 0.07,
  staffSession: 0.015
};

/**
 * Which workflow arrives next, in each slice of the period. Every application has its exact share,
 * within which users count by their activity, among those that have begun.
 */
export class Mix {
  constructor(workflows: readonly IWorkflow[]) {
    this.means = new Float64Array(workflows.length);
    for (let slice = 0; slice < SLICES; slice++) {
      const weights = weightsIn(slice, workflows);
      this._tables.push(new AliasTable(weights));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, index) => {
        this.means[index] += weight / total / SLICES;
      });
    }
  }

  /** The expected share of each workflow in all that arrives over the whole period. */
  readonly means: Float64Array;

  /**
   * Draw the next workflow.
   *
   * @param share How much of the period's work has arrived, from 0 to 1.
   */
  draw(share: number, random: Random): number {
    return this._tables[sliceAt(share)].draw(random);
  }

  private readonly _tables: AliasTable[] = [];
}

/** The slice of the period in which a share of its work has arrived. */
export function sliceAt(share: number): number {
  return Math.min(SLICES - 1, Math.floor(share * SLICES));
}

function weightsIn(
  slice: number,
  workflows: readonly IWorkflow[]
): Float64Array {
  const weights = new Float64Array(workflows.length);
  // Two levels, each with its share of the level above: kind of arrival, application.
  const kinds = new Map<string, number>();
  const applications = new Map<string, { wanted: number; found: number }>();
  workflows.forEach((workflow, index) => {
    if (workflow.starts > slice) {
      return;
    }
    const { application, user } = workflow;
    weights[index] = workflow.weight * user.activity;
    const key = applicationKey(workflow);
    const entry = applications.get(key);
    if (entry) {
      entry.found += weights[index];
      return;
    }
    const change = (application.trend ?? 0) * (slice / (SLICES - 1) - 0.5);
    const wanted = application.jobs * (1 + change);
    applications.set(key, { wanted, found: weights[index] });
    const kind = kindOf(workflow);
    kinds.set(kind, (kinds.get(kind) ?? 0) + wanted);
  });
  workflows.forEach((workflow, index) => {
    const entry = applications.get(applicationKey(workflow));
    if (weights[index] > 0 && entry) {
      const kind = kindOf(workflow);
      const ofKind = entry.wanted / (kinds.get(kind) ?? 1);
      weights[index] *= (ARRIVALS[kind] * ofKind) / entry.found;
    }
  });
  return weights;
}

function kindOf({ user, context }: IWorkflow): keyof typeof ARRIVALS {
  if (context === 'compute') {
    return user.staff ? 'staffJob' : 'job';
  }
  return user.staff ? 'staffSession' : 'session';
}

function applicationKey(workflow: IWorkflow): string {
  return `${kindOf(workflow)} ${workflow.context} ${workflow.application.name}`;
}
