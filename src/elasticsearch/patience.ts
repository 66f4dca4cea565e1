import { ElasticFailure } from './failure';
import type { FailureKind } from './failure';

/** Pauses before a request is sent again, milliseconds. */
const PAUSES = [250, 500, 1000, 2000, 4000];
/** Failures that pass by themselves. */
export const BREAKS: readonly FailureKind[] = ['unreachable', 'partial'];
/** Those, and failures that pass when the server has room, or that smaller questions avoid. */
export const PASSING: readonly FailureKind[] = [...BREAKS, 'busy', 'timeout'];

/** Do something again, after pauses, as long as it fails for reasons that pass. */
export async function patiently<T>(
  act: () => Promise<T>,
  signal?: AbortSignal,
  passing = PASSING,
  most = PAUSES.length
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const passes =
        error instanceof ElasticFailure && passing.includes(error.kind);
      if (
        !passes ||
        tries >= Math.min(most, PAUSES.length) ||
        signal?.aborted
      ) {
        throw error;
      }
      await pause(PAUSES[tries], signal);
    }
  }
}

/** Wait. Rejects with the signal's reason when it aborts. */
export async function pause(
  milliseconds: number,
  signal?: AbortSignal
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The request was called off.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) {
      stop();
    }
  });
}
