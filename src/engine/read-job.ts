import type { ISegment } from './dataset';
import type { IReadTask } from './decoder';
import type { INeed } from './loader';

/** A request under way or waiting. */
export interface IReadJob {
  readonly segment: ISegment;
  /** As long as it waits, neighbors may join. */
  task: IReadTask;
  needs: readonly INeed[];
  bytes: number;
  readonly controller: AbortController;
  /** Questions that wait for it; without any it is given up. */
  waiting: number;
  started: boolean;
  promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A request that waits to begin. */
export function newReadJob(
  segment: ISegment,
  task: IReadTask,
  needs: readonly INeed[],
  bytes: number
): IReadJob {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever waits sees the failure; a request that everybody gave up has nobody to tell.
  promise.catch(() => undefined);
  return {
    segment,
    task,
    needs,
    bytes,
    controller: new AbortController(),
    waiting: 0,
    started: false,
    promise,
    resolve,
    reject
  };
}
