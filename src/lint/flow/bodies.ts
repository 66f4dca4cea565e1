import type { IRange } from '../finding';
import type { Step } from '../python/facts';
import type { ICallee } from './calls';
import type { CellReport } from './cell-report';
import { frameOf, sameFrame } from './frame';
import type { IFrame } from './frame';
import type { NameTable } from './name-table';
import type { UnresolvedNames } from './recorder';

/** Functions are followed through so many others. */
const DEEPEST_CALL = 40;

/** What running a body gave, as long as no name has changed. */
interface IBodyRun {
  readonly version: number;
  readonly isCertain: boolean;
  readonly frame: IFrame;
  readonly unresolved: UnresolvedNames;
}

/** What runs the steps of bodies. */
export interface IBodyHost {
  readonly report: CellReport;
  /** What the body that runs now was given. */
  frame: IFrame;
  /** Whether no more steps are followed. */
  readonly isExhausted: boolean;
  /** Run a body over a branch of the table; gives the tables at its ends. */
  runBody(body: readonly Step[], table: NameTable): readonly NameTable[];
}

/** Runs the bodies of what a cell calls, with the names of the time of the call, and none twice that would do the same. */
export class Bodies {
  constructor(private readonly _host: IBodyHost) {}

  call(
    callee: ICallee,
    use: IRange & { readonly name: string },
    table: NameTable
  ): void {
    const { report } = this._host;
    const { certainty, callable } = callee;
    const { body } = callable;
    const isCertain = certainty === 'certain';
    const frame = frameOf(callee, table, this._host.frame);
    const known = this._runs.get(body);
    if (
      known?.version === table.version &&
      sameFrame(known.frame, frame) &&
      (known.isCertain || !(isCertain && report.certainty === 'certain'))
    ) {
      report.addAll(known.unresolved, certainty);
      return;
    }
    if (
      this._host.isExhausted ||
      this._running.size >= DEEPEST_CALL ||
      this._running.has(body)
    ) {
      return;
    }
    const before = table.version;
    const outer = this._host.frame;
    this._host.frame = frame;
    const unresolved = report.gather(() =>
      report.at(use, () =>
        isCertain
          ? this._run(body, table, true)
          : report.uncertain(() => this._run(body, table, false))
      )
    );
    this._host.frame = outer;
    if (table.version === before) {
      this._runs.set(body, {
        frame,
        version: before,
        isCertain: isCertain && report.certainty === 'certain',
        unresolved
      });
    }
    report.addAll(unresolved, certainty);
  }

  private _run(
    body: readonly Step[],
    table: NameTable,
    isCertain: boolean
  ): void {
    this._running.add(body);
    const ends = this._host.runBody(body, table);
    this._running.delete(body);
    table.join(isCertain ? ends : [...ends, table.branch()]);
    // A function that always raises is called where that is caught, or ends a run that nobody wanted.
    table.isEnded = false;
  }

  private readonly _runs = new Map<readonly Step[], IBodyRun>();
  private readonly _running = new Set<readonly Step[]>();
}
