import { LocalDecoder } from '../../src/engine/decoder';
import type { Chunk, IDecoder, IReadTask } from '../../src/engine/decoder';
import type {
  IEngineOptions,
  LocalEngine
} from '../../src/engine/local-engine';
import { parquetEngine } from '../../src/engine/parquet-engine';
import { openTables } from './files';
import type { MemoryFiles } from './files';
import type { TestTable } from './tables';

/** A decoder that can be held up before each row group. */
export class GatedDecoder implements IDecoder {
  constructor(private readonly _inner: IDecoder) {}

  /** Row groups asked for, in order. */
  readonly asked: number[] = [];

  /** Chunks asked for: file, row group, leaf and form. */
  readonly chunks: string[] = [];

  async read(task: IReadTask, signal: AbortSignal): Promise<readonly Chunk[]> {
    this.asked.push(task.rowGroup);
    this.chunks.push(
      ...task.columns.map(({ leaf, form }) =>
        [task.file, task.rowGroup, leaf, form].join()
      )
    );
    if (this._held) {
      await new Promise<void>(resolve => {
        this._waiting.push({ group: task.rowGroup, resolve });
        signal.addEventListener('abort', () => resolve());
      });
    }
    return this._inner.read(task, signal);
  }

  /** From now on requests wait. */
  hold(): void {
    this._held = true;
  }

  /** Let requests for a row group go on, or all. */
  release(group?: number): void {
    for (const waiting of this._waiting.splice(0)) {
      if (group === undefined || waiting.group === group) {
        waiting.resolve();
      } else {
        this._waiting.push(waiting);
      }
    }
  }

  dispose(): void {
    this._inner.dispose();
  }

  private _held = false;
  private readonly _waiting: { group: number; resolve: () => void }[] = [];
}

/** An engine over tables as Parquet files in memory. */
export async function engineOver(
  tables: Readonly<Record<string, TestTable>>,
  {
    rowGroupSize = 1000,
    ...options
  }: Partial<IEngineOptions> & { rowGroupSize?: number; parallel?: number } = {}
): Promise<{
  engine: LocalEngine;
  decoder: GatedDecoder;
  memory: MemoryFiles;
}> {
  const { dataset, files, memory } = await openTables(tables, rowGroupSize);
  const decoder = new GatedDecoder(
    new LocalDecoder(file => files[file], memory.open)
  );
  const engine = parquetEngine(dataset, decoder, {
    tool: 'workload-explorer 0.0.0',
    ...options
  });
  memory.reads.length = 0;
  return { engine, decoder, memory };
}

/** Let all that can go on do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await new Promise(resolve => setImmediate(resolve));
  }
}
