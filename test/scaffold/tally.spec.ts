import {
  addTallies,
  jestTally,
  junitTally,
  playwrightTally
} from '../../scripts/lib/tally.mjs';

describe('tallies of the runners', () => {
  it('reads Jest', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 2,
      numPendingTests: 3,
      numTodoTests: 4
    };
    expect(jestTally(JSON.stringify(report))).toEqual({
      passed: 5,
      failed: 3,
      skipped: 7
    });
  });

  it('reads JUnit XML', () => {
    const report = `<?xml version="1.0"?><testsuites name="pytest tests">
      <testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1">
      <testcase name="tests=&quot;99&quot;"/></testsuite></testsuites>`;
    expect(junitTally(report)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });

  it('reads Playwright', () => {
    const report = {
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 },
      errors: [{ message: 'a file that does not load' }]
    };
    expect(playwrightTally(JSON.stringify(report))).toEqual({
      passed: 4,
      failed: 3,
      skipped: 2
    });
  });

  it('adds them up', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(
      addTallies([one, one, { passed: 10, failed: 0, skipped: 0 }])
    ).toEqual({ passed: 12, failed: 4, skipped: 6 });
    expect(addTallies([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
