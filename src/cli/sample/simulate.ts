import { begin, type IActivity, type IPlan, nextEnd, plan } from './activity';
import { EventQueue } from './event-queue';
import { Footprints, type IFootprint } from './footprints';
import { sliceAt } from './mix';
import { type IGuaranteed, Population } from './population';
import { AliasTable, Random } from './random';
import { Rhythm } from './rhythm';
import { drawOtherJob, type IJob, Scheduler } from './slurm';
import type { IUser } from './site';

/** Long: a row is a package of a process. Wide: a row is a process with a list of packages. */
export type Shape = 'long' | 'wide';

export interface ISimulationOptions {
  /** Records to make, at least 1. */
  readonly rows: number;
  readonly shape: Shape;
  readonly seed: string;
}

/** Takes what happens: processes in the order of their ends, jobs in that of submission. */
export interface ISink {
  /**
   * A process ended.
   *
   * @param time In milliseconds since 1970.
   * @param packages How many of the footprint's packages to record, from the first on.
   */
  process(
    activity: IActivity,
    footprint: IFootprint,
    time: number,
    processId: number,
    packages: number
  ): void;
  job(job: IJob): void;
}

/** Jobs without records for each job with any, so that coverage is a question worth asking. */
const OTHER_JOBS = 0.35;
/** No run makes more than this share of all records, once these are many. */
const LARGEST_RUN = 1 / 200;
/** Nothing arrives in the last thousandth of the period's work, so that what did can end in it. */
const LAST_ARRIVAL = 0.999;
/** Runs drawn to estimate how many records one makes. */
const SAMPLE = 20_000;

/**
 * Plays five months of a computing center, as an event simulation: work arrives by a daily and
 * weekly rhythm, runs, and reports when its processes end. Memory depends on what runs at one
 * time, not on the number of records.
 */
export class Simulation {
  constructor(options: ISimulationOptions) {
    const { rows, shape, seed } = options;
    const random = new Random(seed);
    this._rows = rows;
    this._wide = shape === 'wide';
    this._population = new Population(random, rows, shape);
    this.footprints = new Footprints(
      this._population.workflows,
      random.fork('footprints')
    );
    this._others = new AliasTable(this.users.map(({ activity }) => activity));
    this._scheduler = new Scheduler(random.fork('scheduler'));
    this._random = random.fork('runs');
    this._mean = this._meanRows(random.fork('mean'));
  }

  readonly footprints: Footprints;

  get users(): readonly IUser[] {
    return this._population.users;
  }

  /**
   * Run until all records are made.
   *
   * @returns A generator that pauses after every process, for the caller to look after other things.
   */
  *run(sink: ISink): Generator<void> {
    const rhythm = new Rhythm();
    const { guaranteed } = this._population;
    const random = this._random;
    const queue = new EventQueue<IActivity>();
    let share = 0;
    let rows = this._rows;
    let certain = 0;
    let others = 0;
    while (rows > 0) {
      // What remains of the period is spread over what remains of the records: both end together.
      share +=
        (1 - share) * Math.min(1, (this._mean / rows) * random.exponential());
      const now = rhythm.timeAt(share * LAST_ARRIVAL);
      while (queue.first && queue.first.next <= now) {
        this._end(queue.first, queue, sink);
        yield;
      }
      const due =
        certain < guaranteed.length && guaranteed[certain].share <= share;
      const planned = due
        ? this._planGuaranteed(guaranteed[certain++], share)
        : this._planDrawn(share, random);
      const activity = begin(planned, now, rows, random, this._scheduler);
      rows -= activity.rowsLeft;
      queue.add(activity);
      if (activity.job) {
        sink.job(activity.job);
        for (others += OTHER_JOBS; others >= 1; others--) {
          const other = drawOtherJob(this._others.draw(random), random);
          sink.job(this._scheduler.submit(other, now));
        }
      }
    }
    while (queue.first) {
      this._end(queue.first, queue, sink);
      yield;
    }
  }

  /** The soonest process ends, with its children. */
  private _end(
    activity: IActivity,
    queue: EventQueue<IActivity>,
    sink: ISink
  ): void {
    const { first, invocations, children, footprint: whole } = activity.plan;
    const smaller = first !== null && activity.left > invocations;
    const footprint = smaller ? first : whole;
    const processes = smaller ? 1 : 1 + children;
    const all = footprint.packages.length;
    for (
      let process = 0;
      process < processes && activity.rowsLeft > 0;
      process++
    ) {
      const packages = this._wide ? all : Math.min(all, activity.rowsLeft);
      activity.rowsLeft -= this._wide ? 1 : packages;
      sink.process(
        activity,
        footprint,
        activity.next,
        this._processId++,
        packages
      );
    }
    activity.left--;
    if (activity.left > 0 && activity.rowsLeft > 0) {
      activity.next = nextEnd(activity, this._random);
      queue.moveFirst();
    } else {
      queue.removeFirst();
    }
  }

  private _planDrawn(share: number, random: Random): IPlan {
    const index = this._population.mix.draw(share, random);
    const center = random.chance(this._population.workflows[index].center);
    return this._plan(index, share, center, false, random);
  }

  private _planGuaranteed(
    { index, center, full }: IGuaranteed,
    share: number
  ): IPlan {
    const random = this._random;
    const { center: probability } = this._population.workflows[index];
    return this._plan(
      index,
      share,
      random.chance(probability) || center,
      full,
      random
    );
  }

  private _plan(
    index: number,
    share: number,
    center: boolean,
    full: boolean,
    random: Random
  ): IPlan {
    const footprint = this.footprints.get(index, sliceAt(share), center);
    return plan(index, this._population.workflows[index], footprint, {
      random,
      full,
      most: Math.max(20, this._rows * LARGEST_RUN),
      firstOf: whole => this.footprints.first(whole),
      rowsOf: ({ packages }) => (this._wide ? 1 : packages.length)
    });
  }

  /** Records of a run, on average. */
  private _meanRows(random: Random): number {
    let rows = 0;
    for (let i = 0; i < SAMPLE; i++) {
      rows += this._planDrawn(i / SAMPLE, random).rows;
    }
    return rows / SAMPLE;
  }

  private readonly _population: Population;
  private readonly _others: AliasTable;
  private readonly _scheduler: Scheduler;
  private readonly _random: Random;
  private readonly _rows: number;
  private readonly _wide: boolean;
  private readonly _mean: number;
  private _processId = 1;
}
