import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bestOf } from '../../scripts/bench/run.ts';
import { aliases } from '../../scripts/bench/variants/aliases.ts';
import { cdktf } from '../../scripts/bench/variants/cdktf.ts';
import { loop } from '../../scripts/bench/variants/loop.ts';
import type { Site } from '../../scripts/bench/variants/variant.ts';
import type { Step } from '../../scripts/bench/types.ts';

describe('the other ways to roll out', () => {
  let folder: string;
  let site: Site;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'break-glass-bench-variants-'));
    site = {
      folder,
      secondaryRegions: ['eu-west-1', 'us-west-2'],
      queues: true,
      modules: { primary: { terraform: {} }, forwarder: { terraform: {} } },
      terraform: 'terraform',
      env: { PATH: '/bin' },
      collector: { GOGC: 'off' },
      project: folder,
      nodeModules: 'node_modules',
      cdktfParallelism: 4,
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const words = (steps: readonly Step[]) =>
    steps.map(({ args, env }) => [...(env.TF_VAR_region ? [env.TF_VAR_region] : []), ...args].join(' '));
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;

  it('the loop initialises and validates once, then takes one region after another', () => {
    const steps = loop.prepare(site);
    expect(words(steps.deploy)).toEqual([
      'us-east-1 init -input=false',
      'us-east-1 validate',
      ...['us-east-1', 'eu-west-1', 'us-west-2'].flatMap(region => [
        `${region} workspace select ${region}`,
        `${region} workspace new ${region}`,
        `${region} apply -input=false -auto-approve`,
      ]),
    ]);
    expect(steps.deploy.flatMap(step => (step.mayFail ? [step.args.join(' ')] : []))).toEqual([
      'workspace select us-east-1',
      'workspace select eu-west-1',
      'workspace select us-west-2',
    ]);
    expect(words(steps['no-op']).slice(2, 4)).toEqual([
      'us-east-1 workspace select us-east-1',
      'us-east-1 apply -input=false -auto-approve',
    ]);
    expect(words(steps.destroy)).toEqual(
      ['eu-west-1', 'us-west-2', 'us-east-1'].flatMap(region => [
        'us-east-1 workspace list',
        `${region} workspace select ${region}`,
        `${region} destroy -input=false -auto-approve`,
        'default workspace select default',
        `${region} workspace delete ${region}`,
      ]),
    );
  });

  it('the one state has a provider alias and a module for each region, and our garbage collector settings', () => {
    const steps = aliases.prepare(site);
    expect(words(steps.deploy)).toEqual(['init -input=false', 'apply -auto-approve -input=false']);
    expect(steps.deploy[1]?.env).toEqual({ PATH: '/bin', GOGC: 'off' });
    expect(read('main.tf.json')).toMatchObject({
      provider: { aws: [{ region: 'us-east-1' }, { alias: 'eu-west-1' }, { alias: 'us-west-2' }] },
      module: { 'forwarder_us-west-2': { region: 'us-west-2', providers: { aws: 'aws.us-west-2' } } },
    });
  });

  it('cdktf deploys the same stacks, without the role that ours leaves out', () => {
    const { args } = cdktf.prepare(site).deploy[0] ?? { args: [] };
    expect(args.slice(1).join(' ')).toBe(
      'deploy bg-user regional-forwarder-eu-west-1 regional-forwarder-us-west-2 --auto-approve --skip-synth --skip-provider-lock --parallelism 4',
    );
    expect(Object.keys(read('cdktf.out/manifest.json').stacks as object).sort()).toEqual([
      'bg-user',
      'regional-forwarder-eu-west-1',
      'regional-forwarder-us-west-2',
    ]);
  });

  it('cdktf runs with the parallelism that took the least time, a failed one aside', () => {
    const pilot = { regions: 4, failure: null };
    expect(
      bestOf([
        { ...pilot, parallelism: 2, wallSeconds: 30 },
        { ...pilot, parallelism: 4, wallSeconds: 28 },
        { ...pilot, parallelism: 8, wallSeconds: 1, failure: 'ended with 1' },
      ]),
    ).toBe(4);
    expect(bestOf([])).toBeNull();
  });
});
