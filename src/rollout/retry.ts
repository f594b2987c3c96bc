/** When a failed stack is tried again, and how long it waits before. */

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Whether a failure of this class may pass by itself. Must be false for a denied or an invalid request. */
  isTransient(code: string): boolean;
  /** Milliseconds before the next attempt. `attempt` is the one that failed, from 1; `random` gives [0, 1). */
  delayMs(attempt: number, random: () => number): number;
}

export interface BackoffOptions {
  /** The failure classes that are worth another attempt. A list, so that nothing is retried by accident. */
  readonly transient: readonly string[];
  /** @default 4 attempts in all */
  readonly maxAttempts?: number;
  /** The longest wait after the first failure, in milliseconds; doubled after each further one. @default 2000 */
  readonly baseMs?: number;
  /** No wait is longer, in milliseconds. @default 30000 */
  readonly capMs?: number;
}

/**
 * Exponential backoff with full jitter: a random time between 0 and min(cap, base x 2^(attempt - 1)), so that stacks
 * that were throttled together don't come back together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(options: BackoffOptions): RetryPolicy {
  const { transient, maxAttempts = 4, baseMs = 2000, capMs = 30_000 } = options;
  return {
    maxAttempts,
    isTransient: code => transient.includes(code),
    delayMs: (attempt, random) => Math.round(random() * Math.min(capMs, baseMs * 2 ** (attempt - 1))),
  };
}

export const noRetry: RetryPolicy = { maxAttempts: 1, isTransient: () => false, delayMs: () => 0 };
