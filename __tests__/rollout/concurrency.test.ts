import { describe, expect, it } from '@jest/globals';
import { defaultConcurrency } from '../../src/rollout/concurrency.ts';

const GB = 1e9;

describe('the default concurrency', () => {
  it.each([
    ['cores', 2, 24 * GB, 18, 4],
    ['cores', 8, 24 * GB, 18, 16],
    ['stacks', 64, 256 * GB, 18, 18],
    ['stacks', 2, 24 * GB, 1, 1],
    ['memory', 8, 4 * GB, 18, 3],
    ['memory, exactly full', 8, 5.2 * GB, 18, 4],
    ['the floor of one, with too little memory', 8, 1 * GB, 18, 1],
    ['the floor of one, with no stacks', 8, 24 * GB, 0, 1],
    ['the floor of one, when the machine says nothing', Number.NaN, 24 * GB, 18, 1],
  ])('is bounded by %s', (_, cores, freeMemoryBytes, stacks, expected) => {
    expect(defaultConcurrency({ cores, freeMemoryBytes, stacks })).toBe(expected);
  });
});
