import { buffersOf, decodeChunk } from './parquet/chunk';
import type { CodedChunk, ParquetFile, SecondsChunk } from './parquet/types';
import { EngineError } from './engine';
import type { IFileEntry } from './engine';
import { ParquetError } from './parquet/types';
import { serve } from './rpc';
import type { IEndpoint } from './rpc';
import type { OpenSource } from './source';
import type { Form } from './workload-index';

/** Columns of one row group that lie side by side in the file, and so are fetched together. */
export interface IReadTask {
  readonly file: number;
  readonly rowGroup: number;
  readonly columns: readonly { readonly leaf: number; readonly form: Form }[];
}

/** A file as a decoder needs it. */
export interface IOpenFile {
  readonly entry: IFileEntry;
  readonly footer: ParquetFile;
  readonly stamp: string | null;
}

export type Chunk = CodedChunk | SecondsChunk;

/** Fetches and decodes; in this thread, or in others. */
export interface IDecoder {
  read(task: IReadTask, signal: AbortSignal): Promise<readonly Chunk[]>;
  dispose(): void;
}

/** Bytes of a task: from the first byte of its columns to the last. */
export function taskRange(
  footer: ParquetFile,
  task: IReadTask
): { start: number; end: number } {
  const { columns } = footer.rowGroups[task.rowGroup];
  const chunks = task.columns.map(({ leaf }) => columns[leaf]);
  return {
    start: Math.min(...chunks.map(chunk => chunk.start)),
    end: Math.max(...chunks.map(chunk => chunk.end))
  };
}

/** Decodes in this thread. */
export class LocalDecoder implements IDecoder {
  constructor(
    private readonly _files: (file: number) => IOpenFile,
    private readonly _open: OpenSource
  ) {}

  async read(task: IReadTask, signal: AbortSignal): Promise<readonly Chunk[]> {
    const { entry, footer, stamp } = this._files(task.file);
    const { start, end } = taskRange(footer, task);
    const source = this._open(entry, stamp);
    const bytes = new Uint8Array(await source.slice(start, end, signal));
    const { columns } = footer.rowGroups[task.rowGroup];
    const chunks: Chunk[] = [];
    for (const { leaf, form } of task.columns) {
      const part = bytes.subarray(
        columns[leaf].start - start,
        columns[leaf].end - start
      );
      try {
        chunks.push(await decodeChunk(part, footer, task.rowGroup, leaf, form));
      } catch (error) {
        throw asEngineError(error, entry.path);
      }
    }
    return chunks;
  }

  dispose(): void {
    // Nothing is held.
  }
}

/** An error of the Parquet reader as a sentence that names the file. */
export function asEngineError(error: unknown, path: string): unknown {
  if (!(error instanceof ParquetError)) {
    return error;
  }
  const code = {
    'not-parquet': 'not-parquet',
    truncated: 'damaged',
    corrupt: 'damaged',
    unsupported: 'unsupported'
  } as const;
  return new EngineError(code[error.code], `“${path}”: ${error.message}`);
}

/** Calls of a decoder in another thread. */
export type DecoderApi = {
  open: {
    args: { file: number; opened: IOpenFile };
    result: null;
    event: never;
  };
  read: { args: IReadTask; result: readonly Chunk[]; event: never };
};

/** Serve a decoder in this thread to the thread at the other end. */
export function serveDecoder(endpoint: IEndpoint, open: OpenSource): void {
  const files = new Map<number, IOpenFile>();
  const decoder = new LocalDecoder(file => {
    const opened = files.get(file);
    if (!opened) {
      throw new EngineError(
        'internal',
        'A file was read before it was opened.'
      );
    }
    return opened;
  }, open);
  serve<DecoderApi>(endpoint, {
    open: async ({ file, opened }) => {
      files.set(file, opened);
      return { value: null };
    },
    read: async (task, { signal }) => {
      const chunks = await decoder.read(task, signal);
      return { value: chunks, transfer: chunks.flatMap(buffersOf) };
    }
  });
}
