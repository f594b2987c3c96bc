import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { runGraph } from '../../src/rollout/scheduler.ts';
import type { RunGraphOptions } from '../../src/rollout/scheduler.ts';
import { UserError } from '../../src/errors.ts';
import { StackError } from '../../src/rollout/types.ts';
import type { RolloutEvent, StackNode, StackResult } from '../../src/rollout/types.ts';
import { changes, controlledTask, fakeClock, graph, inShort, node, settled } from './helpers.ts';

const denied = new StackError('permission', 'events:PutRule was denied', 'apply', 'a.log', 'ask for it');
const interrupted = new StackError('interrupted', 'terraform was interrupted', 'apply', 'a.log', null, true);

function begin(nodes: readonly StackNode[], rest: Partial<RunGraphOptions> = {}) {
  const control = controlledTask();
  const clock = fakeClock();
  const abort = new AbortController();
  const events: RolloutEvent[] = [];
  const onEvent = (event: RolloutEvent): void => void events.push(event);
  const defaults = {
    nodes,
    task: control.task,
    concurrency: 2,
    signal: abort.signal,
    clock,
    random: () => 0.5,
    onEvent,
  };
  const done = runGraph({ ...defaults, ...rest });
  return { ...control, clock, abort, events, done };
}

const states = (results: readonly StackResult[]): string =>
  results.map(({ stack, state }) => `${stack} ${state}`).join(', ');

/** Ends the stack that runs longest, again and again; those marked with `!` fail. Tells who ran at each step. */
async function play(text: string, concurrency: number) {
  const failing = new Set([...text.matchAll(/(\w+)!/g)].map(match => match[1]));
  const run = begin(graph(text.replaceAll('!', '')), { concurrency });
  const steps: string[] = [];
  for (let names = run.names(); names !== ''; names = run.names()) {
    steps.push(names);
    const [first = ''] = names.split(' ');
    await (failing.has(first) ? run.at(first).fail(denied) : run.at(first).succeed());
  }
  return { steps, states: states(await run.done) };
}

describe('who runs when', () => {
  it.each<[string, number, string[]]>([
    ['A', 1, ['A']],
    ['A -> B, C -> D', 1, ['A', 'B', 'C', 'D']],
    ['A -> B, C -> D', 2, ['A C', 'C B', 'B D', 'D']],
    ['A -> B, C -> D', 3, ['A C', 'C B', 'B D', 'D']],
    ['A, B, C, D', 1, ['A', 'B', 'C', 'D']],
    ['A, B, C, D', 2, ['A B', 'B C', 'C D', 'D']],
    ['A, B, C, D', 3, ['A B C', 'B C D', 'C D', 'D']],
    ['P -> A, P -> B, P -> C', 3, ['P', 'A B C', 'B C', 'C']],
    ['A -> P, B -> P, C -> P', 2, ['A B', 'B C', 'C', 'P']],
    ['A, B', 0, ['A', 'B']],
    ['A, B', Number.NaN, ['A', 'B']],
    ['A, B, C', Infinity, ['A B C', 'B C', 'C']],
  ])('%p, %p at a time: %p', async (text, concurrency, expected) => {
    expect((await play(text, concurrency)).steps).toEqual(expected);
  });
});

describe('a failure', () => {
  it.each([
    ['A! -> B, C -> D', 1, 'A failed, B skipped, C succeeded, D succeeded'],
    ['A! -> B, C -> D', 2, 'A failed, B skipped, C succeeded, D succeeded'],
    ['A! -> B, C -> D', 3, 'A failed, B skipped, C succeeded, D succeeded'],
    ['A -> B! -> C -> D', 1, 'A succeeded, B failed, C skipped, D skipped'],
    ['A! -> C, B -> C', 2, 'A failed, C skipped, B succeeded'],
    ['A!, B!', 1, 'A failed, B failed'],
    ['P -> A, P -> B!, P -> C', 2, 'P succeeded, A succeeded, B failed, C succeeded'],
  ])('in %p, %p at a time: %p', async (text, concurrency, expected) => {
    expect((await play(text, concurrency)).states).toBe(expected);
  });

  it('skips its dependants at once, while others still run', async () => {
    const run = begin(graph('A -> B, C'));
    await run.at('A').fail(denied);
    expect(run.events.map(inShort)).toEqual(['A running', 'C running', 'A failed', 'B skipped']);
    await run.at('C').succeed();
    expect(states(await run.done)).toBe('A failed, B skipped, C succeeded');
  });

  it('is data: class, message, phase, attempts, time, log', async () => {
    const run = begin(graph('A -> B -> C'));
    await run.clock.advance(1234);
    await run.at('A').fail(denied);
    expect(await run.done).toEqual([
      {
        stack: 'A',
        account: '123456789012',
        region: 'eu-west-1',
        state: 'failed',
        phase: 'apply',
        attempts: 1,
        durationMs: 1234,
        changes: changes(),
        logFile: 'a.log',
        error: { code: 'permission', message: 'events:PutRule was denied' },
      },
      expect.objectContaining({
        stack: 'B',
        state: 'skipped',
        phase: 'waiting',
        attempts: 0,
        durationMs: 0,
        error: { code: 'dependency', message: 'depends on A, which failed' },
      }),
      expect.objectContaining({ error: { code: 'dependency', message: 'depends on B, which was skipped' } }),
    ]);
    expect(run.events.find(event => event.type === 'stack' && event.state === 'failed')).toMatchObject({
      next: 'ask for it',
      attempt: 1,
      time: '2026-11-20T03:12:01.234Z',
    });
  });

  it.each([
    ['an Error', new TypeError('x is not a function'), 'x is not a function'],
    ['an Error without words', new RangeError(), 'RangeError'],
    ['a string', 'boom', 'boom'],
    ['an object', { boom: 1 }, '{ boom: 1 }'],
    ['nothing', undefined, 'undefined'],
    ['a bare object', Object.create(null), '[Object: null prototype] {}'],
  ])('that is %s and no StackError is never lost', async (_, thrown, message) => {
    const run = begin(graph('A, B'));
    await run.at('A').fail(thrown);
    await run.at('B').succeed();
    const [first] = await run.done;
    expect(first).toMatchObject({ state: 'failed', phase: 'prepare', error: { code: 'unexpected', message } });
  });

  it('that is an error for people keeps its class, its words and its next step', async () => {
    const run = begin(graph('A'));
    await run
      .at('A')
      .fail(new UserError('provider-changed', 'The provider changed.', 'find out who did it', 'It may not.'));
    const [first] = await run.done;
    const error = { code: 'provider-changed', message: 'The provider changed.\nIt may not.' };
    expect(first).toMatchObject({ state: 'failed', error });
    expect(run.events.at(-1)).toMatchObject({ next: 'find out who did it' });
  });

  it('thrown before the task returned its promise is a failure like any other', async () => {
    const task = (): never => {
      throw new Error('too early');
    };
    expect(await begin(graph('A'), { task }).done).toMatchObject([
      { state: 'failed', error: { message: 'too early' } },
    ]);
  });

  it('lets a stack go on that is marked to run anyway, once all that it depends on has ended', async () => {
    const run = begin([node('A'), node('B'), { ...node('C', ['A', 'B']), onFailure: 'run' }]);
    await run.at('A').fail(denied);
    expect(run.names()).toBe('B');
    await run.at('B').succeed();
    expect(run.names()).toBe('C');
    await run.at('C').succeed();
    expect(states(await run.done)).toBe('A failed, B succeeded, C succeeded');
  });

  it('of the graph itself rejects before anything starts', async () => {
    const run = begin(graph('A, B -> C -> B'));
    await expect(run.done).rejects.toThrow('B -> C -> B');
    expect(run.names()).toBe('');
  });
});

describe('a success', () => {
  it('carries changes, log, phase and time, and tells its details', async () => {
    const run = begin([node('A')]);
    run.at('A').context.report({ phase: 'apply', done: 3, total: 9 });
    await run.clock.advance(2500);
    const details = [{ address: 'aws_sns_topic.alerts', action: 'create' }];
    const adopted = ['aws_iam_role.forwarder'];
    await run.at('A').succeed({ changes: changes(9), logFile: 'a.log', details, adopted });
    expect(await run.done).toMatchObject([
      { state: 'succeeded', phase: 'apply', durationMs: 2500, changes: changes(9), logFile: 'a.log', error: null },
    ]);
    expect(run.events.at(-1)).toMatchObject({ state: 'succeeded', details, adopted });
  });

  it('comes back in the order of the nodes, not of the ends', async () => {
    const run = begin(graph('A, B, C'), { concurrency: 3 });
    for (const id of ['C', 'A', 'B']) await run.at(id).succeed();
    expect(states(await run.done)).toBe('A succeeded, B succeeded, C succeeded');
  });

  it('is final: a later report of its task is not heard', async () => {
    const run = begin(graph('A, B'));
    const { context } = run.at('A');
    await run.at('A').succeed();
    context.report({ phase: 'late', done: 0, total: null });
    await run.at('B').succeed();
    await run.done;
    expect(run.events.map(inShort)).not.toContain('A late');
  });

  it('of no stacks at all is an empty list', async () => {
    expect(await begin([]).done).toEqual([]);
  });
});

describe('an interruption', () => {
  it('starts nothing new and cancels at once what has not started', async () => {
    const run = begin(graph('A, B, C, A -> D'));
    run.abort.abort();
    expect(run.events.map(inShort)).toEqual(['A running', 'B running', 'C cancelled', 'D cancelled']);
    await run.at('A').succeed();
    expect(run.names()).toBe('B');
    await run.at('B').fail(interrupted);
    expect(states(await run.done)).toBe('A succeeded, B cancelled, C cancelled, D cancelled');
  });

  it('waits for running stacks, however long', async () => {
    const run = begin(graph('A'));
    let over = false;
    void run.done.then(() => (over = true));
    run.abort.abort();
    await run.clock.advance(3_600_000);
    expect(over).toBe(false);
    await run.at('A').succeed();
    expect(over).toBe(true);
  });

  it('reaches running stacks by their signal', () => {
    const run = begin(graph('A'));
    expect(run.at('A').context.signal.aborted).toBe(false);
    run.abort.abort();
    expect(run.at('A').context.signal.aborted).toBe(true);
  });

  it.each([
    ['was interrupted', interrupted, 'cancelled', 'interrupted'],
    ['failed by itself', denied, 'failed', 'permission'],
    ['threw a bug', new Error('boom'), 'failed', 'unexpected'],
  ])('ends a running stack that %s truthfully', async (_, error, state, code) => {
    const run = begin(graph('A'));
    run.abort.abort();
    await run.at('A').fail(error);
    expect(await run.done).toMatchObject([{ state, attempts: 1, error: { code } }]);
  });

  it('counts a task that gives the reason of the signal back as cancelled', async () => {
    const run = begin(graph('A'));
    run.abort.abort();
    await run.at('A').fail(run.abort.signal.reason);
    expect(await run.done).toMatchObject([{ state: 'cancelled', error: { code: 'interrupted' } }]);
  });

  it('before the start cancels everything', async () => {
    const run = begin(graph('A -> B'), { signal: AbortSignal.abort() });
    expect(await run.done).toMatchObject([
      { state: 'cancelled', phase: 'waiting', attempts: 0, error: { code: 'interrupted' } },
      { state: 'cancelled', phase: 'waiting', attempts: 0, error: { code: 'interrupted' } },
    ]);
    expect(run.names()).toBe('');
  });

  it('in the very moment of a start still prevents it', async () => {
    const abort = new AbortController();
    const run = begin(graph('A, B'), { signal: abort.signal, onEvent: () => abort.abort() });
    expect(run.names()).toBe('');
    expect(states(await run.done)).toBe('A cancelled, B cancelled');
  });

  it('leaves no listener on the signal', async () => {
    const run = begin(graph('A'));
    expect(getEventListeners(run.abort.signal, 'abort')).toHaveLength(1);
    await run.at('A').succeed();
    await run.done;
    expect(getEventListeners(run.abort.signal, 'abort')).toHaveLength(0);
  });

  it('of a single stack from outside skips its dependants and leaves the others alone', async () => {
    const run = begin(graph('A -> B, C'));
    await run.at('A').fail(interrupted);
    await run.at('C').succeed();
    const results = await run.done;
    expect(states(results)).toBe('A cancelled, B skipped, C succeeded');
    expect(results[1]?.error?.message).toBe('depends on A, which was cancelled');
  });
});

describe('concurrency that changes while running', () => {
  it('is asked again when a stack reports', async () => {
    let limit = 1;
    const run = begin(graph('A, B, C, D'), { concurrency: () => limit });
    expect(run.names()).toBe('A');
    limit = 3;
    expect(run.names()).toBe('A');
    run.at('A').context.report({ phase: 'apply', done: 0, total: null });
    expect(run.names()).toBe('A B C');
    limit = 1;
    await run.at('A').succeed();
    await run.at('B').succeed();
    expect(run.names()).toBe('C');
    await run.at('C').succeed();
    expect(run.names()).toBe('D');
    await run.at('D').succeed();
    expect(states(await run.done)).toBe('A succeeded, B succeeded, C succeeded, D succeeded');
  });
});

describe('an observer that throws', () => {
  const throwsAt = (moment: string) => (event: RolloutEvent) => {
    if (inShort(event) === moment) throw new Error('no space left on device');
  };
  const unrecorded = { code: 'unexpected', message: 'no space left on device' };

  it('at the start keeps that stack from starting, and the others go on', async () => {
    const run = begin(graph('A -> B, C'), { onEvent: throwsAt('A running') });
    await settled();
    expect(run.names()).toBe('C');
    await run.at('C').succeed();
    const results = await run.done;
    expect(states(results)).toBe('A failed, B skipped, C succeeded');
    expect(results[0]).toMatchObject({ attempts: 0, error: unrecorded });
  });

  it.each(['A apply', 'A succeeded'])('at %p does not stop the task, but the stack counts as failed', async moment => {
    const run = begin(graph('A'), { onEvent: throwsAt(moment) });
    run.at('A').context.report({ phase: 'apply', done: 0, total: null });
    expect(run.names()).toBe('A');
    await run.at('A').succeed();
    expect(await run.done).toMatchObject([{ state: 'failed', attempts: 1, error: unrecorded }]);
  });
});
