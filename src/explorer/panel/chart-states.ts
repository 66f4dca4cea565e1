import type { IAnswer, ITable } from '../../workload/answer';
import type { IAsk } from './asks';
import { toTransformProblem } from './problems';
import { keepCharts, NO_ANSWER, shownProblem } from './session-state';
import type { IChartState, IProblem, IShown } from './session-state';
import { Transforms } from './transforms';

/** What is known of the charts of a view, and the transforms of their tables. */
export class ChartStates {
  constructor(private readonly _options: ChartStates.IOptions) {
    this._transforms = new Transforms(_options.transform);
  }

  /** What a chart shows. */
  answer(key: string): IAnswer | null {
    return this._options.charts().get(key)?.answer ?? null;
  }

  /** Show an answer, and what the chart's transform makes of it. */
  show(key: string, shown: IShown | null): void {
    if (shown) {
      this._set(key, shown);
      this._transform(key, shown.answer.table);
    }
  }

  /**
   * Say why a question has no exact answer.
   *
   * @param query The question, as JSON.
   */
  fail(key: string, problem: IProblem, query: string): void {
    const shown = this._options.charts().get(key) ?? NO_ANSWER;
    this._set(key, shownProblem(problem, shown, query));
  }

  /** Charts that are still wanted, those with an outdated answer marked. */
  kept(): ReadonlyMap<string, IChartState> {
    const { asks, charts, isSettled } = this._options;
    return keepCharts(asks(), charts(), isSettled);
  }

  /** Apply transforms that were edited since they last ran. */
  retransform(): void {
    for (const { key, transform } of this._options.asks()) {
      const answer = this.answer(key);
      if (answer && this._transforms.isOutdated(key, transform)) {
        this._transform(key, answer.table);
      }
    }
  }

  private _set(key: string, change: Partial<IChartState>): void {
    const charts = new Map(this._options.charts());
    charts.set(key, { ...(charts.get(key) ?? NO_ANSWER), ...change });
    this._options.update(charts);
  }

  private _transform(key: string, table: ITable): void {
    const { asks } = this._options;
    const code = asks().find(ask => ask.key === key)?.transform ?? '';
    this._transforms.run(key, code, table, result => {
      if (this.answer(key)) {
        this._set(key, {
          table: result.table,
          transform: result.code,
          transformProblem:
            result.error === null
              ? null
              : toTransformProblem(result.error, code)
        });
      }
    });
  }

  private readonly _transforms: Transforms;
}

export namespace ChartStates {
  /** What a session lends: its questions and its snapshot. */
  export interface IOptions {
    /** Run a transform; rejects with its error. */
    readonly transform: (code: string, table: ITable) => Promise<ITable>;
    readonly asks: () => readonly IAsk[];
    readonly charts: () => ReadonlyMap<string, IChartState>;
    /** Whether what is known under a key belongs to a question, as JSON. */
    readonly isSettled: (key: string, query: string) => boolean;
    /** Called with a change; a session that is disposed of does nothing. */
    readonly update: (charts: ReadonlyMap<string, IChartState>) => void;
  }
}
