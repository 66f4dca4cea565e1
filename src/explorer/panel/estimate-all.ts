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

/**
 * Estimate all that is not answered, which costs little, while the user is asked about the exact answers. What cannot be estimated is
 * left out; the exact answer says what is wrong.
 */
export function estimateAll(
  engine: IEngine,
  unanswered: readonly IAsk[],
  selection: ISelection,
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
  tell(engine.estimateOverview(selection, { signal }), onOverview);
  for (const { key, query } of unanswered) {
    tell(engine.estimate(query, { signal }), early =>
      onAnswer(key, early, JSON.stringify(query))
    );
  }
}
