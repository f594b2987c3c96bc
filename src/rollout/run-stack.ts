/** One stack from its start to its final state: attempts, waits between them, and every way in which they end. */
import { inspect, types } from 'node:util';
import { UserError } from '../errors.ts';
import { isoTime } from './clock.ts';
import type { Clock } from './clock.ts';
import type { RetryPolicy } from './retry.ts';
import { StackError } from './types.ts';
import type { Changes, ResourceChange, RolloutEvent, StackNode, StackResult, StackTask } from './types.ts';

export const NO_CHANGES: Changes = { add: 0, change: 0, remove: 0 };

export interface StackRun {
  readonly task: StackTask;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: (event: RolloutEvent) => void;
  /** Tells an error of the observer, once there was one: a stack whose start isn't on record isn't started. */
  readonly observerError: () => string | null;
}

export interface StackEnd {
  readonly result: StackResult;
  readonly next?: string | null;
  readonly details?: readonly ResourceChange[];
  readonly adopted?: readonly string[];
  readonly perhapsLeft?: readonly string[];
}

/** Runs one stack to its end. Never rejects: whatever the task throws becomes a result. */
export async function runStack(node: StackNode, run: StackRun): Promise<StackEnd> {
  const begun = run.clock.now();
  let phase = 'prepare';
  const end = (rest: Pick<StackResult, 'state' | 'attempts' | 'changes' | 'logFile' | 'error'>): StackResult => ({
    stack: node.id,
    account: node.account,
    region: node.region,
    phase,
    durationMs: Math.round(run.clock.now() - begun),
    ...rest,
  });

  for (let attempt = 1; ; attempt++) {
    run.emit(stackEvent(node, run, attempt, {}));
    const unrecorded = run.observerError();
    if (unrecorded !== null) {
      const error = { code: 'unexpected', message: unrecorded };
      return { result: end({ state: 'failed', attempts: attempt - 1, changes: NO_CHANGES, logFile: null, error }) };
    }

    if (run.signal.aborted) {
      const error = { code: 'interrupted', message: 'not started: the run was interrupted' };
      return { result: end({ state: 'cancelled', attempts: attempt - 1, changes: NO_CHANGES, logFile: null, error }) };
    }

    let failure: StackError;
    let live = true;
    try {
      const outcome = await run.task(node, {
        attempt,
        signal: run.signal,
        report: progress => {
          // A late word of a task that has ended would wake its line up again.
          if (!live) return;
          phase = progress.phase;
          run.emit(stackEvent(node, run, attempt, { progress }));
        },
      });
      const { changes, logFile, details, adopted, perhapsLeft } = outcome;
      const result = end({ state: 'succeeded', attempts: attempt, changes, logFile, error: null });
      return { result, ...(details && { details }), ...(adopted && { adopted }), ...(perhapsLeft && { perhapsLeft }) };
    } catch (thrown) {
      failure = asStackError(thrown, phase, run.signal);
    } finally {
      live = false;
    }

    phase = failure.phase;
    const { code, message, logFile, next } = failure;
    const failed = (state: 'failed' | 'cancelled'): StackEnd => ({
      result: end({ state, attempts: attempt, changes: NO_CHANGES, logFile, error: { code, message } }),
      next,
    });
    if (failure.interrupted) return failed('cancelled');
    if (attempt >= run.retry.maxAttempts || !run.retry.isTransient(code)) return failed('failed');
    // It would have been tried again: the interruption ended it, not the failure.
    if (run.signal.aborted) return failed('cancelled');

    const delayMs = run.retry.delayMs(attempt, run.random);
    run.emit({
      type: 'retry',
      time: isoTime(run.clock),
      stack: node.id,
      state: 'running',
      attempt: attempt + 1,
      of: run.retry.maxAttempts,
      reason: code,
      delayMs,
    });
    await run.clock.sleep(delayMs, run.signal);
    if (run.signal.aborted) return failed('cancelled');
  }
}

function stackEvent(
  node: StackNode,
  run: StackRun,
  attempt: number,
  rest: Partial<Extract<RolloutEvent, { type: 'stack' }>>,
): RolloutEvent {
  const time = isoTime(run.clock);
  return { type: 'stack', time, stack: node.id, state: 'running', region: node.region, attempt, ...rest };
}

function asStackError(thrown: unknown, phase: string, signal: AbortSignal): StackError {
  if (thrown instanceof StackError) return thrown;
  // What stops every stack alike, for example a provider package that was changed during the run.
  if (thrown instanceof UserError) {
    const { code, what, why, fix } = thrown;
    return new StackError(code, [what, why].filter(Boolean).join('\n'), phase, null, fix || null);
  }
  // `signal.throwIfAborted()` and its kin throw the signal's own reason.
  const interrupted = signal.aborted && thrown === signal.reason;
  return new StackError(interrupted ? 'interrupted' : 'unexpected', messageOf(thrown), phase, null, null, interrupted);
}

/** The words of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (types.isNativeError(thrown)) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
