import { applyFix } from '../../../src/lint/apply-fix';
import type { IFinding } from '../../../src/lint/finding';
import type { IExample } from '../../../src/lint/rule';
import { RULES } from '../../../src/lint/rules';
import { check, notebookOf, short } from './notebooks';

const EXAMPLES = RULES.flatMap(rule => [
  ...rule.examples.fires.map((example, i) => ({
    id: rule.id,
    label: `${rule.id} fires ${i}`,
    example,
    fires: true
  })),
  ...rule.examples.clean.map((example, i) => ({
    id: rule.id,
    label: `${rule.id} clean ${i}`,
    example,
    fires: false
  }))
]);

function ofRule(id: string, example: IExample): readonly IFinding[] {
  return check(notebookOf(example), example.files).findings.filter(
    ({ rule }) => rule === id
  );
}

describe('examples of rules', () => {
  it.each(EXAMPLES)('$label', ({ id, example, fires }) => {
    const found = ofRule(id, example);
    expect(found.map(({ cell }) => cell)).toEqual(fires ? example.at : []);
  });

  it.each(EXAMPLES.filter(({ fires }) => fires))(
    'says no more than it must: $label',
    ({ id, example }) => {
      // Examples show one thing: what else is found is found because of it.
      const others = check(notebookOf(example), example.files).findings.filter(
        ({ rule, severity }) => rule !== id && severity !== 'info'
      );
      expect(short(others)).toEqual([]);
    }
  );

  it.each(EXAMPLES.filter(({ fires }) => !fires))(
    'is without errors: $label',
    ({ example }) => {
      const { findings } = check(notebookOf(example), example.files);
      expect(
        short(findings.filter(({ severity }) => severity === 'error'))
      ).toEqual([]);
    }
  );
});

describe('fixes', () => {
  const fixes = EXAMPLES.flatMap(({ label, example, id }) =>
    check(notebookOf(example), example.files).findings.flatMap(finding =>
      finding.fix
        ? [
            {
              label: `${label}: ${finding.fix.title}`,
              id,
              example,
              finding,
              fix: finding.fix
            }
          ]
        : []
    )
  );

  it('are there', () => {
    const rules = new Set(fixes.map(({ finding }) => finding.rule));
    expect([...rules].sort()).toEqual([
      'file-name-differs',
      'import-repeated',
      'import-upstream-only',
      'name-downstream-only',
      'name-undefined',
      'name-upstream-only',
      'role-conflict',
      'role-missing',
      'role-unknown'
    ]);
  });

  it.each(fixes)('settle it: $label', ({ example, finding, fix }) => {
    const before = notebookOf(example);
    const after = applyFix(before, fix);
    const errors = (notebook: typeof before) =>
      short(
        check(notebook, example.files).findings.filter(
          ({ severity }) => severity === 'error'
        )
      );
    const { findings } = check(after, example.files);
    const rest = findings.filter(
      ({ rule, name }) => rule === finding.rule && name === finding.name
    );
    expect(rest.length).toBeLessThan(
      check(before, example.files).findings.filter(
        ({ rule, name }) => rule === finding.rule && name === finding.name
      ).length
    );
    // Cells may have moved down by one that was inserted.
    const moved = (fix.insert ?? []).length;
    expect(errors(after).length).toBeLessThanOrEqual(errors(before).length);
    expect(after.cells.length).toBe(before.cells.length + moved);
  });
});
