import type { IProgress } from '../../engine/engine';

/** How far each of the questions is that are being read for. */
export class Reading {
  /**
   * @param isRunning Whether a question is still being answered.
   */
  constructor(private readonly _isRunning: (key: string) => boolean) {}

  /** A question reports; returns how far the one is that has furthest to go. */
  report(key: string, progress: IProgress): IProgress {
    this._progress.set(key, progress);
    for (const other of this._progress.keys()) {
      if (!this._isRunning(other)) {
        this._progress.delete(other);
      }
    }
    return [...this._progress.values()].reduce(
      (least, one) => (part(one) < part(least) ? one : least),
      progress
    );
  }

  private readonly _progress = new Map<string, IProgress>();
}

function part({ rowsRead, rowsTotal }: IProgress): number {
  return rowsTotal > 0 ? rowsRead / rowsTotal : 1;
}
