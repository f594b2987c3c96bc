import { describe, expect, it } from '@jest/globals';
import { AdaptiveConcurrency, loadReader } from '../../src/rollout/adaptive-concurrency.ts';

/** The limits after each of these readings, each with as many stacks running as allowed. */
function limits(base: number, max: number, idle: readonly number[]): number[] {
  const readings = [...idle];
  const adaptive = new AdaptiveConcurrency({ base, max, load: () => ({ idle: readings.shift() ?? 0 }) });
  return idle.map(() => {
    adaptive.measure(adaptive.limit());
    return adaptive.limit();
  });
}

describe('the number of stacks at a time', () => {
  it.each([
    ['rises by one while the machine is idle', 4, 8, [0.9, 0.9, 0.9], [5, 6, 7]],
    ['never exceeds what memory allows', 4, 5, [0.9, 0.9, 0.9], [5, 5, 5]],
    ['stays while the machine works', 4, 8, [0.2, 0.3, 0.1], [4, 4, 4]],
    ['falls back to where it began once the machine is full', 4, 8, [0.9, 0.9, 0, 0, 0], [5, 6, 5, 4, 4]],
    ['is bounded by memory from the start', 4, 2, [0.9, 0], [2, 2]],
  ])('%s', (_what, base, max, idle, expected) => {
    expect(limits(base, max, idle)).toEqual(expected);
  });

  it('is not raised while it is not even reached', () => {
    const adaptive = new AdaptiveConcurrency({ base: 4, max: 8, load: () => ({ idle: 1 }) });
    adaptive.measure(3);
    expect(adaptive.limit()).toBe(4);
  });
});

describe('the load of the machine', () => {
  const processor = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });

  it('is the idle share of all processors since the last reading', () => {
    const readings = [
      [processor(100, 900), processor(100, 900)],
      [processor(150, 950), processor(100, 1000)],
      [processor(150, 950), processor(100, 1000)],
    ];
    const read = loadReader(() => readings.shift() ?? []);
    expect(read()).toEqual({ idle: 0.75 });
    expect(read()).toEqual({ idle: 0 });
  });
});
