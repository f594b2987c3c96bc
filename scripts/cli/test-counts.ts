export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts from Jest's JSON result. A suite that could not run counts as a failure, and so does a test that was skipped
 * or left to do: nothing may go missing silently. https://jestjs.io/docs/cli#--json
 *
 * @param exitCode Jest's own; when it reports failure without naming one, that is a failure too
 */
export function countsOf(json: string, exitCode: number): Counts {
  const result = JSON.parse(json) as Record<string, number>;
  const count = (name: string): number => result[name] ?? 0;
  const passed = count('numPassedTests');
  const failed =
    count('numFailedTests') + count('numRuntimeErrorTestSuites') + count('numPendingTests') + count('numTodoTests');
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
