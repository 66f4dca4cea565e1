import type { ITable } from '../../workload/answer';

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
   * Run a transform over a chart's answer.
   *
   * @param show Called with the result unless another run for the chart has begun by then; at once when there is no code.
   */
  run(
    key: string,
    code: string,
    table: ITable,
    show: (result: { table: ITable } | { error: unknown }) => void
  ): void {
    const run = { code };
    this._applied.set(key, run);
    if (code.trim() === '') {
      show({ table });
      return;
    }
    const isLast = () => this._applied.get(key) === run;
    this._apply(code, table).then(
      result => isLast() && show({ table: result }),
      (error: unknown) => isLast() && show({ error })
    );
  }

  clear(): void {
    this._applied.clear();
  }

  private readonly _applied = new Map<string, { readonly code: string }>();
}
