import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { defaultRegions } from '../../src/config/regions.ts';
import type { Summary } from '../../src/rollout/types.ts';
import { regionalLeftovers, settings } from './support/account.ts';
import { checkout, type Checkout, type ScriptResult } from './support/checkout.ts';

jest.setTimeout(180_000);

const KEPT = ['us-east-1', 'eu-west-1', 'eu-north-1'];

// One story: what an account goes through between two runs.
describe('a deployment that lives on', () => {
  let emulator: Emulator;
  let project: Checkout;
  let env: NodeJS.ProcessEnv;

  const configure = (excluded: readonly string[]) => {
    const excludeRegions = [...defaultRegions('aws').filter(region => !KEPT.includes(region)), ...excluded];
    writeFileSync(
      join(project.root, 'test.config.json'),
      JSON.stringify({
        alerts: { emails: ['security@example.com'] },
        excludeRegions,
        // The provider waits 25 seconds for each queue; detection.test.ts has them.
        monitoring: { deadLetterQueues: false },
      }),
    );
  };
  const deploy = (...args: string[]) => project.script('deploy:all', args, env);
  const summary = (result: ScriptResult) => JSON.parse(result.stdout.split('\n').at(-1) ?? '') as Summary;

  beforeAll(async () => {
    emulator = await startEmulator();
    project = checkout();
    env = { ...emulatorEnv(emulator.endpoint), BREAK_GLASS_CONFIG: 'test.config.json' };
    configure([]);
    const first = await deploy('--yes', '--json');
    expect(first.exitCode).toBe(0);
  });

  afterAll(async () => {
    await emulator.stop();
    project.remove();
  });

  it('makes the lock file at its first run, and pins the provider by it', () => {
    const lock = readFileSync(join(project.root, '.terraform.lock.hcl'), 'utf8');
    expect(lock).toMatch(/provider "registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws"/);
    expect(lock).toMatch(/"h1:/);
  });

  it("names somebody's change by hand, in the region and the resource, and exits 3", async () => {
    const bridge = new EventBridgeClient(settings(emulator.endpoint, 'eu-west-1'));
    await bridge.send(new DisableRuleCommand({ Name: 'capture-breakglass-user-sign-in' }));

    const plan = await deploy('--plan');
    expect(plan.exitCode).toBe(3);
    expect(plan.stdout).toMatch(
      /regional-forwarder-eu-west-1\n\s+update\s+aws_cloudwatch_event_rule\.sign_in\s+\(changed outside Terraform\)/,
    );
    const report = summary(await deploy('--plan', '--json'));
    expect(report.exitCode).toBe(3);
    expect(report.coveredRegions).toEqual(['eu-north-1', 'us-east-1']);
    expect(report.stacks.filter(stack => stack.changes.change > 0).map(stack => stack.stack)).toEqual([
      'regional-forwarder-eu-west-1',
    ]);

    expect((await deploy('--yes')).exitCode).toBe(0);
    expect((await deploy('--plan')).exitCode).toBe(0);
  });

  it('picks up a region that was enabled since', async () => {
    await fetch(`${emulator.endpoint}/emulator-api/regions`, {
      method: 'POST',
      body: JSON.stringify({ region: 'ap-southeast-6', status: 'opted-in' }),
    });
    const plan = await deploy('--plan', '--json');
    expect(plan.exitCode).toBe(3);
    const deployed = await deploy('--yes', '--json');
    expect(deployed.exitCode).toBe(0);
    expect(summary(deployed).coveredRegions).toEqual(['ap-southeast-6', 'eu-north-1', 'eu-west-1', 'us-east-1']);
  });

  it('names a region that is no longer wanted at each run, and destroys it with --prune only', async () => {
    configure(['ap-southeast-6']);
    const plain = await deploy('--yes');
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).toContain(
      'no longer wants regional-forwarder-ap-southeast-6: left as it is, --prune destroys it',
    );
    expect(await regionalLeftovers(settings(emulator.endpoint, 'ap-southeast-6'))).toHaveLength(9);

    const pruned = await deploy('--yes', '--prune', '--json');
    expect(pruned.exitCode).toBe(0);
    const stack = summary(pruned).stacks.find(({ region }) => region === 'ap-southeast-6');
    expect(stack).toMatchObject({ stack: 'regional-forwarder-ap-southeast-6', state: 'succeeded', phase: 'destroy' });
    expect(summary(pruned).coveredRegions).toEqual(['eu-north-1', 'eu-west-1', 'us-east-1']);
    expect(await regionalLeftovers(settings(emulator.endpoint, 'ap-southeast-6'))).toEqual([]);
    expect((await deploy('--plan')).stdout).not.toContain('ap-southeast-6:');
  });

  it('is taken down whole, a forgotten region included', async () => {
    configure([]);
    expect((await deploy('--yes')).exitCode).toBe(0);
    configure(['ap-southeast-6']);
    const destroyed = await project.script('destroy:all', ['--yes', '--json'], env);
    expect(destroyed.exitCode).toBe(0);
    expect(summary(destroyed).stacks.map(({ stack }) => stack)).toContain('regional-forwarder-ap-southeast-6');
    for (const region of [...KEPT, 'ap-southeast-6']) {
      expect(await regionalLeftovers(settings(emulator.endpoint, region))).toEqual([]);
    }
    expect(existsSync(join(project.root, 'state'))).toBe(true);
  });
});
