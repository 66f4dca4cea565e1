import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readCheckArguments } from '../../src/cli/check-arguments';
import { rulePage } from '../../src/lint/rule-page';
import { RULES, RULE_IDS } from '../../src/lint/rules';
import { readRolePolicy } from '../../src/workload/role-policy';
import { english } from '../../src/workload/translator';
import { ROOT, anchors, codes, fences, page, table } from './markdown';
import { shellWords } from './shell';

const PAGES = join(ROOT, 'docs', 'checks');

describe('pages of rules', () => {
  it.each(RULES.map(rule => ({ id: rule.id, rule })))(
    'are current: $id (npm run rule-docs writes them)',
    ({ id, rule }) => {
      expect(readFileSync(join(PAGES, `${id}.md`), 'utf8')).toBe(
        rulePage(rule, english)
      );
    }
  );

  it('are there for all rules, and for no other', () => {
    expect(readdirSync(PAGES).sort()).toEqual(
      RULE_IDS.map(id => `${id}.md`).sort()
    );
  });

  it('link to what is there', () => {
    for (const name of readdirSync(PAGES)) {
      const text = readFileSync(join(PAGES, name), 'utf8');
      for (const [, target] of text.matchAll(/\]\((\.\.[^)\s]+)\)/g)) {
        const [file, anchor] = target.split('#');
        const path = join('docs', 'checks', file);
        expect(existsSync(join(ROOT, path))).toBe(true);
        expect(anchors(path)).toContain(anchor);
      }
    }
    expect(dirname(PAGES)).toBe(join(ROOT, 'docs'));
  });
});

describe('checks.md', () => {
  it('lists all rules in order, with their severities', () => {
    expect(
      table(page('checks.md'), '\n## Rules').map(([id, title, severity]) => [
        codes(id)[0],
        title,
        severity
      ])
    ).toEqual(
      RULES.map(({ id, severity, title }) => [id, title(english), severity])
    );
  });

  it('shows settings that can be read', () => {
    const shown = fences().filter(
      each => each.page === 'docs/checks.md' && each.lang === 'json'
    );
    expect(shown).toHaveLength(1);
    const { roles } = JSON.parse(shown[0].code) as { roles: unknown };
    expect(readRolePolicy([roles], RULE_IDS).problems).toEqual([]);
  });
});

describe('hooks', () => {
  const hooks = readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8');

  it('run commands that can be read', () => {
    const entries = [...hooks.matchAll(/^ {2}entry: (.*)$/gm)];
    expect(entries).toHaveLength(2);
    for (const [, entry] of entries) {
      const [program, name, ...args] = shellWords(entry);
      expect([program, name]).toEqual(['workload-explorer', 'check']);
      expect(() => readCheckArguments([...args, 'a.ipynb'])).not.toThrow();
    }
  });

  it('are those that the page names', () => {
    const ids = [...hooks.matchAll(/^- id: (.*)$/gm)].map(([, id]) => id);
    for (const id of ids) {
      expect(page('checks.md')).toContain(id);
    }
  });
});
