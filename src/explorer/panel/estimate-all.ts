import type { IEngine, IOverview } from '../../engine/engine';
import type { IAnswer } from '../../workload/answer';
import type { ISelection } from '../../workload/query';
import type { IAsk } from './asks';

/** Where estimates are shown. */
export interface IEstimates {
  readonly onOverview: (overview: IOverview) => void;
  /** @param query The question, as JSON. */
  readonly onAnswer: (key: string, early: IAnswer, query: string) => void;
}

/** What is estimated: some questions, and the head of their board unless there is none to be estimated. */
export interface IEstimated {
  readonly asks: readonly IAsk[];
  readonly selection: ISelection | null;
  /** Only by what takes one request and reads no documents. */
  readonly atOnce: boolean;
}

/**
 * Estimate what is not answered, which costs little, while exact answers are weighed, or the user is asked about them. What cannot be
 * estimated is left out; the exact answer says what is wrong.
 */
export function estimateAll(
  engine: IEngine,
  { asks, selection, atOnce }: IEstimated,
  signal: AbortSignal,
  { onOverview, onAnswer }: IEstimates
): void {
  const tell = <T>(estimate: Promise<T | null>, show: (found: T) => void) => {
    estimate.then(
      found => {
        if (found !== null && !signal.aborted) {
          show(found);
        }
      },
      () => undefined
    );
  };
  if (selection) {
    tell(engine.estimateOverview(selection, { signal }), onOverview);
  }
  for (const { key, query } of asks) {
    tell(engine.estimate(query, { signal, atOnce }), early =>
      onAnswer(key, early, JSON.stringify(query))
    );
  }
}
