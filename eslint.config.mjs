import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

import map from './scripts/eslint/layers.mjs';

const root = dirname(fileURLToPath(import.meta.url));

/** What pure code may not touch: what a page has, and Node has not. */
const pageGlobals = Object.keys(globals.browser).filter(
  name => !(name in globals.node) && !(name in globals.es2025)
);

/** Of these, what a browser's worker, or the code that starts one, needs. */
const workerGlobals = new Set([...Object.keys(globals.worker), 'Worker']);

export default tseslint.config(
  {
    ignores: [
      'lib/',
      'dist/',
      'build/',
      '.venv/',
      '.demo/',
      '.cache/',
      'test-results/',
      'playwright-report/',
      'coverage/',
      'jupyterlab_workload_explorer/labextension/',
      'jupyterlab_workload_explorer/cli/',
      'jupyterlab_workload_explorer/dashboard/live_page/template/static/',
      'jupyterlab_workload_explorer/dashboard/static_page/scripts/',
      'test/fixtures/'
    ]
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { ...globals.node } }
  },
  {
    files: ['test/support/*.cjs'],
    languageOptions: { globals: { ...globals.browser, ...globals.node } }
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      js.configs.recommended,
      ...tseslint.configs.recommendedTypeChecked,
      ...tseslint.configs.stylisticTypeChecked
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: root }
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      // What an interface promises later may be known at once.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }
      ],
      // In loops over columns of millions of rows the index is what is wanted.
      '@typescript-eslint/prefer-for-of': 'off',
      // `||` on booleans and texts is often what is meant.
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      // Tables of functions and dictionaries are plain objects.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      curly: ['error', 'all'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error'
    }
  },
  // JupyterLab's own rules, and what only the shipped code has to keep.
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [
      jupyter.configs.recommended.filter(part => part.files.includes('**/*.ts'))
    ],
    plugins: { jupyter, map },
    rules: {
      'map/downward': ['error', { src: join(root, 'src') }],
      'max-lines': [
        'error',
        { max: 420, skipBlankLines: true, skipComments: true }
      ],
      'no-console': ['error', { allow: ['warn', 'error'] }]
    }
  },
  {
    files: ['src/cli/**/*.ts', 'src/version.ts'],
    rules: { 'no-console': 'off' }
  },
  // Pure code.
  {
    files: [
      'src/{workload,engine,transform,figure,lint,cli}/**/*.{ts,tsx}',
      'src/elasticsearch/**/*.ts',
      // What compiles dashboards; the rest of the folder is their preview.
      'src/dashboard/{compile,content-hash,dashboard-name,dashboard-record,injected-cell,notebook-json,notebook-text,parameters,parameters-text}.ts',
      'src/version.ts'
    ],
    ignores: ['src/figure/**/*widget*.{ts,tsx}'],
    plugins: { map },
    rules: {
      'map/pure': ['error', { globals: pageGlobals }]
    }
  },
  // Workers and those who start and feed them.
  {
    files: [
      'src/engine/**/*.ts',
      'src/elasticsearch/{client,elastic.worker,gateway-transport}.ts',
      'src/lint/{lint-worker-client,lint.worker}.ts'
    ],
    rules: {
      'map/pure': [
        'error',
        { globals: pageGlobals.filter(name => !workerGlobals.has(name)) }
      ]
    }
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // Tests look into JSON and fakes, where every access would need a guard that nothing reads.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    files: ['schema/plugins/*.json'],
    plugins: { jupyter },
    extends: [
      jupyter.configs.recommended.filter(part =>
        part.files.includes('**/schema/*.json')
      )
    ]
  },
  prettier,
  { rules: { curly: ['error', 'all'] } }
);
