import type { IAnswer, ITable } from '../../workload/answer';
import type {
  ICost,
  IDatasetInfo,
  IOverview,
  IProgress
} from '../../engine/engine';
import type { EngineErrorCode } from '../../engine/engine';
import type { Constraint, IAsk } from './asks';

/** What went wrong, in a sentence for people, and what code needs to offer a next step. */
export interface IProblem {
  readonly code: EngineErrorCode | 'other';
  readonly message: string;
  /** Role or column concerned. */
  readonly field: string | null;
}

/** An error in the user's transform, with the part of the text it concerns. */
export interface ITransformProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** State of the source of the view. */
export type SourceState =
  | { readonly status: 'none' }
  /** Opens only when the user asks for it. */
  | { readonly status: 'untrusted' }
  | { readonly status: 'opening' }
  | {
      readonly status: 'open';
      readonly info: IDatasetInfo;
      /** Entries of its folders that are not read, because the server does not show them. */
      readonly leftOut: number;
    }
  | { readonly status: 'failed'; readonly problem: IProblem };

/** What is known of one chart. Answers stay until a newer one is there. */
export interface IChartState {
  readonly answer: IAnswer | null;
  /** The answer's table after a transform. */
  readonly table: ITable | null;
  /** The transform that made the table: the chart's, or the last one that was right. */
  readonly transform: string;
  /** A newer question has been asked, so `answer` is old. */
  readonly stale: boolean;
  /** The question, as JSON, that `answer` is an estimate for; null when it is none. */
  readonly estimateOf: string | null;
  /** Why there is no exact answer; `answer` is an estimate then, or null. */
  readonly problem: IProblem | null;
  readonly transformProblem: ITransformProblem | null;
}

export const NO_ANSWER: IChartState = {
  answer: null,
  table: null,
  transform: '',
  stale: true,
  estimateOf: null,
  problem: null,
  transformProblem: null
};

/** Reading that is under way. */
export interface IWork extends IProgress {
  /** When it began, milliseconds of `performance.now()`. */
  readonly since: number;
}

/** What a constraint leaves out. */
export interface IExcluded {
  readonly constraint: Constraint;
  /** Records that would be added if it were taken away. */
  readonly records: number;
}

/** A source has other records now than when it was opened, or may have. */
export interface IChanged {
  /** What the engine says of it; null where it was not the engine that found it out. */
  readonly message: string | null;
}

/** All that the panel shows and that is not in the view: a new object at every change. */
export interface ISnapshot {
  readonly source: SourceState;
  readonly charts: ReadonlyMap<string, IChartState>;
  readonly overview: IOverview | null;
  readonly overviewStale: boolean;
  /** The selection, as JSON, that `overview` is an estimate for; null when it is none. */
  readonly overviewEstimateOf: string | null;
  /** Questions are being answered. */
  readonly busy: boolean;
  /** Rows are being fetched for them. */
  readonly work: IWork | null;
  /** The questions would fetch so much that the user is asked first. */
  readonly confirm: ICost | null;
  /** The user stopped reading; questions wait for `resume`. */
  readonly stopped: boolean;
  /** The server does not answer; the next try comes by itself. */
  readonly outage: {
    readonly seconds: number;
    readonly message: string;
  } | null;
  /** The source is not the one that was opened; null as long as it is. */
  readonly changed: IChanged | null;
  /** Milliseconds from the last change of the view to its last answer. */
  readonly elapsed: number | null;
  /** What each constraint leaves out, by `constraintKey`. */
  readonly excluded: ReadonlyMap<string, IExcluded>;
}

export const EMPTY_SNAPSHOT: ISnapshot = {
  source: { status: 'none' },
  charts: new Map(),
  overview: null,
  overviewStale: true,
  overviewEstimateOf: null,
  busy: false,
  work: null,
  confirm: null,
  stopped: false,
  outage: null,
  changed: null,
  elapsed: null,
  excluded: new Map()
};

/** Whether an answer is an estimate, and not a part of an exact one. */
export function isEstimate({ provenance }: IAnswer): boolean {
  return !provenance.exact && !provenance.partial;
}

/** A change of a chart that shows an answer. */
export interface IShown extends Pick<
  IChartState,
  'stale' | 'estimateOf' | 'problem'
> {
  readonly answer: IAnswer;
}

/** The answer to what was asked. */
export function shownAnswer(answer: IAnswer): IShown {
  return { answer, stale: false, estimateOf: null, problem: null };
}

/**
 * What arrives before a question's answer, where it is worth showing. An estimate is, because it says of the very question what it is worth; a
 * part of an answer, whose numbers grow, only where nothing else is.
 *
 * @param query The question, as JSON.
 */
export function shownEarly(
  early: IAnswer,
  shown: IAnswer | null,
  query: string
): IShown | null {
  if (isEstimate(early)) {
    return { ...shownAnswer(early), estimateOf: query };
  }
  return shown === null || shown.provenance.partial ? shownAnswer(early) : null;
}

/**
 * A question has no exact answer. An estimate of this very question stays beside the reason; an answer to another question goes, because
 * no table, caption or export may show it beside this one.
 *
 * @param query The question, as JSON.
 */
export function shownProblem(
  problem: IProblem,
  shown: IChartState,
  query: string
): Partial<IChartState> {
  const kept = shown.estimateOf === query ? shown : NO_ANSWER;
  return { ...kept, problem, stale: false };
}

/**
 * Charts that are still wanted, those with an outdated answer marked. A large chart begins with what its card shows.
 *
 * @param isSettled Whether what is known under a key belongs to a question.
 */
export function keepCharts(
  asks: readonly IAsk[],
  known: ReadonlyMap<string, IChartState>,
  isSettled: (key: string, query: string) => boolean
): ReadonlyMap<string, IChartState> {
  return new Map(
    asks.map(({ key, chart, query }) => {
      const state = known.get(key) ?? known.get(chart.id) ?? NO_ANSWER;
      const asked = JSON.stringify(query);
      // An estimate says what it is, so it need not look outdated as well.
      const stale = state.estimateOf !== asked && !isSettled(key, asked);
      return [key, { ...state, stale }];
    })
  );
}
