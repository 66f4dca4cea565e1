import { parseArgs } from 'node:util';
import type { Shape } from './sample/simulate';
import { writeSample } from './sample/write-sample';

const USAGE = `Usage: workload-explorer sample --rows N --out DIR [--shape long|wide] [--seed S]

Write demo data like the first study's: records.parquet, jobs.parquet and users.parquet.

  --rows N     rows of records.parquet, 1 to 1,000,000,000: a row is a package of a process (long)
               or a process with the list of its packages (wide)
  --out DIR    folder to write to; files of these names are replaced when the new ones are complete
  --shape S    long (default) or wide
  --seed S     any text (default 1); the same seed, rows and shape give the same bytes
`;

const MOST_ROWS = 1_000_000_000;

interface ISampleArguments {
  readonly rows: number;
  readonly out: string;
  readonly shape: Shape;
  readonly seed: string;
}

/** A mistake in the arguments, as a sentence. */
class UsageError extends Error {}

/**
 * The command `workload-explorer sample`.
 *
 * @param args What follows the command's name.
 * @returns Exit status: 0, 1 when the data could not be written, 2 for a usage error.
 */
export async function sampleCommand(args: string[]): Promise<number> {
  let options: ISampleArguments | null;
  try {
    options = readArguments(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const abort = new AbortController();
  const stop = (): void =>
    abort.abort(new Error('Stopped; nothing was written.'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const files = await writeSample({
      ...options,
      signal: abort.signal,
      progress: progressOf(options.rows)
    });
    for (const { path, rows, bytes } of files) {
      process.stdout.write(
        `${path}: ${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(1)} MB\n`
      );
    }
    return 0;
  } catch (error) {
    process.stderr.write(
      `The sample could not be written: ${messageOf(error)}\n`
    );
    return 1;
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}

/** @returns Null when help is asked for. */
function readArguments(args: string[]): ISampleArguments | null {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string' },
      out: { type: 'string' },
      shape: { type: 'string', default: 'long' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  });
  if (values.help) {
    return null;
  }
  if (values.rows === undefined) {
    throw new UsageError('--rows is missing: how many rows should there be?');
  }
  const rows = /^\d{1,10}$/.test(values.rows) ? Number(values.rows) : NaN;
  if (!(rows >= 1 && rows <= MOST_ROWS)) {
    throw new UsageError(
      `--rows must be a whole number from 1 to 1000000000, not "${values.rows}".`
    );
  }
  if (!values.out) {
    throw new UsageError(
      '--out is missing: which folder should the files go to?'
    );
  }
  const { shape } = values;
  if (shape !== 'long' && shape !== 'wide') {
    throw new UsageError(`--shape must be "long" or "wide", not "${shape}".`);
  }
  return { rows, out: values.out, shape, seed: values.seed };
}

/** Writes a line now and then while a run is long. */
function progressOf(total: number): (rows: number) => void {
  const begun = Date.now();
  let told = begun;
  return rows => {
    const now = Date.now();
    if (now - told < 2000) {
      return;
    }
    told = now;
    const rate = Math.round((rows / (now - begun)) * 1000);
    const percent = Math.floor((100 * rows) / total);
    process.stderr.write(
      `${rows.toLocaleString('en')} of ${total.toLocaleString('en')} rows (${percent} %), ` +
        `${rate.toLocaleString('en')} rows a second\n`
    );
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
