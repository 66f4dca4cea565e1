import type { IRolePolicy, Severity } from '../workload/role-policy';
import type { ITranslator } from '../workload/translator';
import { Allowances } from './allowances';
import { checkedCells } from './checked-cells';
import type { IFinding } from './finding';
import { newRunCaches, NotebookFlow } from './flow/flow';
import type { INotebook } from './notebook';
import { analyzeCell } from './python/analyze-cell';
import type { ICellFacts } from './python/facts';
import type { ICheckResult } from './result';
import type { ICheckedCell, IRule, IRuleFinding } from './rule';
import { RULES } from './rules';

/**
 * Checks one notebook again and again, while it changes.
 *
 * What is known of a cell is kept as long as its source stays, so that a keystroke costs one cell's parsing and one walk over the steps
 * of all.
 */
export class NotebookChecker {
  constructor({ rules = RULES }: NotebookChecker.IOptions = {}) {
    this._rules = rules;
  }

  /** Check a notebook as it is now. */
  check(
    notebook: INotebook,
    { policy, trans, exists = () => undefined }: NotebookChecker.ICheckOptions
  ): ICheckResult {
    const cells = this._checkedCells(notebook, policy);
    const flow = this._flowOf(cells);
    const paths = new Set<string>();
    const context = {
      notebook,
      policy,
      cells,
      flow,
      trans,
      exists: (path: string) => {
        paths.add(path);
        return exists(path);
      }
    };
    const ids = this._rules.map(({ id }) => id);
    const allowances = new Allowances(cells, ids);
    const findings: IFinding[] = [];
    for (const rule of this._rules) {
      const severity = policy.severities[rule.id] ?? rule.severity;
      if (severity === 'off') {
        continue;
      }
      const told = new Set<string>();
      const found = [...rule.check(context)];
      if (rule.id === ABOUT_COMMENTS) {
        found.push(...allowances.problems(trans));
      }
      for (const each of found) {
        const key = `${each.cell} ${each.name ?? ''} ${each.name === undefined ? each.range?.from : ''}`;
        const finding = finished(each, rule.id, severity, notebook);
        if (!told.has(key) && !allowances.allow(finding)) {
          findings.push(finding);
        }
        told.add(key);
      }
    }
    findings.sort(
      (a, b) =>
        a.cell - b.cell ||
        (a.range?.from ?? -1) - (b.range?.from ?? -1) ||
        ids.indexOf(a.rule) - ids.indexOf(b.rule)
    );
    return {
      findings,
      allowances: allowances.all,
      cells: cells.map(({ index, cell, role, needsRole }) => ({
        id: cell.id,
        role,
        needsRole,
        ...flow.links[index]
      })),
      paths: [...paths].sort()
    };
  }

  private _checkedCells(
    notebook: INotebook,
    policy: IRolePolicy
  ): readonly ICheckedCell[] {
    const kept = new Map<string, ICellFacts>();
    const checked = checkedCells(notebook, policy, source => {
      const facts =
        kept.get(source) ?? this._facts.get(source) ?? analyzeCell(source);
      kept.set(source, facts);
      return facts;
    });
    this._facts = kept;
    return checked;
  }

  /** The flow of before, when no code and no role has changed. */
  private _flowOf(cells: readonly ICheckedCell[]): NotebookFlow {
    const before = this._flow;
    const isSame =
      before?.cells.length === cells.length &&
      cells.every(
        ({ facts, role }, i) =>
          before.cells[i].facts === facts && before.cells[i].role === role
      );
    if (!before || !isSame) {
      this._flow = { cells, flow: new NotebookFlow(cells, this._runs) };
      return this._flow.flow;
    }
    return before.flow;
  }

  private readonly _rules: readonly IRule[];
  private readonly _runs = newRunCaches();
  private _facts: ReadonlyMap<string, ICellFacts> = new Map();
  private _flow: {
    readonly cells: readonly ICheckedCell[];
    readonly flow: NotebookFlow;
  } | null = null;
}

export namespace NotebookChecker {
  export interface IOptions {
    /** All rules unless others are given. */
    readonly rules?: readonly IRule[];
  }

  export interface ICheckOptions {
    readonly policy: IRolePolicy;
    readonly trans: ITranslator;
    /** Whether a file exists, by the path that a cell names; undefined when it is not known. */
    readonly exists?: (path: string) => boolean | undefined;
  }
}

/** The rule that also speaks of comments that were meant to allow something. */
const ABOUT_COMMENTS = 'unparsed';

const WEIGHTS: Readonly<Record<Severity, number>> = {
  info: 0,
  warning: 1,
  error: 2
};

function finished(
  { atMost, fix, ...found }: IRuleFinding,
  rule: string,
  severity: Severity,
  { cells }: INotebook
): IFinding {
  return {
    rule,
    cellId: cells[found.cell].id,
    severity:
      atMost !== undefined && WEIGHTS[atMost] < WEIGHTS[severity]
        ? atMost
        : severity,
    ...found,
    ...(fix && { fix })
  };
}
