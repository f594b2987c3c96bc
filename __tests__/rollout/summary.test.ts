import { describe, expect, it } from '@jest/globals';
import { buildSummary, coveredRegions, exitCode } from '../../src/rollout/summary.ts';
import type { FinalState, StackNode } from '../../src/rollout/types.ts';
import { changes, node, result } from './helpers.ts';

const wanted = [
  node('bg-user', [], 'us-east-1'),
  node('forwarder-eu', ['bg-user'], 'eu-west-1'),
  node('forwarder-ap', ['bg-user'], 'ap-south-1'),
  node('role', ['bg-user'], 'global'),
];
const enabledRegions = ['ap-south-1', 'eu-west-1', 'us-east-1'];
const coverageOf = ({ region }: StackNode): string | null => (region === 'global' ? null : region);
const all = (...states: FinalState[]) => wanted.map(({ id }, at) => result(id, states[at] ?? 'succeeded'));
const changed = result('role', 'succeeded', { changes: changes(0, 1) });

describe('the exit code', () => {
  it.each([
    ['everything succeeded', all(), {}, 0],
    ['one failed', all('succeeded', 'failed'), {}, 1],
    ['one was skipped', all('succeeded', 'skipped'), {}, 1],
    ['one was cancelled without an interruption', all('cancelled'), {}, 1],
    ['one was never attempted', all().slice(1), {}, 1],
    ['one was done by the run that this one resumes', all().slice(1), { alreadyDone: ['bg-user'] }, 0],
    ['one was done before and failed now', all('failed'), { alreadyDone: ['bg-user'] }, 1],
    ['nobody asked for the one that failed', [...all(), result('left-over', 'failed')], {}, 1],
    ['interrupted', all('succeeded', 'cancelled'), { interrupted: true }, 130],
    ['interrupted with a failure', all('failed'), { interrupted: true }, 130],
    ['interrupted, yet all finished', all(), { interrupted: true }, 130],
    ['a plan without changes', all(), { mode: 'plan' as const }, 0],
    ['a plan with changes', [...all().slice(0, 3), changed], { mode: 'plan' as const }, 3],
    ['a plan with changes and a failure', [...all('failed').slice(0, 3), changed], { mode: 'plan' as const }, 1],
    ['changes that were made', [...all().slice(0, 3), changed], {}, 0],
  ])('when %s is right', (_, results, rest, expected) => {
    expect(exitCode({ wanted, results, interrupted: false, ...rest })).toBe(expected);
  });
});

describe('covered regions', () => {
  const covered = (results = all(), rest = {}) =>
    coveredRegions({ wanted, results, enabledRegions, coverageOf, ...rest });

  it('are those whose stacks succeeded, in the order of the enabled ones', () => {
    expect(covered()).toEqual(['ap-south-1', 'eu-west-1', 'us-east-1']);
  });

  it.each(['failed', 'skipped', 'cancelled'] as const)('leave out one whose stack is %s', state => {
    expect(covered(all('succeeded', state))).toEqual(['ap-south-1', 'us-east-1']);
  });

  it('leave out one whose stack has no result', () => {
    expect(covered(all().slice(0, 2))).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('do not suffer from a stack that covers nothing', () => {
    expect(covered(all('succeeded', 'succeeded', 'succeeded', 'failed'))).toHaveLength(3);
  });

  it('need every stack of the region', () => {
    const second = node('forwarder-eu-2', [], 'eu-west-1');
    const results = [...all(), result('forwarder-eu-2', 'failed')];
    expect(covered(results, { wanted: [...wanted, second] })).toEqual(['ap-south-1', 'us-east-1']);
    expect(covered(results, { wanted: [second, ...wanted] })).toEqual(['ap-south-1', 'us-east-1']);
  });

  it('count what the resumed run had finished', () => {
    expect(covered(all().slice(1, 2), { alreadyDone: ['bg-user', 'forwarder-ap'] })).toHaveLength(3);
  });

  it('believe what happened now more than what the resumed run had finished', () => {
    expect(covered(all('succeeded', 'failed'), { alreadyDone: ['forwarder-eu'] })).toEqual(['ap-south-1', 'us-east-1']);
  });

  it('are enabled regions only', () => {
    expect(covered(all(), { enabledRegions: ['us-east-1'] })).toEqual(['us-east-1']);
  });

  it('are none after a destruction', () => {
    expect(covered(all(), { mode: 'destroy' })).toEqual([]);
  });

  it('in a plan are those that need no change', () => {
    const results = [...all().slice(0, 2), result('forwarder-ap', 'succeeded', { changes: changes(1) })];
    expect(covered(results, { mode: 'plan' })).toEqual(['eu-west-1', 'us-east-1']);
  });
});

describe('the summary', () => {
  it('is the object of the contract', () => {
    const run = {
      command: 'deploy:all',
      startedAt: '2026-11-20T03:12:00.000Z',
      finishedAt: '2026-11-20T03:12:41.200Z',
      account: '123456789012',
      partition: 'aws',
      primaryRegion: 'us-east-1',
    };
    const results = all('succeeded', 'failed');
    const built = buildSummary({ ...run, enabledRegions, wanted, results, interrupted: false, coverageOf });
    expect(built).toEqual({
      schemaVersion: 1,
      ...run,
      exitCode: 1,
      enabledRegions,
      coveredRegions: ['ap-south-1', 'us-east-1'],
      stacks: results,
    });
    expect(Object.keys(built.stacks[0] ?? {})).toEqual(
      'stack account region state phase attempts durationMs changes logFile error'.split(' '),
    );
  });
});
