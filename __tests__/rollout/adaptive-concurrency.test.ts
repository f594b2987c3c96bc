import { describe, expect, it } from '@jest/globals';
import { AdaptiveConcurrency } from '../../src/rollout/adaptive-concurrency.ts';
import type { Progress, StackState } from '../../src/rollout/types.ts';

describe('the number of stacks at a time', () => {
  let clock = 0;
  const adaptive = (base: number, max: number) => new AdaptiveConcurrency({ base, max, now: () => clock });
  const tell = (limit: AdaptiveConcurrency, stack: string, state: StackState, progress?: Progress) =>
    limit.handle({
      type: 'stack',
      time: '',
      stack,
      state,
      region: 'eu-west-1',
      attempt: 1,
      ...(progress === undefined ? {} : { progress }),
    });
  const applying: Progress = { phase: 'apply', done: 1, total: 8 };
  const planning: Progress = { phase: 'apply', done: 0, total: null };

  it('is the base while all of them compute', () => {
    const limit = adaptive(2, 8);
    tell(limit, 'a', 'running', planning);
    clock += 60_000;
    expect(limit.limit()).toBe(2);
  });

  it('rises by one for each that is in the middle of its changes and ended none for three seconds', () => {
    const limit = adaptive(2, 8);
    tell(limit, 'a', 'running', applying);
    tell(limit, 'b', 'running', applying);
    clock += 3_000;
    expect(limit.limit()).toBe(2);
    clock += 1;
    expect(limit.limit()).toBe(4);
  });

  it('falls when one of them is heard of again, and when one ends', () => {
    const limit = adaptive(2, 8);
    tell(limit, 'a', 'running', applying);
    tell(limit, 'b', 'running', applying);
    clock += 5_000;
    tell(limit, 'a', 'running', applying);
    expect(limit.limit()).toBe(3);
    tell(limit, 'b', 'succeeded');
    expect(limit.limit()).toBe(2);
  });

  it('never exceeds what memory allows', () => {
    const limit = adaptive(2, 3);
    for (const stack of ['a', 'b', 'c']) tell(limit, stack, 'running', applying);
    clock += 5_000;
    expect(limit.limit()).toBe(3);
    expect(adaptive(4, 2).limit()).toBe(2);
  });
});
