import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ParquetFile } from './parquet/file';
import { type Shape, Simulation } from './simulate';
import { type ITable, JobTable, RecordTable, UserTable } from './tables';

export interface ISampleOptions {
  /** Rows of `records.parquet`: package records (long) or processes (wide). */
  readonly rows: number;
  readonly shape: Shape;
  readonly seed: string;
  /** Folder to write to; made if it is missing. */
  readonly out: string;
  /** Told now and then how many rows are written. */
  readonly progress?: (rows: number) => void;
  /** Ends the work; what was written is removed. */
  readonly signal?: AbortSignal;
}

/** A file that was written. */
export interface ISampleFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Row groups: enough of them that a reader can begin early, but never larger than this. */
const LARGEST_GROUP = 1_000_000;
const GROUPS = 8;
const SMALLEST_GROUP = 50_000;
const JOBS_GROUP = 500_000;
/** Events between two looks at the signal. */
const BREATH = 20_000;

/**
 * Write `records.parquet`, `jobs.parquet` and `users.parquet`. They replace files of these names
 * only when all three are complete.
 *
 * @throws When the folder cannot be written to, or the signal ends the work.
 */
export async function writeSample(
  options: ISampleOptions
): Promise<ISampleFile[]> {
  const { rows, shape, seed, out } = options;
  mkdirSync(out, { recursive: true });
  const simulation = new Simulation({ rows, shape, seed });
  const notes = {
    'workload-explorer.sample': JSON.stringify({ rows, shape, seed })
  };
  const files: { file: ParquetFile; path: string; flush: () => void }[] = [];
  const open = (name: string, table: ITable): (() => void) => {
    const path = join(out, name);
    const file = new ParquetFile(path, table.columns, notes);
    const flush = (): void => {
      if (table.rows > 0) {
        file.writeRowGroup(table.rows);
        table.clear();
        options.progress?.(files[0].file.rows);
      }
    };
    files.push({ file, path, flush });
    return flush;
  };
  try {
    const group = Math.min(
      LARGEST_GROUP,
      Math.max(SMALLEST_GROUP, Math.ceil(rows / GROUPS))
    );
    const { users, footprints } = simulation;
    const records = new RecordTable(
      shape,
      users,
      footprints,
      Math.min(group, rows),
      () => flushRecords()
    );
    const flushRecords = open('records.parquet', records);
    const jobs = new JobTable(users, Math.min(JOBS_GROUP, 2 * rows), () =>
      flushJobs()
    );
    const flushJobs = open('jobs.parquet', jobs);
    open('users.parquet', new UserTable(users));

    let events = 0;
    const sink = {
      process: records.process.bind(records),
      job: jobs.job.bind(jobs)
    };
    for (const _ of simulation.run(sink)) {
      if (++events % BREATH === 0) {
        await new Promise(resolve => setImmediate(resolve));
        options.signal?.throwIfAborted();
      }
    }
    for (const { file, flush } of files) {
      flush();
      file.finish();
    }
    files.forEach(({ file }) => file.publish());
  } finally {
    files.forEach(({ file }) => file.discard());
  }
  return files.map(({ file, path }) => ({
    path,
    rows: file.rows,
    bytes: file.bytes
  }));
}
