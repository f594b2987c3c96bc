import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/rollout/clock.ts';
import { backoff, noRetry } from '../../src/rollout/retry.ts';
import { runGraph } from '../../src/rollout/scheduler.ts';
import { StackError } from '../../src/rollout/types.ts';
import type { RolloutEvent } from '../../src/rollout/types.ts';
import { controlledTask, fakeClock, graph, inShort } from './helpers.ts';

const throttled = new StackError('throttling', 'Rate exceeded', 'apply', 'a.log');
const denied = new StackError('permission', 'denied', 'apply', 'a.log');
const policy = backoff({ transient: ['throttling'], maxAttempts: 3, baseMs: 1000, capMs: 10_000 });

function begin(text: string, retry = policy) {
  const control = controlledTask();
  const clock = fakeClock();
  const abort = new AbortController();
  const events: RolloutEvent[] = [];
  const onEvent = (event: RolloutEvent): void => void events.push(event);
  const options = { concurrency: 1, signal: abort.signal, clock, random: () => 0.5, onEvent };
  const done = runGraph({ nodes: graph(text), task: control.task, retry, ...options });
  return { ...control, clock, abort, events, done };
}

describe('backoff', () => {
  it.each([
    [1, 0, 0],
    [1, 0.5, 500],
    [1, 0.9999, 1000],
    [2, 0.5, 1000],
    [3, 0.5, 2000],
    [4, 0.5, 4000],
    [5, 0.5, 5000],
    [50, 0.5, 5000],
    [5000, 0.5, 5000],
  ])('after attempt %p with random %p waits %p ms', (attempt, random, expected) => {
    expect(policy.delayMs(attempt, () => random)).toBe(expected);
  });

  it('retries only what is on the list', () => {
    expect(['throttling', 'permission', 'unexpected', ''].filter(policy.isTransient)).toEqual(['throttling']);
  });

  it('without options allows four attempts and at most 2 s, then 4 s, then 8 s', () => {
    const standard = backoff({ transient: [] });
    expect(standard.maxAttempts).toBe(4);
    expect([1, 2, 3].map(attempt => standard.delayMs(attempt, () => 1))).toEqual([2000, 4000, 8000]);
  });
});

describe('a transient failure', () => {
  it('is tried again after its delay, shown, and counted', async () => {
    const run = begin('A');
    await run.at('A').fail(throttled);
    expect(run.events.at(-1)).toEqual({
      type: 'retry',
      time: '2026-11-20T03:12:00.000Z',
      stack: 'A',
      state: 'running',
      attempt: 2,
      of: 3,
      reason: 'throttling',
      delayMs: 500,
    });
    await run.clock.advance(499);
    expect(run.names()).toBe('');
    await run.clock.advance(1);
    expect(run.at('A').context.attempt).toBe(2);
    await run.at('A').succeed();
    expect(await run.done).toMatchObject([{ state: 'succeeded', attempts: 2, durationMs: 500, error: null }]);
    expect(run.events.map(inShort)).toEqual(['A running', 'A retry 2/3', 'A running', 'A succeeded']);
  });

  it('fails when the attempts are used up, with the last error', async () => {
    const run = begin('A');
    for (const delay of [500, 1000]) {
      await run.at('A').fail(throttled);
      await run.clock.advance(delay);
    }
    await run.at('A').fail(throttled);
    expect(await run.done).toMatchObject([
      { state: 'failed', attempts: 3, error: { code: 'throttling', message: 'Rate exceeded' }, logFile: 'a.log' },
    ]);
    expect(run.clock.sleeping()).toBe(0);
  });

  it('keeps its slot while it waits', async () => {
    const run = begin('A, B');
    await run.at('A').fail(throttled);
    expect(run.names()).toBe('');
    await run.clock.advance(500);
    expect(run.names()).toBe('A');
    await run.at('A').succeed();
    await run.at('B').succeed();
    await run.done;
  });

  it('ends at once, cancelled, when the run is interrupted during the wait', async () => {
    const run = begin('A, B');
    await run.at('A').fail(throttled);
    run.abort.abort();
    expect(await run.done).toMatchObject([
      { state: 'cancelled', attempts: 1, error: { code: 'throttling' }, logFile: 'a.log' },
      { state: 'cancelled', attempts: 0 },
    ]);
  });

  it('is not tried again after an interruption', async () => {
    const run = begin('A');
    run.abort.abort();
    await run.at('A').fail(throttled);
    expect(await run.done).toMatchObject([{ state: 'cancelled', attempts: 1 }]);
    expect(run.events.map(inShort)).toEqual(['A running', 'A cancelled']);
  });
});

describe('any other failure', () => {
  it.each([
    ['denied', denied],
    ['a bug', new Error('boom')],
    ['interrupted', new StackError('throttling', 'stopped', 'apply', null, null, true)],
  ])('that is %s is never tried again', async (_, error) => {
    const run = begin('A');
    await run.at('A').fail(error);
    expect(await run.done).toMatchObject([{ attempts: 1 }]);
  });

  it('without a policy is never tried again either', async () => {
    const run = begin('A', noRetry);
    await run.at('A').fail(throttled);
    expect(await run.done).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });
});

describe('the clock of the system', () => {
  it('wakes a sleeper at once when the signal is aborted', async () => {
    const abort = new AbortController();
    const asleep = systemClock.sleep(3_600_000, abort.signal);
    abort.abort();
    await expect(asleep).resolves.toBeUndefined();
    await expect(systemClock.sleep(3_600_000, abort.signal)).resolves.toBeUndefined();
  });

  it('tells the time of day', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  });
});
