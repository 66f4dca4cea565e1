import type { IFinding } from '../../lint/finding';
import { sameJson } from '../../workload/json';
import type { IChecked } from '../model';
import { findingsById } from './mark';

/**
 * The findings of each cell of one notebook, for all that is drawn there.
 *
 * A cell whose findings are as before keeps its very list: after a keystroke most do, and nothing of them has to be drawn again.
 */
export class CellFindings {
  /** The findings by the ids of their cells; cells without any are not among them. */
  of(checked: IChecked | null): ReadonlyMap<string, readonly IFinding[]> {
    if (checked !== this._checked) {
      this._checked = checked;
      const found = checked
        ? findingsById(checked.result.findings, checked.cells)
        : NOTHING;
      this._findings = new Map(
        [...found].map(([id, list]) => {
          const before = this._findings.get(id);
          return [id, before && sameJson(before, list) ? before : list];
        })
      );
    }
    return this._findings;
  }

  private _checked: IChecked | null = null;
  private _findings: ReadonlyMap<string, readonly IFinding[]> = NOTHING;
}

const NOTHING: ReadonlyMap<string, readonly IFinding[]> = new Map();
