import { describe, expect, it } from '@jest/globals';
import { benchOptions } from '../../scripts/bench/options.ts';

const options = (...argv: string[]) => benchOptions(argv, () => 0.5);

describe('the flags of npm run bench', () => {
  it('measure everything once by default, in an order by chance that can be repeated', () => {
    expect(options()).toEqual({
      regions: [1, 4, 16, 32],
      variants: ['ours', 'loop', 'cdktf', 'aliases'],
      phases: ['deploy', 'no-op', 'destroy'],
      runs: 1,
      latencyMs: 100,
      out: 'docs/benchmarks',
      seed: 500_000,
      full: false,
      queues: false,
      withoutSha: false,
      add: false,
      render: false,
    });
  });

  it('sort sizes and drop those that come twice', () => {
    expect(options('--regions', '16, 4,16')).toMatchObject({ regions: [4, 16] });
  });

  it('keep the order of the variants, whatever the order they are named in', () => {
    expect(options('--variants', 'cdktf,ours')).toMatchObject({ variants: ['ours', 'cdktf'] });
  });

  it('narrow the defaults with --quick, and leave alone what is given beside it', () => {
    expect(options('--quick')).toMatchObject({ regions: [1, 4], variants: ['ours', 'loop'] });
    expect(options('--quick', '--regions', '2')).toMatchObject({ regions: [2], variants: ['ours', 'loop'] });
  });

  it('take a seed of 0 as a seed', () => {
    expect(options('--seed', '0')).toMatchObject({ seed: 0 });
  });

  it.each([
    [['--regions', '0'], 'It must be a whole number from 1 to 33.'],
    [['--regions', '34'], 'It must be a whole number from 1 to 33.'],
    [['--regions', ','], 'It must name at least one.'],
    [['--variants', 'ours,bash'], 'bash is none of ours, loop, cdktf, aliases.'],
    [['--runs', '1.5'], 'It must be a whole number from 1 to 100.'],
    [['--latency-ms', ''], 'It must be a whole number from 0 to 10000.'],
    [['--fast'], "unknown option '--fast'"],
  ])('refuse %j', (argv, message) => {
    expect(() => options(...argv)).toThrow(message);
  });
});
