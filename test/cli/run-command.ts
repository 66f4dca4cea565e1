/** What a command gave back and wrote. */
export interface IOutcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Run a command of the command line, and catch what it writes. */
export async function runCommand(
  command: (args: string[]) => Promise<number>,
  args: string[]
): Promise<IOutcome> {
  const written = { out: '', err: '' };
  const into =
    (stream: 'out' | 'err') =>
    (chunk: string | Uint8Array, done?: unknown): boolean => {
      written[stream] += String(chunk);
      if (typeof done === 'function') {
        (done as () => void)();
      }
      return true;
    };
  jest.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  jest.spyOn(process.stderr, 'write').mockImplementation(into('err'));
  const status = await command(args);
  jest.restoreAllMocks();
  return { status, ...written };
}
