/** Runs a graph of stacks: bounded, fail-soft, cancellable. It knows neither AWS nor terraform. */
import { isoTime } from './clock.ts';
import type { Clock } from './clock.ts';
import { orderGraph } from './graph.ts';
import { noRetry } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { messageOf, NO_CHANGES, runStack } from './run-stack.ts';
import type { StackEnd } from './run-stack.ts';
import type { RolloutEvent, StackNode, StackResult, StackTask } from './types.ts';

export interface RunGraphOptions {
  readonly nodes: readonly StackNode[];
  readonly task: StackTask;
  /**
   * How many stacks run at a time, at least 1. A function is asked again whenever a stack starts, reports or ends, and
   * must not throw. A lower value stops nothing: it keeps new ones from starting.
   */
  readonly concurrency: number | (() => number);
  /**
   * Called once at the start with a function that looks whether more may run, for a limit that changes by itself. What
   * it returns is called at the end. @default - the limit is only asked at events
   */
  readonly watch?: (look: () => void) => () => void;
  /** @default - nothing is tried twice */
  readonly retry?: RetryPolicy;
  /** Aborting it starts nothing more; running stacks are told by their context, and awaited. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** [0, 1), for the jitter. */
  readonly random: () => number;
  /**
   * Is told `stack` and `retry` events, synchronously: a stack starts after its `running` event was taken. If it throws
   * at that moment the stack isn't started; if it throws at any other, the stack counts as failed once it ended,
   * because its record is incomplete.
   */
  readonly onEvent: (event: RolloutEvent) => void;
}

/**
 * Runs every stack after those that it depends on, as many at a time as allowed, in the order given.
 *
 * A stack that fails takes along only those that depend on it (`skipped`). After an abort whatever wasn't started is
 * `cancelled`; a running one is `cancelled` if it says that it was interrupted, and `succeeded` if it finished anyway.
 * A stack that waits for its next attempt keeps its slot: when AWS throttles, more stacks would make it worse.
 *
 * @returns one result per stack, in the order of `nodes`, after all have ended. Failures are results, never rejections
 * @throws UserError for a broken graph, before anything starts
 */
export async function runGraph(options: RunGraphOptions): Promise<StackResult[]> {
  const { nodes, clock, signal } = options;
  const ordered = orderGraph(nodes);
  const waiting = new Set(ordered);
  const results = new Map<string, StackResult>();
  const { promise, resolve, reject } = withResolvers<void>();
  let running = 0;

  const limit = (): number => {
    const { concurrency } = options;
    return Math.max(1, Math.floor(typeof concurrency === 'function' ? concurrency() : concurrency) || 1);
  };

  const settle = (node: StackNode, end: StackEnd, observer: Observer): void => {
    const broken = observer.error();
    const first = broken === null ? end : { result: asFailed(end.result, broken) };
    observer.emit({
      type: 'stack',
      time: isoTime(clock),
      stack: node.id,
      state: first.result.state,
      region: node.region,
      attempt: first.result.attempts,
      ...first,
    });
    const unrecorded = observer.error();
    results.set(node.id, unrecorded === null ? first.result : asFailed(first.result, unrecorded));
  };

  const withoutStart = (node: StackNode, state: 'skipped' | 'cancelled', code: string, message: string): void => {
    if (!waiting.delete(node)) return;
    settle(node, { result: unstarted(node, state, code, message) }, observe(options.onEvent));
  };

  const start = (node: StackNode): void => {
    waiting.delete(node);
    running++;
    const observer = observe(options.onEvent);
    const emit = (event: RolloutEvent): void => {
      observer.emit(event);
      // What a running stack says may have changed how many may run.
      if (event.type === 'stack' && event.progress !== undefined) pump();
    };
    runStack(node, { ...options, retry: options.retry ?? noRetry, emit, observerError: observer.error })
      .then(end => {
        running--;
        settle(node, end, observer);
        pump();
      })
      .catch(reject);
  };

  // `ordered` puts dependants last, so one pass carries a failure through to all of them.
  const pump = (): void => {
    for (const node of ordered) {
      if (!waiting.has(node)) continue;
      const broken = node.dependsOn.map(id => results.get(id)).find(result => result && result.state !== 'succeeded');
      if (broken !== undefined && node.onFailure !== 'run') {
        withoutStart(node, 'skipped', 'dependency', `depends on ${broken.stack}, which ${WAS[broken.state]}`);
      } else if (running < limit() && node.dependsOn.every(id => results.has(id))) {
        start(node);
      }
    }
    if (results.size === nodes.length) resolve();
  };

  const cancelWaiting = (): void => {
    for (const node of waiting) withoutStart(node, 'cancelled', 'interrupted', 'not started: the run was interrupted');
    if (results.size === nodes.length) resolve();
  };

  signal.addEventListener('abort', cancelWaiting, { once: true });
  const unwatch = options.watch?.(pump);
  try {
    if (signal.aborted) cancelWaiting();
    pump();
    await promise;
  } finally {
    signal.removeEventListener('abort', cancelWaiting);
    unwatch?.();
  }
  return nodes.flatMap(node => results.get(node.id) ?? []);
}

const WAS = { succeeded: 'succeeded', failed: 'failed', skipped: 'was skipped', cancelled: 'was cancelled' } as const;

interface Observer {
  emit(event: RolloutEvent): void;
  error(): string | null;
}

function observe(onEvent: (event: RolloutEvent) => void): Observer {
  let error: string | null = null;
  return {
    emit: event => {
      try {
        onEvent(event);
      } catch (thrown) {
        error ??= messageOf(thrown);
      }
    },
    error: () => error,
  };
}

function unstarted(node: StackNode, state: 'skipped' | 'cancelled', code: string, message: string): StackResult {
  const { id: stack, account, region } = node;
  const none = { phase: 'waiting', attempts: 0, durationMs: 0, changes: NO_CHANGES, logFile: null };
  return { stack, account, region, state, ...none, error: { code, message } };
}

/** What a stack's own failure said matters more than that it couldn't be recorded. */
function asFailed(result: StackResult, message: string): StackResult {
  return { ...result, state: 'failed', error: result.error ?? { code: 'unexpected', message } };
}

/** `Promise.withResolvers` comes with Node 22. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
