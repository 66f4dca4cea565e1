import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT, fences } from './markdown';
import { shellWords } from './shell';

/** Commands that a page shows with what they print. */
const shown = fences()
  .filter(({ lang }) => lang === 'console')
  .flatMap(({ page, code }) =>
    code
      .split(/^\$ /m)
      .slice(1)
      .map(text => {
        const [line, ...output] = text.split('\n');
        return { page, line, output: output.join('\n').trim() };
      })
  );

describe('what commands print', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workload-docs-'));
  const cli = join(folder, 'workload-explorer.mjs');

  const run = (script: string, args: readonly string[], cwd: string) => {
    const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd,
      encoding: 'utf8'
    });
    return { stdout, stderr };
  };

  beforeAll(() => {
    const bundle = join(ROOT, 'test', 'support', 'bundle-cli.mjs');
    expect(run(bundle, [cli], ROOT).stderr).toBe('');
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('begins with the data that all others read', () => {
    expect(shown[0].line).toMatch(/^workload-explorer sample /);
    expect(shown.length).toBeGreaterThan(8);
  });

  // In the order of the page: the first one writes the data.
  it.each(shown)(
    'is what $page shows: $line',
    ({ line, output }) => {
      const { stdout, stderr } = run(cli, shellWords(line).slice(1), folder);
      // Progress, which comes with long runs, is no part of the answer.
      expect((stdout || stderr).trim()).toBe(output);
    },
    120_000
  );
});
