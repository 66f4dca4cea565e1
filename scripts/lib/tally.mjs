// Counts what the runners report in their own formats.

/** Numbers of tests; what is not given is 0. */
export function tally({ passed = 0, failed = 0, skipped = 0 }) {
  return { passed, failed, skipped };
}

/** The sum of tallies. */
export function addTallies(tallies) {
  return tallies.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped
    }),
    tally({})
  );
}

/** Jest's `--json`. A file that does not load counts as one failure. */
export function jestTally(text) {
  const result = JSON.parse(text);
  return tally({
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests
  });
}

/** JUnit XML, as pytest writes it: the attributes of its test suites. */
export function junitTally(text) {
  const suites = [...text.matchAll(/<testsuite\b[^>]*>/g)].map(([tag]) => {
    const count = name =>
      Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
    const failed = count('failures') + count('errors');
    const skipped = count('skipped');
    return tally({
      // A test that passes and then fails to clean up is an error beside it.
      passed: Math.max(0, count('tests') - failed - skipped),
      failed,
      skipped
    });
  });
  return addTallies(suites);
}

/** Playwright's JSON. A test that passes only when it is repeated has failed. */
export function playwrightTally(text) {
  const { stats, errors = [] } = JSON.parse(text);
  return tally({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped
  });
}
