import { describe, expect, it } from '@jest/globals';
import { countsOf } from '../../scripts/cli/test-counts.ts';

const result = (counts: Record<string, number>) => JSON.stringify(counts);

describe('the counts of a test run', () => {
  it.each([
    ['passes', { numPassedTests: 3, numFailedTests: 0 }, 0, { passed: 3, failed: 0 }],
    ['failures', { numPassedTests: 3, numFailedTests: 2 }, 1, { passed: 3, failed: 2 }],
    ['suites that could not run', { numPassedTests: 3, numRuntimeErrorTestSuites: 1 }, 1, { passed: 3, failed: 1 }],
    [
      'skipped and open tests as failures',
      { numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 },
      0,
      { passed: 3, failed: 2 },
    ],
    ['a failure that Jest does not name', { numPassedTests: 3 }, 1, { passed: 3, failed: 1 }],
  ])('has %s', (_what, counts, exitCode, expected) => {
    expect(countsOf(result(counts), exitCode)).toEqual(expected);
  });
});
