import type { ISegment } from '../engine/dataset';
import type { ILoader, ILoadOptions, INeed } from '../engine/loader';
import type { ISample } from './sample';

/**
 * Loads the slices of a sample before all others, so that an estimate costs nothing beyond the exact answer, which reads them anyway.
 */
export class SampledFirst implements ILoader {
  constructor(
    private readonly _loader: ILoader,
    private readonly _sample: (segments: readonly ISegment[]) => ISample | null
  ) {}

  get bytesRead(): number {
    return this._loader.bytesRead;
  }

  get idle(): boolean {
    return this._loader.idle;
  }

  cost(segments: readonly ISegment[], needs: readonly INeed[]) {
    return this._loader.cost(segments, needs);
  }

  async load(
    segments: readonly ISegment[],
    needs: readonly INeed[],
    options: ILoadOptions = {}
  ): Promise<void> {
    const first = this._sample(segments)?.pairs.flat() ?? [];
    // Both wait for the same fetches, which are begun in the order of these calls.
    await Promise.all([
      this._loader.load(first, needs, { signal: options.signal }),
      this._loader.load(segments, needs, options)
    ]);
  }

  dispose(): void {
    this._loader.dispose();
  }
}
