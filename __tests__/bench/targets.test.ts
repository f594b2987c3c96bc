import { describe, expect, it } from '@jest/globals';
import { targetsOf, verdictOf } from '../../scripts/bench/targets.ts';
import type { BenchRun } from '../../scripts/bench/types.ts';
import { benchRun } from './results.ts';

const verdicts = (...runs: BenchRun[]) =>
  Object.fromEntries(targetsOf({ runs }).map(target => [target.text, verdictOf(target)]));

describe('the targets', () => {
  it('are all "not measured" without a measurement at their size, never met', () => {
    const small = [benchRun({ regions: 4 }), benchRun({ regions: 4, variant: 'loop', wallSeconds: 900 })];
    expect(new Set(Object.values(verdicts(...small)))).toEqual(new Set(['not measured']));
  });

  it('are met at their limit and missed beside it', () => {
    const ours = benchRun({ wallSeconds: 10, cpuSeconds: 10 });
    const loop = (wallSeconds: number) => benchRun({ variant: 'loop', wallSeconds, cpuSeconds: 30 });
    expect(verdicts(ours, loop(50))).toMatchObject({
      'faster than the loop': 'met',
      'less CPU than the loop': 'met',
      'faster than cdktf deploy': 'not measured',
    });
    expect(verdicts(ours, loop(49.9))).toMatchObject({ 'faster than the loop': 'NOT met' });
  });

  it('compare each phase with its own', () => {
    const runs = (['deploy', 'no-op', 'destroy'] as const).flatMap((phase, index) => [
      benchRun({ phase, wallSeconds: 10 }),
      benchRun({ phase, variant: 'loop', wallSeconds: [50, 40, 39][index] ?? 0 }),
    ]);
    expect(verdicts(...runs)).toMatchObject({
      'faster than the loop': 'met',
      'faster than the loop when nothing is to be changed': 'met',
      'faster than the loop at destroy': 'NOT met',
      'faster than the loop with 100 ms per call': 'not measured',
    });
  });

  it('hold our wall time against one state from above, not from below', () => {
    const one = benchRun({ variant: 'aliases', wallSeconds: 10 });
    const text = 'wall time of one state with provider aliases';
    expect(verdicts(benchRun({ wallSeconds: 13 }), one)[text]).toBe('met');
    expect(verdicts(benchRun({ wallSeconds: 13.1 }), one)[text]).toBe('NOT met');
  });

  it('hold growth to 32 regions against 16, by region with the primary', () => {
    const text = 'CPU per region at 32 regions, against 16';
    const sixteen = benchRun({ cpuSeconds: 17 * 3 });
    expect(verdicts(sixteen, benchRun({ regions: 32, cpuSeconds: 33 * 3.3 }))[text]).toBe('met');
    expect(verdicts(sixteen, benchRun({ regions: 32, cpuSeconds: 33 * 3.4 }))[text]).toBe('NOT met');
  });

  it('hold memory against the stacks that were seen side by side', () => {
    const memory = (peakMemoryBytes: number) =>
      targetsOf({ runs: [benchRun({ peakStacks: 4, peakMemoryBytes })] })
        .filter(({ unit }) => unit === 'GB')
        .map(target => ({ limit: target.limit, verdict: verdictOf(target) }));
    expect(memory(5.4e9)).toEqual([{ limit: 5.4, verdict: 'met' }]);
    expect(memory(5.5e9)).toEqual([{ limit: 5.4, verdict: 'NOT met' }]);
  });

  it('count a failed run as not measured', () => {
    const runs = [benchRun(), benchRun({ variant: 'loop', wallSeconds: 900, failure: 'ended with 1' })];
    expect(verdicts(...runs)['faster than the loop']).toBe('not measured');
  });
});
