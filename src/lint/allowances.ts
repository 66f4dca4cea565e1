import { nearest } from '../workload/nearest';
import type { ITranslator } from '../workload/translator';
import type { IAllowance, IFinding } from './finding';
import type { ICheckedCell, IRuleFinding } from './rule';

/** A comment `# workload: allow RULE reason`, and whether it keeps anything quiet. */
interface IComment extends Omit<IAllowance, 'findings'> {
  readonly isValid: boolean;
  readonly isMisspelled: boolean;
}

/** All such comments of a notebook. Without a rule that there is, or without a reason, they allow nothing. */
export class Allowances {
  constructor(
    cells: readonly ICheckedCell[],
    private readonly _rules: readonly string[]
  ) {
    this._comments = cells.flatMap(({ index, facts }) =>
      (facts?.allowances ?? []).map(
        ({ from, to, rule, reason, isMisspelled = false }) => ({
          cell: index,
          range: { from, to },
          rule,
          reason,
          isValid:
            !isMisspelled && _rules.includes(rule) && reason.trim() !== '',
          isMisspelled
        })
      )
    );
  }

  /** Whether a finding is kept quiet; it is counted. */
  allow({ cell, rule }: Pick<IFinding, 'cell' | 'rule'>): boolean {
    const comment = this._comments.find(
      each => each.isValid && each.cell === cell && each.rule === rule
    );
    if (!comment) {
      return false;
    }
    this._counts.set(comment, (this._counts.get(comment) ?? 0) + 1);
    return true;
  }

  /** Those that allow something, or would. */
  get all(): readonly IAllowance[] {
    return this._comments
      .filter(({ isValid }) => isValid)
      .map(comment => ({
        cell: comment.cell,
        range: comment.range,
        rule: comment.rule,
        reason: comment.reason,
        findings: this._counts.get(comment) ?? 0
      }));
  }

  /** What is wrong with those that allow nothing. */
  problems(trans: ITranslator): readonly IRuleFinding[] {
    return this._comments
      .filter(({ isValid }) => !isValid)
      .map(comment => ({
        cell: comment.cell,
        range: comment.range,
        ...(comment.rule !== '' && { name: comment.rule }),
        message: this._problem(comment, trans),
        atMost: 'info'
      }));
  }

  private _problem(
    { rule, isMisspelled }: IComment,
    trans: ITranslator
  ): string {
    if (isMisspelled || rule === '') {
      return trans.__(
        'This allows nothing: write “%1”, with the rule and why it is allowed.',
        '# workload: allow RULE reason'
      );
    }
    if (this._rules.includes(rule)) {
      return trans.__(
        'This allows nothing: write after “%1” why it is allowed.',
        rule
      );
    }
    const near = nearest(rule, this._rules);
    return near === null
      ? trans.__('This allows nothing: there is no rule “%1”.', rule)
      : trans.__(
          'This allows nothing: there is no rule “%1”. Did you mean “%2”?',
          rule,
          near
        );
  }

  private readonly _comments: readonly IComment[];
  private readonly _counts = new Map<IComment, number>();
}
