import type { ISegment } from './dataset';
import { taskRange } from './decoder';
import type { IDecoder, IReadTask } from './decoder';
import { EngineError } from './engine';
import type { ILoader, ILoadOptions, INeed } from './loader';
import type { IParquetDataset, IRowGroup } from './parquet-dataset';
import type { ColumnChunkInfo } from './parquet/types';
import { newReadJob } from './read-job';
import type { IReadJob } from './read-job';
import { abortError } from './rpc';
import type { Form, WorkloadIndex } from './workload-index';

/** Columns of a segment are fetched in one request when less than this lies between them. */
const MOST_GAP = 64 * 1024;
/** Above this a request fetches one column, so that several threads share a large row group. */
const MOST_TOGETHER = 4 * 1024 * 1024;

/** Columns that different questions ask for are fetched in one request up to so many bytes: small requests cost more than their bytes. */
const MOST_JOINED = 1024 * 1024;

/** What one question waits for. */
interface ILoad {
  readonly jobs: ReadonlySet<IReadJob>;
  /** Those that had not begun, the next one last; it may have begun since. */
  readonly queue: IReadJob[];
  /** Bytes of those that have not begun. */
  lacking: number;
}

/**
 * Brings columns into the index: each chunk once, whoever asks; segments in order, several at a time, so that the next is
 * fetched while the last is decoded. The question that lacks the least comes first: it is answered while others are read for.
 */
export class ParquetLoader implements ILoader {
  /**
   * @param _parallel Requests under way at a time.
   */
  constructor(
    private readonly _dataset: IParquetDataset,
    private readonly _index: WorkloadIndex,
    private readonly _decoder: IDecoder,
    private readonly _parallel: number
  ) {}

  bytesRead = 0;

  get idle(): boolean {
    return this._jobs.size === 0;
  }

  cost(
    segments: readonly ISegment[],
    needs: readonly INeed[]
  ): { bytes: number; rows: number } {
    let bytes = 0;
    let rows = 0;
    for (const segment of segments) {
      const missing = this._missing(segment, needs);
      rows += missing.length > 0 ? segment.rows : 0;
      for (const { columns } of missing) {
        for (const { leaf } of columns) {
          const chunk = this._chunks(segment)[leaf];
          bytes += chunk.end - chunk.start;
        }
      }
    }
    return { bytes, rows };
  }

  async load(
    segments: readonly ISegment[],
    needs: readonly INeed[],
    options: ILoadOptions = {}
  ): Promise<void> {
    const { signal, onProgress, onArrival } = options;
    if (signal?.aborted || this._disposed) {
      throw abortError();
    }
    const waits: { segment: ISegment; jobs: IReadJob[] }[] = [];
    for (const segment of segments) {
      this._addConstants(segment, needs);
      const jobs = this._jobsFor(segment, needs);
      if (jobs.length > 0) {
        waits.push({ segment, jobs });
      }
    }
    const jobs = waits.flatMap(wait => wait.jobs);
    if (jobs.length === 0) {
      return;
    }
    jobs.forEach(job => job.waiting++);
    const queue = jobs.filter(job => !job.started);
    const load = {
      jobs: new Set(jobs),
      queue: queue.reverse(),
      lacking: queue.reduce((sum, job) => sum + job.bytes, 0)
    };
    this._loads.add(load);
    const total = segments.reduce((sum, { rows }) => sum + rows, 0);
    const progress = {
      rowsRead: total - waits.reduce((sum, w) => sum + w.segment.rows, 0),
      rowsTotal: total,
      bytesRead: 0,
      bytesTotal: jobs.reduce((sum, job) => sum + job.bytes, 0)
    };
    // What joins a request later is another question's.
    const bytesOf = new Map(jobs.map(job => [job, job.bytes]));
    const incomplete = new Set(waits.map(wait => wait.segment));
    const arrivals = waits.map(async wait => {
      await Promise.all(
        wait.jobs.map(async job => {
          await job.promise;
          progress.bytesRead += bytesOf.get(job) ?? 0;
        })
      );
      progress.rowsRead += wait.segment.rows;
      incomplete.delete(wait.segment);
      onProgress?.({ ...progress });
      if (incomplete.size > 0) {
        onArrival?.(segments.filter(segment => !incomplete.has(segment)));
      }
    });
    let giveUp: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => reject(abortError());
    });
    signal?.addEventListener('abort', giveUp);
    this._pump();
    try {
      await Promise.race([Promise.all(arrivals), aborted]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      this._loads.delete(load);
      jobs.forEach(job => this._release(job));
      // The others that failed with the first one have nobody to tell.
      arrivals.forEach(arrival => void arrival.catch(() => undefined));
    }
  }

  dispose(): void {
    this._disposed = true;
    for (const job of this._jobs.values()) {
      job.controller.abort();
      job.reject(abortError());
    }
    this._jobs.clear();
    this._waiting.clear();
    this._loads.clear();
    this._decoder.dispose();
  }

  /** Needs of a segment that a file holds and the index lacks, side by side ones together. */
  private _missing(
    segment: ISegment,
    needs: readonly INeed[]
  ): { needs: INeed[]; columns: { leaf: number; form: Form }[] }[] {
    const chunks = this._chunks(segment);
    const { file } = this._rowGroup(segment);
    const found = needs
      .filter(({ name, form }) => !this._index.has(segment, name, form))
      .flatMap(need => {
        const leaf = this._dataset.columns.get(need.name)?.leaves[file];
        return leaf ? [{ need, leaf: leaf.leaf, ...chunks[leaf.leaf] }] : [];
      })
      .sort((a, b) => a.start - b.start);
    const groups: (typeof found)[] = [];
    for (const chunk of found) {
      const group = groups.at(-1);
      const last = group?.at(-1);
      if (
        group &&
        last &&
        chunk.start - last.end <= MOST_GAP &&
        chunk.end - group[0].start <= MOST_TOGETHER
      ) {
        group.push(chunk);
      } else {
        groups.push([chunk]);
      }
    }
    return groups.map(group => ({
      needs: group.map(({ need }) => need),
      columns: group.map(({ leaf, need }) => ({ leaf, form: need.form }))
    }));
  }

  private _addConstants(segment: ISegment, needs: readonly INeed[]): void {
    const { file } = this._rowGroup(segment);
    const { partitions } = this._dataset.entries[file];
    for (const { name, form } of needs) {
      const column = this._dataset.columns.get(name);
      if (
        column &&
        !column.leaves[file] &&
        !this._index.has(segment, name, form)
      ) {
        this._index.addConstant(
          segment,
          column,
          column.partition ? (partitions[name] ?? null) : null,
          form
        );
      }
    }
  }

  /** Requests that bring in what a segment lacks: those under way, and new ones for the rest. */
  private _jobsFor(segment: ISegment, needs: readonly INeed[]): IReadJob[] {
    const jobs = new Set<IReadJob>();
    const rest = needs.filter(need => {
      const job = this._jobs.get(keyOf(segment, need));
      if (job) {
        jobs.add(job);
      }
      return !job;
    });
    const { file, rowGroup } = this._rowGroup(segment);
    for (const { needs: own, columns } of this._missing(segment, rest)) {
      const task = { file, rowGroup, columns };
      let job = this._joined(segment, task, own);
      if (!job) {
        job = newReadJob(segment, task, own, this._lengthOf(task));
        const waiting = this._waiting.get(segment.id) ?? [];
        this._waiting.set(segment.id, [...waiting, job]);
      }
      for (const need of own) {
        this._jobs.set(keyOf(segment, need), job);
      }
      jobs.add(job);
    }
    return [...jobs];
  }

  /** A request that waits and whose columns lie beside these: they join it. */
  private _joined(
    segment: ISegment,
    task: IReadTask,
    needs: readonly INeed[]
  ): IReadJob | undefined {
    const footer = this._dataset.files[task.file];
    const own = taskRange(footer, task);
    for (const job of this._waiting.get(segment.id) ?? []) {
      const { start, end } = taskRange(footer, job.task);
      const gap = Math.max(own.start - end, start - own.end);
      const whole = Math.max(own.end, end) - Math.min(own.start, start);
      if (gap <= MOST_GAP && whole <= MOST_JOINED) {
        job.task = { ...task, columns: [...job.task.columns, ...task.columns] };
        job.needs = [...job.needs, ...needs];
        for (const load of this._loads) {
          load.lacking += load.jobs.has(job) ? whole - job.bytes : 0;
        }
        job.bytes = whole;
        return job;
      }
    }
    return undefined;
  }

  private _rowGroup({ id }: ISegment): IRowGroup {
    return this._dataset.segments[id];
  }

  private _chunks(segment: ISegment): readonly ColumnChunkInfo[] {
    const { file, rowGroup } = this._rowGroup(segment);
    return this._dataset.files[file].rowGroups[rowGroup].columns;
  }

  private _lengthOf(task: IReadTask): number {
    const { start, end } = taskRange(this._dataset.files[task.file], task);
    return end - start;
  }

  private _pump(): void {
    while (this._running < this._parallel) {
      const job = this._next();
      if (!job) {
        return;
      }
      job.started = true;
      this._leaveQueue(job);
      for (const load of this._loads) {
        load.lacking -= load.jobs.has(job) ? job.bytes : 0;
      }
      this._running++;
      const end = (tell: () => void) => {
        this._running--;
        // Before anybody hears of it: who asks again, asks anew.
        this._forget(job);
        tell();
        this._pump();
      };
      this._run(job).then(
        () => end(job.resolve),
        (error: unknown) => end(() => job.reject(error))
      );
    }
  }

  /** The first request that has not begun, of the question that lacks the least. */
  private _next(): IReadJob | undefined {
    let first: ILoad | undefined;
    for (const load of this._loads) {
      while (load.queue.at(-1)?.started) {
        load.queue.pop();
      }
      if (load.queue.length > 0 && !(first && first.lacking <= load.lacking)) {
        first = load;
      }
    }
    return first?.queue.at(-1);
  }

  private async _run(job: IReadJob): Promise<void> {
    const { signal } = job.controller;
    const chunks = await this._decoder.read(job.task, signal);
    if (signal.aborted) {
      // Another request may have brought the same meanwhile.
      throw abortError();
    }
    this.bytesRead += job.bytes;
    chunks.forEach((chunk, i) => {
      if (chunk.rows !== job.segment.rows) {
        throw new EngineError(
          'damaged',
          `“${this._dataset.entries[job.task.file].path}”: column “${job.needs[i].name}” has ${chunk.rows} rows where the file announces ${job.segment.rows}. The file is damaged; write it again.`
        );
      }
      this._index.add(job.segment, job.needs[i].name, chunk);
    });
  }

  private _release(job: IReadJob): void {
    job.waiting--;
    if (job.waiting > 0) {
      return;
    }
    // Nobody may join what is being given up.
    this._forget(job);
    this._leaveQueue(job);
    if (job.started) {
      job.controller.abort();
    } else {
      job.reject(abortError());
    }
  }

  private _leaveQueue(job: IReadJob): void {
    const { id } = job.segment;
    const rest = this._waiting.get(id)?.filter(own => own !== job) ?? [];
    if (rest.length > 0) {
      this._waiting.set(id, rest);
    } else {
      this._waiting.delete(id);
    }
  }

  private _forget(job: IReadJob): void {
    for (const need of job.needs) {
      if (this._jobs.get(keyOf(job.segment, need)) === job) {
        this._jobs.delete(keyOf(job.segment, need));
      }
    }
  }

  private readonly _jobs = new Map<string, IReadJob>();
  /** Requests that have not begun, by segment. */
  private readonly _waiting = new Map<number, IReadJob[]>();
  private readonly _loads = new Set<ILoad>();
  private _running = 0;
  private _disposed = false;
}

function keyOf(segment: ISegment, { name, form }: INeed): string {
  return `${segment.id}/${form}/${name}`;
}
