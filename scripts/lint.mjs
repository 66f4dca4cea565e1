// Checks style and types: types (tsc), ESLint, Prettier, stylelint.
//
//   npm run lint            reports
//   npm run lint:fix        repairs what can be repaired
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

import { main, packageFile, run } from './lib/project.mjs';
import { ensureVenv, venvProgram } from './lib/python.mjs';

const STYLES = 'style/**/*.css';

const CHECKS = [
  { name: 'types', tool: 'typescript/bin/tsc', check: ['--noEmit'] },
  {
    name: 'eslint',
    tool: 'eslint/bin/eslint.js',
    check: ['--max-warnings', '0', '.'],
    fix: ['--max-warnings', '0', '--fix', '.']
  },
  {
    name: 'prettier',
    tool: 'prettier/bin/prettier.cjs',
    check: ['--check', '--log-level', 'warn', '.'],
    fix: ['--write', '--log-level', 'warn', '.']
  },
  {
    name: 'stylelint',
    tool: 'stylelint/bin/stylelint.mjs',
    check: ['--max-warnings', '0', STYLES],
    fix: ['--max-warnings', '0', '--fix', STYLES]
  }
];

const PYTHON_CHECKS = {
  'ruff format': { check: ['format', '--check', '.'], fix: ['format', '.'] },
  ruff: { check: ['check', '.'], fix: ['check', '--fix', '.'] }
};

/**
 * Runs every check, also after one has failed.
 * @returns the names of the checks with whether they passed
 */
export async function lint({ fix = false } = {}) {
  const results = [];
  const report = (name, status) => {
    console.log(`${name}: ${status === 0 ? 'passed' : 'FAILED'}`);
    results.push({ name, passed: status === 0 });
  };
  for (const { name, tool, ...args } of CHECKS) {
    const status = await run(process.execPath, [
      packageFile(tool),
      ...((fix && args.fix) || args.check)
    ]);
    report(name, status);
  }
  for (const [name, args] of Object.entries(PYTHON_CHECKS)) {
    report(
      name,
      await run(venvProgram('python'), [
        '-m',
        'ruff',
        ...((fix && args.fix) || args.check)
      ])
    );
  }
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(async () => {
    await ensureVenv('test');
    const { values } = parseArgs({
      options: { fix: { type: 'boolean', default: false } }
    });
    const results = await lint(values);
    return results.every(result => result.passed) ? 0 : 1;
  });
}
