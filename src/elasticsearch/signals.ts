import { abortError } from '../engine/rpc';

/**
 * Wait for something that others wait for, too.
 *
 * @throws `AbortError` as soon as the signal aborts; what is waited for goes on.
 */
export async function orAborted<T>(
  work: Promise<T>,
  signal?: AbortSignal
): Promise<T> {
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(abortError());
  });
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) {
    giveUp();
  }
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Aborts when all who wait have called off; never where one of them cannot. */
export function whenAllAborted(
  signals: readonly (AbortSignal | undefined)[]
): AbortSignal {
  const controller = new AbortController();
  let left = signals.length;
  const leave = () => {
    left--;
    if (left === 0) {
      controller.abort();
    }
  };
  for (const signal of signals) {
    if (signal?.aborted) {
      leave();
    } else {
      signal?.addEventListener('abort', leave, { once: true });
    }
  }
  return controller.signal;
}
