import type {
  Chunk,
  DecoderApi,
  IDecoder,
  IOpenFile,
  IReadTask
} from './decoder';
import { Caller } from './rpc';
import type { IEndpoint } from './rpc';

/** Spreads reading over several threads. */
export class DecoderPool implements IDecoder {
  constructor(
    endpoints: readonly IEndpoint[],
    private readonly _files: (file: number) => IOpenFile
  ) {
    this._workers = endpoints.map(endpoint => ({
      caller: new Caller<DecoderApi>(endpoint),
      opened: new Set<number>()
    }));
  }

  async read(task: IReadTask, signal: AbortSignal): Promise<readonly Chunk[]> {
    // A thread that died takes what it read with it; the others go on. With none left, the failure of one says why.
    const alive = this._workers.filter(({ caller }) => !caller.broken);
    const worker = (alive.length > 0 ? alive : this._workers).reduce(
      (least, candidate) =>
        candidate.caller.pending < least.caller.pending ? candidate : least
    );
    if (!worker.opened.has(task.file)) {
      worker.opened.add(task.file);
      // Messages keep their order, so there is no need to wait; a broken thread fails the reading that follows.
      worker.caller
        .call('open', { file: task.file, opened: this._files(task.file) })
        .catch(() => undefined);
    }
    return worker.caller.call('read', task, { signal });
  }

  dispose(): void {
    this._workers.forEach(({ caller }) => caller.close());
  }

  private readonly _workers: {
    caller: Caller<DecoderApi>;
    opened: Set<number>;
  }[];
}
