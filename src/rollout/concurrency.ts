/** How many stacks run at a time when nobody says. */

/**
 * What one running terraform with its provider takes at most: 1.25 GB were measured alone, 0.9 GB beside others (the
 * binary's pages are shared). Source: rollout-performance, section 8.
 */
const BYTES_PER_STACK = 1.3e9;

/** A stack computes about half of its time and waits for AWS the rest. Source: rollout-performance, section 11. */
const STACKS_PER_CORE = 2;

/** min(stacks, 2 x cores, free memory / 1.3 GB), at least 1. `freeMemoryBytes`: what may be taken without swapping. */
export function defaultConcurrency(machine: { cores: number; freeMemoryBytes: number; stacks: number }): number {
  const byMemory = Math.floor(machine.freeMemoryBytes / BYTES_PER_STACK);
  return Math.max(1, Math.min(machine.stacks, STACKS_PER_CORE * machine.cores, byMemory) || 1);
}
