import { describe, expect, it } from '@jest/globals';
import { benchOptions } from '../../scripts/bench/options.ts';
import { planCycles } from '../../scripts/bench/plan.ts';

const plan = (...argv: string[]) => {
  const options = benchOptions(argv);
  if (options === null) throw new Error('help was asked for');
  return planCycles(options);
};
const names = ({ cycles }: ReturnType<typeof plan>) =>
  cycles.map(({ variant, regions, latencyMs, run }) => `${variant} ${regions} ${latencyMs} #${run}`);

describe('the order of the measurements', () => {
  it('is the same for the same seed and another for another', () => {
    const flags = ['--regions', '1,4,16', '--runs', '2'];
    expect(names(plan(...flags, '--seed', '7'))).toEqual(names(plan(...flags, '--seed', '7')));
    expect(names(plan(...flags, '--seed', '7'))).not.toEqual(names(plan(...flags, '--seed', '8')));
  });

  it('has every combination once, and the variants of one size after one another', () => {
    const { cycles, notRun } = plan('--regions', '1,4', '--runs', '2', '--seed', '1', '--full');
    expect(notRun).toEqual([]);
    expect(new Set(names({ cycles, notRun })).size).toBe(2 * 2 * 2 * 4);
    expect(cycles).toHaveLength(2 * 2 * 2 * 4);
    for (let first = 0; first < cycles.length; first += 4) {
      const block = cycles.slice(first, first + 4);
      expect(new Set(block.map(({ regions, latencyMs, run }) => `${regions} ${latencyMs} ${run}`)).size).toBe(1);
    }
  });

  it('measures slow calls at a fresh deployment of 16 regions only, and not at all with --latency-ms 0', () => {
    const { cycles } = plan('--regions', '16', '--variants', 'ours');
    expect(cycles.find(cycle => cycle.latencyMs === 0)?.phases).toEqual(['deploy', 'no-op', 'destroy']);
    expect(cycles.find(cycle => cycle.latencyMs === 100)?.phases).toEqual(['deploy']);
    expect(names(plan('--regions', '1', '--variants', 'ours', '--latency-ms', '0'))).toEqual(['ours 1 0 #1']);
  });

  it('deploys first when only a later phase is asked for', () => {
    const { cycles } = plan('--regions', '1', '--variants', 'ours', '--phases', 'destroy', '--latency-ms', '0');
    expect(cycles[0]?.phases).toEqual(['deploy', 'destroy']);
  });

  it('measures slow calls at every size with --full', () => {
    expect(names(plan('--regions', '1', '--variants', 'ours'))).toEqual(['ours 1 0 #1']);
    expect(names(plan('--regions', '1', '--variants', 'ours', '--full')).sort()).toEqual([
      'ours 1 0 #1',
      'ours 1 100 #1',
    ]);
  });

  it('measures all but the loop above 16 regions too, without slow calls', () => {
    const { cycles } = plan('--regions', '32');
    expect(cycles.map(({ variant, latencyMs }) => `${variant} ${latencyMs}`).sort()).toEqual([
      'aliases 0',
      'cdktf 0',
      'ours 0',
    ]);
  });

  it('names what it leaves out there with queues, once, whatever the number of runs', () => {
    const { cycles, notRun } = plan('--queues', '--regions', '32', '--runs', '3');
    expect(new Set(cycles.map(({ variant, latencyMs }) => `${variant} ${latencyMs}`))).toEqual(
      new Set(['ours 0', 'aliases 0']),
    );
    expect(notRun.map(({ variant, latencyMs, why }) => `${variant} ${latencyMs}: ${why}`)).toEqual([
      'loop 0: takes very long; measured with --full',
      'cdktf 0: takes very long; measured with --full',
      'ours 100: measured with --full',
      'loop 100: takes very long; measured with --full',
      'cdktf 100: takes very long; measured with --full',
      'aliases 100: measured with --full',
    ]);
  });

  it('leaves nothing out with --full', () => {
    const { cycles, notRun } = plan('--regions', '32', '--full');
    expect(cycles).toHaveLength(8);
    expect(notRun).toEqual([]);
  });
});
