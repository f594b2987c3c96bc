import { isDeepStrictEqual } from 'node:util';
import { benchNotComparable } from '../../src/errors.ts';
import type { Cycle } from './plan.ts';
import type { BenchResults, BenchRun } from './types.ts';

/** Under what an earlier run measured; figures of another are no neighbours. */
type Conditions = Pick<BenchResults, 'machine' | 'versions' | 'deadLetterQueues'>;

/**
 * What stays of an earlier run, and what is still to be measured: a cycle of which a phase failed or is missing is
 * measured again as a whole.
 * @throws UserError bench-not-comparable
 */
export function missingOf(
  cycles: readonly Cycle[],
  before: BenchResults | null,
  now: Conditions,
): { readonly kept: readonly BenchRun[]; readonly cycles: readonly Cycle[] } {
  if (before === null) return { kept: [], cycles };
  const { machine, versions, deadLetterQueues } = before;
  if (!isDeepStrictEqual({ machine, versions, deadLetterQueues }, now)) throw benchNotComparable();
  const same = (cycle: Cycle) => (run: BenchRun) =>
    run.variant === cycle.variant &&
    run.regions === cycle.regions &&
    run.latencyMs === cycle.latencyMs &&
    run.run === cycle.run;
  const missing = cycles.filter(cycle => {
    const runs = before.runs.filter(same(cycle));
    return !cycle.phases.every(phase => runs.some(run => run.phase === phase && run.failure === null));
  });
  return { kept: before.runs.filter(run => !missing.some(cycle => same(cycle)(run))), cycles: missing };
}
