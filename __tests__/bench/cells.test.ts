import { describe, expect, it } from '@jest/globals';
import { cellOf, median, scenariosOf, sizesOf } from '../../scripts/bench/cells.ts';
import { benchRun } from './results.ts';

describe('the median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[10, 1, 2, 3], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is an error, never 0', () => {
    expect(() => median([])).toThrow('no median of nothing');
  });
});

describe('a cell of the table', () => {
  it('is the median of the runs under the same condition', () => {
    const runs = [
      benchRun({ wallSeconds: 10, cpuSeconds: 17 }),
      benchRun({ wallSeconds: 30, cpuSeconds: 51, run: 2 }),
      benchRun({ wallSeconds: 11, cpuSeconds: 34, run: 3 }),
      benchRun({ wallSeconds: 99, latencyMs: 100 }),
      benchRun({ wallSeconds: 99, phase: 'destroy' }),
      benchRun({ wallSeconds: 99, regions: 4 }),
      benchRun({ wallSeconds: 99, variant: 'loop' }),
    ];
    expect(cellOf(runs, 'ours', 16, 'deploy')).toMatchObject({ runs: 3, wallSeconds: 11, cpuSeconds: 34 });
  });

  it('counts the primary region as a region', () => {
    expect(cellOf([benchRun({ cpuSeconds: 34 })], 'ours', 16, 'deploy')?.cpuPerRegion).toBe(2);
  });

  it('is empty when nothing was measured, and when one of several runs failed', () => {
    expect(cellOf([], 'ours', 16, 'deploy')).toBeNull();
    expect(cellOf([benchRun(), benchRun({ run: 2, failure: 'ended with 1' })], 'ours', 16, 'deploy')).toBeNull();
  });
});

describe('what the report shows', () => {
  it('is one table for each condition that was measured, and the sizes ascending', () => {
    const runs = [benchRun({ phase: 'destroy' }), benchRun({ latencyMs: 100, regions: 4 }), benchRun({ regions: 1 })];
    expect(scenariosOf(runs).map(({ title }) => title)).toEqual([
      'Fresh deployment',
      'Fresh deployment, 100 ms added to each call',
      'Destroy',
    ]);
    expect(sizesOf(runs)).toEqual([1, 4, 16]);
  });
});
