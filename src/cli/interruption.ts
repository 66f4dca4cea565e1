/** What asks a program to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Do something that leaves things behind on a server when it is just killed: asked to end, it is called off instead, and the program ends
 * as it was asked to once that is done. Asked a second time, it ends at once.
 */
export async function untilInterrupted<T>(
  act: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const stop = new AbortController();
  let received: NodeJS.Signals | null = null;
  const ignore = () =>
    SIGNALS.forEach(name => process.removeListener(name, handle));
  const handle = (name: NodeJS.Signals) => {
    received = name;
    ignore();
    stop.abort();
  };
  SIGNALS.forEach(name => process.on(name, handle));
  try {
    return await act(stop.signal);
  } finally {
    ignore();
    if (received) {
      process.kill(process.pid, received);
    }
  }
}
