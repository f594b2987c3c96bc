import { describe, expect, it } from '@jest/globals';
import { createLiveRenderer } from '../../../src/rollout/renderers/live.ts';
import type { FinalState, RolloutEvent, StackNode, StackResult } from '../../../src/rollout/types.ts';
import { changes, node, result, Sink, START, summary } from '../helpers.ts';

const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const REGIONS = 'eu-west-1 sa-east-1 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-north-1'.split(' ');
const stacks = [
  node('bg-user', [], 'us-east-1'),
  ...REGIONS.map(region => node(`regional-forwarder-${region}`, ['bg-user'], region)),
  node('bg-role', [], 'global'),
];
const [user, eu, sa, ap] = stacks.map(({ id }) => id) as [string, string, string, string];

const RUNNING_EU = '  regional-forwarder-eu-west-1       applying   5/9                 2.3 s';
const RETRYING_SA = '  regional-forwarder-sa-east-1       retry 2/4 after throttling, in 1.8 s';

interface Setting {
  columns?: number;
  rows?: number;
  colour?: boolean;
  nodes?: readonly StackNode[];
}

function begin({ columns = 80, rows = 24, colour = false, nodes = stacks }: Setting = {}) {
  const stream = new Sink(columns, rows);
  let now = START;
  let tick: (() => void) | null = null;
  const every = (ms: number, callback: () => void) => {
    tick = ms === 200 ? callback : null;
    return () => (tick = null);
  };
  const renderer = createLiveRenderer({ stream, colour, now: () => now, every });
  const handle = (event: RolloutEvent): void => {
    now = Date.parse(event.time);
    renderer.handle(event);
  };
  handle({ type: 'start', time: at(0), command: 'deploy:all', stacks: nodes, concurrency: 3 });
  return {
    stream,
    renderer,
    handle,
    starts: (stack: string, time: number, done = 0, total: number | null = null, attempt = 1) => {
      const progress = done > 0 || total !== null ? { progress: { phase: 'apply', done, total } } : {};
      handle({ type: 'stack', time: at(time), stack, state: 'running', region: 'x', attempt, ...progress });
    },
    ends: (stack: string, time: number, state: FinalState, rest: Partial<StackResult> = {}) =>
      handle({
        type: 'stack',
        time: at(time),
        stack,
        state,
        region: 'x',
        attempt: 1,
        result: result(stack, state, rest),
      }),
    /** Lets the timer of the table fire, `seconds` after the start. */
    tick: (seconds: number) => {
      now = START + seconds * 1000;
      tick?.();
    },
    ticking: () => tick !== null,
  };
}

function middle(setting?: Setting) {
  const live = begin(setting);
  live.starts(user, 0);
  live.ends(user, 6.1, 'succeeded', { durationMs: 6100, changes: changes(14) });
  live.starts('bg-role', 6.1);
  live.ends('bg-role', 8, 'succeeded', { durationMs: 1900 });
  live.starts(eu, 8);
  live.starts(sa, 8);
  live.starts(eu, 10, 5, 9);
  const retry = { attempt: 2, of: 4, reason: 'throttling', delayMs: 1800 };
  live.handle({ type: 'retry', time: at(10.3), stack: sa, state: 'running', ...retry });
  return live;
}

describe('the live table', () => {
  it('shows what ended, what runs, what waits, and the totals', () => {
    expect(middle().stream.screen).toEqual([
      '  bg-user (us-east-1)                done       14 added            6.1 s',
      '  bg-role                            done       no changes          1.9 s',
      RUNNING_EU,
      RETRYING_SA,
      '  regional-forwarder-ap-south-1      waiting',
      '  regional-forwarder-ap-southeast-1  waiting',
      '  regional-forwarder-ap-southeast-2  waiting',
      '  … 2 more waiting',
      '  2 of 9 done · 0 failed · 00:10 · about 00:10 left         Ctrl-C stops cleanly',
    ]);
  });

  it('moves its clocks when nothing happens', () => {
    const live = middle();
    live.tick(11.1);
    expect(live.stream.screen[2]).toBe('  regional-forwarder-eu-west-1       applying   5/9                 3.1 s');
    expect(live.stream.screen[3]).toBe('  regional-forwarder-sa-east-1       retry 2/4 after throttling, in 1.0 s');
    live.tick(14);
    expect(live.stream.screen[3]).toBe('  regional-forwarder-sa-east-1       retry 2/4 after throttling, now');
    expect(live.stream.screen).toHaveLength(9);
  });

  it('guesses no time before two have succeeded', () => {
    const live = begin();
    live.starts(user, 0);
    live.ends(user, 5, 'failed', { durationMs: 5000 });
    live.starts(eu, 5);
    live.ends(eu, 9, 'succeeded');
    expect(live.stream.screen.at(-1)).toBe(
      '  1 of 9 done · 1 failed · 00:09                            Ctrl-C stops cleanly',
    );
  });

  it('keeps each end where it was printed', () => {
    const live = begin({ nodes: stacks.slice(0, 5) });
    live.starts(user, 0);
    live.ends(user, 1, 'failed', { error: { code: 'credentials', message: 'expired' } });
    const error = { code: 'dependency', message: 'depends on bg-user, which failed' };
    live.ends(eu, 1, 'skipped', { attempts: 0, error });
    live.ends(ap, 1, 'cancelled', { attempts: 0 });
    live.starts(sa, 1);
    live.ends(sa, 3, 'cancelled', { durationMs: 2000 });
    expect(live.stream.screen).toEqual([
      '  bg-user (us-east-1)                FAILED     credentials         1.0 s',
      '  regional-forwarder-eu-west-1       skipped    depends on bg-user, which failed',
      '  regional-forwarder-ap-south-1      cancelled  not started',
      '  regional-forwarder-sa-east-1       cancelled  stopped midway      2.0 s',
      '  regional-forwarder-ap-southeast-1  waiting',
      '  0 of 5 done · 1 failed · 1 skipped · 00:03                Ctrl-C stops cleanly',
    ]);
  });

  it('says what an interruption means, and what a second one did', () => {
    const live = middle();
    live.handle({ type: 'interrupt', time: at(11), times: 1 });
    expect(live.stream.screen.slice(-2)).toEqual([
      '  2 of 9 done · 0 failed · 00:11 · about 00:10 left',
      '  Stopping: nothing new starts, 2 still running. Ctrl-C again may leave locks.',
    ]);
    live.handle({ type: 'interrupt', time: at(12), times: 2 });
    expect(live.stream.screen.at(-1)).toBe('  Interrupted again: told the 2 still running to stop at once.');
  });

  it.each([
    [5, [RUNNING_EU, RETRYING_SA, '  … 5 waiting']],
    [4, [RUNNING_EU, RETRYING_SA]],
    [3, ['  … 2 running']],
    [2, []],
  ])('on a terminal of %p lines shows what runs and folds the rest', (rows, expected) => {
    const live = middle({ rows });
    live.tick(10.3);
    const { screen } = live.stream;
    expect(screen.slice(2, -1)).toEqual(expected);
    expect(screen.at(-1)).toMatch(/^ {2}2 of 9 done/);
  });

  it.each([100, 80, 60, 40, 20])('has no line wider than %p columns', columns => {
    const long = node('regional-forwarder-111122223333-ap-southeast-1', [], 'ap-southeast-1');
    const live = middle({ columns, nodes: [...stacks, long] });
    live.handle({ type: 'interrupt', time: at(11), times: 1 });
    expect(live.stream.screen.filter(line => line.length > columns)).toEqual([]);
    expect(live.stream.screen).toHaveLength(10);
  });

  it('at 80 columns keeps account and region of a long name apart', () => {
    const long = node('regional-forwarder-111122223333-ap-southeast-1', [], 'ap-southeast-1');
    const live = begin({ nodes: [long] });
    live.starts(long.id, 0, 5, 9);
    expect(live.stream.screen[0]).toBe(
      '  regional-…er-111122223333-ap-southeast-1  applying   5/9                 0.0 s',
    );
  });

  it('ends with the summary, the table gone and its timer stopped', () => {
    const live = begin({ nodes: stacks.slice(0, 1) });
    live.starts(user, 0);
    live.ends(user, 6.1, 'succeeded', { durationMs: 6100, changes: changes(14) });
    live.handle({ type: 'summary', time: at(7), summary: summary({ stacks: [result(user)] }) });
    expect(live.stream.screen).toEqual([
      '  bg-user (us-east-1)  done       14 added            6.1 s',
      '',
      '1 of 1 stack done in 41.2 s.',
      'covered 2/2 regions',
    ]);
    expect(live.ticking()).toBe(false);
  });

  it('leaves the table as it is when closed early, and draws no more', () => {
    const live = middle();
    const { screen } = live.stream;
    live.renderer.close();
    live.renderer.close();
    live.tick(20);
    live.starts(ap, 20);
    expect(live.stream.screen).toEqual(screen);
    expect(live.ticking()).toBe(false);
  });

  it('says with colour what it says without, and hides no cursor', () => {
    const { text } = middle({ colour: true }).stream;
    expect(text).toContain('\u001b[32mdone');
    expect(text).not.toContain('\u001b[?25l');
    expect(middle({ colour: true }).stream.screen).toEqual(middle().stream.screen);
  });
});
