/** An honest guess of the time left. */

export interface EstimateInput {
  /** Durations of the stacks that succeeded, in milliseconds. Failures end early and would flatter the guess. */
  readonly doneMs: readonly number[];
  /** How long each running stack has been running, in milliseconds. */
  readonly runningMs: readonly number[];
  /** Stacks that haven't started. */
  readonly waiting: number;
  /** How many run at a time. */
  readonly slots: number;
}

/** Two are the fewest that say anything about how much stacks differ. */
const FEWEST_DONE = 2;

/** A stack slower than the mean is given this share of it again: "0 s left" would be a lie. */
const LATE_SHARE = 0.25;

/**
 * Plays the rest of the run with the mean duration: running stacks end when their share is up, waiting ones take the
 * next free slot. Dependencies don't count: what the others wait for runs first.
 * @returns milliseconds, or null while fewer than two stacks have succeeded
 */
export function estimateLeftMs({ doneMs, runningMs, waiting, slots }: EstimateInput): number | null {
  if (doneMs.length < FEWEST_DONE) return null;
  const mean = doneMs.reduce((sum, ms) => sum + ms, 0) / doneMs.length;
  const free = runningMs.map(ms => Math.max(mean - ms, mean * LATE_SHARE));
  while (free.length < slots) free.push(0);
  for (let left = waiting; left > 0; left--) {
    const next = free.indexOf(Math.min(...free));
    free[next] = (free[next] ?? 0) + mean;
  }
  return free.length === 0 ? 0 : Math.max(...free);
}
