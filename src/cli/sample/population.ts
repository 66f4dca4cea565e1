import { calibrate } from './calibrate';
import { Mix } from './mix';
import { packageCode } from './packages';
import type { Random } from './random';
import { type IUser, makeSite } from './site';
import { type IWorkflow, makeWorkflows, SLICES } from './workflows';

/** A run that happens in any case, so that users and their packages do not hang on luck. */
export interface IGuaranteed {
  /** The workflow. */
  readonly index: number;
  /** When, as a share of the period's work. */
  readonly share: number;
  /** Uses the center's module in any case. */
  readonly center: boolean;
  /** Takes the whole machine. */
  readonly full: boolean;
}

/** By this share of the period every workflow has run once. */
const ALL_RUN_BY = 0.97;
/** At most this share of what arrives is there only so that every workflow runs. */
const MOST_GUARANTEED = 0.3;
const FULL_MACHINE_JOBS = 3;
/** Records of a run, roughly; what is decided by it need not be exact. */
const ROWS_PER_RUN = { long: 3.3, wide: 1.6 };

/** The users of a site and what they do, calibrated to the published values. */
export class Population {
  /**
   * @param random People and workflows depend on its seed alone, probabilities also on the rest.
   * @param rows Records wanted.
   */
  constructor(random: Random, rows: number, shape: keyof typeof ROWS_PER_RUN) {
    this.users = makeSite(random.fork('site'));
    this.workflows = makeWorkflows(this.users, random.fork('workflows'));
    this.mix = new Mix(this.workflows);
    const runs = rows / ROWS_PER_RUN[shape];
    this.guaranteed = this._makeGuaranteed(runs, random.fork('guaranteed'));
    this._calibrate(runs, random.fork('calibration'));
  }

  readonly users: readonly IUser[];
  readonly workflows: readonly IWorkflow[];
  readonly mix: Mix;
  /** In the order of time. */
  readonly guaranteed: readonly IGuaranteed[];

  /** Every workflow once, one of each center user with the center's module, and the widest jobs. */
  private _makeGuaranteed(runs: number, random: Random): IGuaranteed[] {
    const centerRuns = this._centerRuns();
    const all: IGuaranteed[] = [];
    this.workflows.forEach(({ user, starts }, index) => {
      if (!user.staff) {
        const from = (starts + 0.5) / SLICES;
        const share = from + (ALL_RUN_BY - from) * random.float();
        all.push({
          index,
          share,
          center: centerRuns.get(user) === index,
          full: false
        });
      }
    });
    // A small file has no room for all.
    const kept = random
      .shuffled(all)
      .slice(0, Math.ceil(MOST_GUARANTEED * runs));
    const widest = this._widest();
    for (let i = 0; i < FULL_MACHINE_JOBS; i++) {
      const share = random.float() * ALL_RUN_BY;
      kept.push({
        index: random.pick(widest),
        share,
        center: false,
        full: true
      });
    }
    return kept.sort((a, b) => a.share - b.share);
  }

  /** Workflows that may take the whole machine: numpy under MPI. */
  private _widest(): number[] {
    const numpy = packageCode('numpy');
    return this.workflows.flatMap(({ application, packages, user }, index) =>
      (application.nodes?.[2] ?? 1) > 9000 &&
      packages.includes(numpy) &&
      !user.staff
        ? [index]
        : []
    );
  }

  /** Which workflow of a user uses the center's module in any case: one outside jobs if possible. */
  private _centerRuns(): ReadonlyMap<IUser, number> {
    const runs = new Map<IUser, number>();
    this.workflows.forEach(({ user, context }, index) => {
      if (user.center && (!runs.has(user) || context !== 'compute')) {
        runs.set(user, index);
      }
    });
    return runs;
  }

  private _calibrate(runs: number, random: Random): void {
    const drawn = runs - this.guaranteed.length;
    const expected = this.mix.means.map(mean => mean * drawn);
    const forced = new Float64Array(expected.length);
    for (const { index, center } of this.guaranteed) {
      expected[index] += 1;
      forced[index] += center ? 1 : 0;
    }
    calibrate(this.workflows, expected, forced, random);
  }
}
