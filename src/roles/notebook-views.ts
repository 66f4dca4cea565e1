import type { IDisposable } from '@lumino/disposable';

import type { IFinding } from '../lint/finding';
import type { ITranslator } from '../workload/translator';
import { fixFinding } from './fixing';
import { EditorMarks } from './marks/editor-marks';
import { findingCard } from './marks/finding-card';
import { findingMarks } from './marks/tooltip';
import type { IOpenNotebook } from './model';
import { readOnlyReason } from './read-only';
import type { IRuleTexts } from './rule-texts';
import { ShownBanner } from './show/banner';
import { CellFindings } from './show/cell-findings';
import { CellMarks } from './show/cell-marks';
import { ShownCells } from './show/shown-cells';

/** All that is shown of roles and findings in one notebook. */
export class NotebookViews implements IDisposable {
  /** Show them as long as the notebook is open and has its roles. */
  static show(options: NotebookViews.IOptions): NotebookViews {
    const views = new NotebookViews(options);
    const { roles } = options.open;
    // The roles go when the notebook turns out to be in another language; whoever disposes them hears of that, too.
    roles.panel.model?.metadataChanged.connect(() => {
      queueMicrotask(() => {
        if (roles.isDisposed) {
          views.dispose();
        }
      });
    });
    return views;
  }

  constructor({ open, trans, rules }: NotebookViews.IOptions) {
    const { roles } = open;
    const notebook = roles.panel.content;
    const findings = new CellFindings();
    const shown = new ShownCells({ notebook, roles });
    const fix = (finding: IFinding): void => {
      void fixFinding(open, finding, trans);
    };
    const extension = findingMarks({
      draw: (findings, close) =>
        findingCard(
          findings,
          {
            fix: finding => {
              close();
              fix(finding);
            },
            rules,
            blocked: readOnlyReason(roles, trans)
          },
          trans
        )
    });
    this._parts = [
      new CellMarks({ notebook, open, findings, trans }),
      shown,
      new ShownBanner({
        panel: roles.panel,
        shown,
        showAll: () => roles.show('all'),
        trans
      }),
      new EditorMarks({ notebook, open, findings, extension })
    ];
    roles.panel.disposed.connect(() => this.dispose());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._parts.forEach(part => part.dispose());
    }
  }

  private readonly _parts: readonly IDisposable[];
  private _isDisposed = false;
}

export namespace NotebookViews {
  export interface IOptions {
    readonly open: IOpenNotebook;
    readonly trans: ITranslator;
    readonly rules: IRuleTexts;
  }
}
