import type { ISegment } from './dataset';
import type { IProgress } from './engine';
import type { Form } from './workload-index';

/** A column that a question needs. */
export interface INeed {
  readonly name: string;
  readonly form: Form;
}

/** How a load tells of itself. */
export interface ILoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IProgress) => void;
  /** Called after each segment is complete, with all complete ones in order. */
  readonly onArrival?: (complete: readonly ISegment[]) => void;
}

/** Brings columns of segments into an index: each once, whoever asks. */
export interface ILoader {
  /** Bytes fetched so far. */
  readonly bytesRead: number;
  /** Nothing is being fetched. */
  readonly idle: boolean;
  /** What is still to be fetched. */
  cost(
    segments: readonly ISegment[],
    needs: readonly INeed[]
  ): { bytes: number; rows: number };
  /**
   * Bring in columns of segments. Resolves when all have arrived.
   *
   * @throws EngineError of the first piece that fails; `AbortError`.
   */
  load(
    segments: readonly ISegment[],
    needs: readonly INeed[],
    options?: ILoadOptions
  ): Promise<void>;
  dispose(): void;
}
