import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Says why a test was skipped, which the list of tests does not. */
export default class SkipReporter implements Reporter {
  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'skipped') {
      const reasons = test.annotations
        .filter(annotation => annotation.type === 'skip')
        .map(annotation => annotation.description ?? 'no reason is given');
      console.log(`skipped: ${test.title}: ${reasons.join('; ')}`);
    }
  }

  printsToStdio(): boolean {
    return false;
  }
}
