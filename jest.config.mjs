// Everything in node_modules that is an ES module must be transformed for Jest, and which packages
// are changes with every release: so all JavaScript is transformed, by SWC, which is quick and cached.
/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/test/**/*.spec.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  // JupyterLab's own copies of its packages and the built extension carry package.json files of their own.
  modulePathIgnorePatterns: [
    '<rootDir>/lib/',
    '<rootDir>/jupyterlab_workload_explorer/',
    '<rootDir>/\\.venv/',
    '<rootDir>/\\.demo/'
  ],
  moduleNameMapper: {
    '\\.(css|less|svg|raw\\.css)$': '<rootDir>/test/support/text-module.cjs'
  },
  transform: {
    '\\.(m|c)?(t|j)sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } }
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline'
      }
    ]
  },
  transformIgnorePatterns: [
    // Big UMD bundles need no transform.
    '/node_modules/plotly\\.js/dist/'
  ],
  extensionsToTreatAsEsm: [],
  setupFiles: ['<rootDir>/test/support/setup.cjs']
};
