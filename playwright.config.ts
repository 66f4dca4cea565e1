import { defineConfig } from '@playwright/test';

import { chromiumOptions } from './scripts/lib/browser.mjs';

/** The tests in a real JupyterLab; `npm test -- browser` prepares all that they need. */
export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results/browser',
  // One JupyterLab serves all tests of a worker, and a browser's workers want the cores.
  workers: 1,
  // A test that passes only now and then is a defect to be found.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [
    ['list'],
    ['./test/browser/skip-reporter.ts'],
    ['json', { outputFile: 'test-results/playwright.json' }]
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: chromiumOptions()
  }
});
