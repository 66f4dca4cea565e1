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

/** Signals of what nobody has asked for yet. */
const AHEAD = new WeakSet<AbortSignal>();

/** A controller of work that is done ahead of questions. */
export function aheadController(): AbortController {
  const controller = new AbortController();
  AHEAD.add(controller.signal);
  return controller;
}

/** Whether work is done ahead of questions: its requests say so of themselves. */
export function isAhead(signal?: AbortSignal): boolean {
  return signal !== undefined && AHEAD.has(signal);
}

/**
 * A controller of work that several may wait for.
 *
 * @param first The signal of who has it begun.
 */
export function sharedController(first?: AbortSignal): AbortController {
  return isAhead(first) ? aheadController() : new AbortController();
}

/**
 * Somebody waits for shared work. As soon as that is a question, it is not ahead of questions any more.
 *
 * @param signal The signal of who waits.
 */
export function joinShared(
  controller: AbortController,
  signal?: AbortSignal
): void {
  if (!isAhead(signal)) {
    AHEAD.delete(controller.signal);
  }
}
