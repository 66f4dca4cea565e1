import type { ITable } from '../../workload/answer';

/** What came of a transform. */
export interface ITransformed {
  readonly table: ITable;
  /** The code that made the table; while the code in the view is wrong, the last one that was not. */
  readonly code: string;
  /** What is wrong with the code in the view; null when it made the table. */
  readonly error: unknown;
}

/** Applies the charts' transforms; of several runs for one chart, only the last one's result is used. */
export class Transforms {
  constructor(
    private readonly _apply: (code: string, table: ITable) => Promise<ITable>
  ) {}

  /** Whether a chart's table has gone through other code than this. */
  isOutdated(key: string, code: string): boolean {
    return this._applied.get(key)?.code !== code;
  }

  /**
   * Run a transform over a chart's answer; where it is wrong, the last one of this chart that was not.
   *
   * @param show Called with the result unless another run for the chart has begun by then; at once when there is no code.
   */
  run(
    key: string,
    code: string,
    table: ITable,
    show: (result: ITransformed) => void
  ): void {
    const run = { code };
    this._applied.set(key, run);
    const end = (result: ITransformed) => {
      if (this._applied.get(key) === run) {
        this._good.set(key, result.code);
        show(result);
      }
    };
    if (code.trim() === '') {
      end({ table, code: '', error: null });
      return;
    }
    void this._apply(code, table)
      .then(result => ({ table: result, code, error: null }))
      .catch(async (error: unknown) => ({
        ...(await this._lastGood(key, table)),
        error
      }))
      .then(end);
  }

  /** The table after the last code that was right; as it is when that does not suit it. */
  private async _lastGood(
    key: string,
    table: ITable
  ): Promise<Omit<ITransformed, 'error'>> {
    const code = this._good.get(key) ?? '';
    if (code !== '') {
      try {
        return { table: await this._apply(code, table), code };
      } catch {
        // Its columns are gone.
      }
    }
    return { table, code: '' };
  }

  private readonly _applied = new Map<string, { readonly code: string }>();
  private readonly _good = new Map<string, string>();
}
