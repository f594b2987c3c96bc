import { describe, expect, it } from '@jest/globals';
import { missingOf } from '../../scripts/bench/earlier.ts';
import type { Cycle } from '../../scripts/bench/plan.ts';
import { benchResults, benchRun as run } from './results.ts';

const before = benchResults();
const { machine, versions, deadLetterQueues } = before;
const now = { machine, versions, deadLetterQueues };
const cycle = (more: Partial<Cycle>): Cycle => ({
  variant: 'ours',
  regions: 16,
  latencyMs: 0,
  phases: ['deploy'],
  run: 1,
  ...more,
});

describe('what is measured beside an earlier run', () => {
  it('is everything without one', () => {
    expect(missingOf([cycle({})], null, now)).toEqual({ kept: [], cycles: [cycle({})] });
  });

  it('is what failed, with the phases that had succeeded, and what is missing', () => {
    const both = (variant: 'ours' | 'loop') => cycle({ variant, phases: ['deploy', 'destroy'] });
    const done = [run({}), run({ phase: 'destroy' })];
    const half = [run({ variant: 'loop' }), run({ variant: 'loop', phase: 'destroy', failure: 'ended with 1' })];
    const other = run({ regions: 4 });
    const plan = [both('ours'), both('loop'), cycle({ regions: 32 })];
    expect(missingOf(plan, { ...before, runs: [...done, ...half, other] }, now)).toEqual({
      kept: [...done, other],
      cycles: [both('loop'), cycle({ regions: 32 })],
    });
  });

  it.each([
    ['machine', { machine: { ...machine, cores: 64 } }],
    ['versions', { versions: { ...versions, terraform: '1.99.0' } }],
    ['resources', { deadLetterQueues: !deadLetterQueues }],
  ])('is refused for another run’s %s', (_name, other) => {
    expect(() => missingOf([cycle({})], before, { ...now, ...other })).toThrow('results.json was measured on another');
  });
});
