import { describe, expect, it } from '@jest/globals';
import { createPlainRenderer } from '../../../src/rollout/renderers/plain.ts';
import type { FinalState, RolloutEvent, RunMode, StackResult } from '../../../src/rollout/types.ts';
import { changes, node, result, Sink, START, summary } from '../helpers.ts';

const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const stacks = [
  node('bg-user', [], 'us-east-1'),
  ...['eu-west-1', 'ap-south-1', 'sa-east-1'].map(region => node(`regional-forwarder-${region}`, ['bg-user'], region)),
];
const [user, eu, ap, sa] = stacks.map(({ id }) => id) as [string, string, string, string];

const starts = (stack: string, time: number, attempt = 1): RolloutEvent => ({
  type: 'stack',
  time: at(time),
  stack,
  state: 'running',
  region: 'x',
  attempt,
});
const ends = (stack: string, time: number, state: FinalState, rest: Partial<StackResult> = {}): RolloutEvent => ({
  type: 'stack',
  time: at(time),
  stack,
  state,
  region: 'x',
  attempt: 1,
  result: result(stack, state, rest),
});

function render(events: readonly RolloutEvent[], options: { columns?: number; colour?: boolean; mode?: RunMode } = {}) {
  const { columns, colour = false, mode } = options;
  const stream = new Sink();
  const renderer = createPlainRenderer({ stream, colour, ...(columns === undefined ? {} : { columns }) });
  const start = { type: 'start', time: at(0), command: 'deploy:all', stacks, concurrency: 2 } as const;
  renderer.handle(mode === undefined ? start : { ...start, mode });
  events.forEach(event => renderer.handle(event));
  renderer.close();
  return stream;
}

const story: RolloutEvent[] = [
  starts(user, 0),
  { ...starts(user, 1), progress: { phase: 'apply', done: 3, total: 14 } } as RolloutEvent,
  ends(user, 6, 'succeeded', { durationMs: 6100, changes: changes(14) }),
  starts(eu, 6),
  starts(sa, 6),
  {
    type: 'retry',
    time: at(7),
    stack: sa,
    state: 'running',
    attempt: 2,
    of: 4,
    reason: 'throttling',
    delayMs: 1840,
  },
  starts(sa, 9, 2),
  ends(eu, 9, 'failed', {
    durationMs: 2300,
    error: { code: 'permission', message: 'events:PutRule was denied:\n  User: arn:aws:sts::123456789012:x' },
  }),
  { type: 'interrupt', time: at(10), times: 1 },
  ends(ap, 10, 'cancelled', { attempts: 0 }),
  { type: 'interrupt', time: at(11), times: 2 },
  ends(sa, 12, 'cancelled', {
    durationMs: 6000,
    attempts: 2,
    error: { code: 'interrupted', message: 'terraform was stopped' },
  }),
];

describe('plain lines', () => {
  it('say once when a stack starts, is tried again and ends', () => {
    expect(render(story).lines).toEqual([
      '03:12:00Z deploy:all: 4 stacks, 2 at a time',
      '03:12:00Z bg-user started',
      '03:12:06Z bg-user done in 6.1 s, 14 added (1 of 4)',
      '03:12:06Z regional-forwarder-eu-west-1 started',
      '03:12:06Z regional-forwarder-sa-east-1 started',
      '03:12:07Z regional-forwarder-sa-east-1 retry 2 of 4 in 1.8 s, after throttling',
      '03:12:09Z regional-forwarder-eu-west-1 FAILED after 2.3 s, permission: events:PutRule was denied: User: arn:aws:sts::123456789012:x',
      '03:12:10Z interrupted: nothing new starts, waiting for 1 running; another Ctrl-C may leave locks',
      '03:12:10Z regional-forwarder-ap-south-1 cancelled: not started',
      '03:12:11Z interrupted again: told the running stacks to stop at once',
      '03:12:12Z regional-forwarder-sa-east-1 cancelled after 6.0 s, stopped midway: terraform was stopped',
    ]);
  });

  it.each([80, 40, 20])('are never wider than %p columns', columns => {
    const lines = render(story, { columns }).lines;
    expect(Math.max(...lines.map(line => line.length))).toBe(columns);
    expect(lines).toHaveLength(11);
  });

  it('say why a stack was skipped', () => {
    const error = { code: 'dependency', message: 'depends on bg-user, which failed' };
    expect(render([ends(eu, 1, 'skipped', { attempts: 0, error })]).lines.at(-1)).toBe(
      '03:12:01Z regional-forwarder-eu-west-1 skipped: depends on bg-user, which failed',
    );
  });

  it('cannot be forged by a message', () => {
    const error = { code: 'x', message: 'no\n03:12:09Z bg-user done\u001b[2K\rcovered 17/17 regions' };
    expect(render([ends(eu, 1, 'failed', { error })]).lines).toHaveLength(2);
  });

  it.each([
    ['destroy', 'destroyed in 1.0 s, 9 removed (1 of 4)'],
    ['plan', 'planned in 1.0 s, 9 removed (1 of 4)'],
  ] as const)('of a %s say so', (mode, words) => {
    const lines = render([ends(user, 1, 'succeeded', { changes: changes(0, 0, 9) })], { mode }).lines;
    expect(lines.at(-1)).toBe(`03:12:01Z bg-user ${words}`);
  });

  it('hold no escape sequence without colour, and the same words with it', () => {
    const coloured = render(story, { colour: true }).text;
    expect(coloured).toContain('\u001b[31m');
    // eslint-disable-next-line no-control-regex -- escape sequences are what is taken out
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(render(story).text);
  });

  it('end with the summary for people', () => {
    const done = summary({ stacks: [result(user)] });
    expect(render([{ type: 'summary', time: at(41), summary: done }]).lines).toEqual([
      '03:12:00Z deploy:all: 4 stacks, 2 at a time',
      '',
      '1 of 1 stack done in 41.2 s.',
      'covered 2/2 regions',
    ]);
  });

  it('of a plan end with its table and its resources', () => {
    const planned = { changes: changes(0, 1), phase: 'plan' };
    const details = [{ address: 'aws_cloudwatch_event_rule.sign_in', action: 'update' }];
    const events = [
      { ...ends(eu, 1, 'succeeded', planned), details } as RolloutEvent,
      {
        type: 'summary' as const,
        time: at(41),
        summary: summary({ exitCode: 3, stacks: [result(user), result(eu, 'succeeded', planned)] }),
      },
    ];
    expect(render(events, { mode: 'plan' }).lines.slice(2)).toEqual([
      '',
      '  stack                            add  change  remove',
      '  bg-user                            0       0       0',
      '  regional-forwarder-eu-west-1       0       1       0',
      '  total                              0       1       0',
      '',
      '  regional-forwarder-eu-west-1',
      '    update   aws_cloudwatch_event_rule.sign_in',
      '',
      '2 of 2 stacks planned in 41.2 s. 1 would change.',
      '',
      'Exit code 3.',
    ]);
  });
});
