// Writes the pages of the rules, docs/checks/, anew; a test holds them to the rules.
//
//   npm run rule-docs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import { ROOT, main } from './lib/project.mjs';

const ENTRY = `
export { RULES } from './src/lint/rules';
export { rulePage } from './src/lint/rule-page';
export { english } from './src/workload/translator';
`;

main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rule-docs-'));
  try {
    const outfile = join(folder, 'rules.mjs');
    await build({
      stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error'
    });
    const { RULES, rulePage, english } = await import(
      pathToFileURL(outfile).href
    );
    const target = join(ROOT, 'docs', 'checks');
    mkdirSync(target, { recursive: true });
    for (const rule of RULES) {
      writeFileSync(join(target, `${rule.id}.md`), rulePage(rule, english));
    }
    console.log(`${RULES.length} pages written to docs/checks.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
