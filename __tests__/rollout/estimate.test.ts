import { describe, expect, it } from '@jest/globals';
import { estimateLeftMs } from '../../src/rollout/estimate.ts';

describe('the estimate of the time left', () => {
  it.each<[string, number[], number[], number, number, number | null]>([
    ['says nothing before two have succeeded', [10], [5], 3, 2, null],
    ['says nothing before anything has', [], [], 3, 2, null],
    ['is what the running ones lack', [10, 10], [4, 7], 0, 2, 6],
    ['lets waiting ones take the next free slot', [10, 10], [4, 7], 2, 2, 16],
    ['uses the mean', [5, 15], [0], 1, 1, 20],
    ['grants a late one a quarter more', [8, 8], [100], 0, 1, 2],
    ['counts slots that are free now', [10, 10], [], 3, 2, 20],
    ['is zero when nothing is left', [10, 10], [], 0, 2, 0],
    ['is zero without slots and without work', [10, 10], [], 0, 0, 0],
  ])('%s', (_, doneMs, runningMs, waiting, slots, expected) => {
    expect(estimateLeftMs({ doneMs, runningMs, waiting, slots })).toBe(expected);
  });
});
