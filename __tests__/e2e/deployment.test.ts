import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { putEvents } from '../../src/aws/event-bus.ts';
import { subscribe } from '../../src/aws/subscriber.ts';
import { defaultRegions } from '../../src/config/regions.ts';
import type { Summary } from '../../src/rollout/types.ts';
import { innocentRecords, recordsOf, TARGET_ACCOUNT, USER } from '../fixtures/records.ts';
import { auditLog, iamLeftovers, regionalLeftovers, settings, settingsIn } from './support/account.ts';
import { checkout, type Checkout, type ScriptResult } from './support/checkout.ts';

jest.setTimeout(300_000);

const REGIONS = defaultRegions('aws');
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:breakglassuser-console-logins';
const CONFIG = {
  alerts: { emails: ['security@example.com'] },
  roles: [
    {
      accountId: TARGET_ACCOUNT,
      deploymentRoleArn: `arn:aws:iam::${TARGET_ACCOUNT}:role/OrganizationAccountAccessRole`,
      // detection.test.ts has the other account's own monitoring, and the queues, in fewer regions.
      monitor: false,
    },
  ],
  monitoring: { deadLetterQueues: false },
};

// One story in one file: each step starts from what the one before left.
describe('a deployment to every enabled region', () => {
  let emulator: Emulator;
  let project: Checkout;
  let env: NodeJS.ProcessEnv;
  let deployed: ScriptResult;

  beforeAll(async () => {
    emulator = await startEmulator();
    project = checkout();
    env = { ...emulatorEnv(emulator.endpoint), BREAK_GLASS_CONFIG: writeConfig(project.root) };
    deployed = await project.script('deploy:all', ['--yes', '--json', '--report', 'report.json'], env);
  });

  afterAll(async () => {
    await emulator.stop();
    project.remove();
  });

  it('covers 17 of 17 regions and the second account, within 2.5 minutes', () => {
    expect(deployed.stderr).toContain('17 enabled of 34');
    expect(deployed.exitCode).toBe(0);
    const summary = summaryOf(deployed);
    expect(summary.coveredRegions).toEqual(REGIONS);
    expect(summary.stacks.map(stack => stack.stack).sort()).toEqual(
      [
        'bg-user',
        `bg-role-${TARGET_ACCOUNT}`,
        ...REGIONS.filter(r => r !== 'us-east-1').map(r => `regional-forwarder-${r}`),
      ].sort(),
    );
    expect(summary.stacks.every(stack => stack.state === 'succeeded')).toBe(true);
    expect(deployed.seconds).toBeLessThan(150);
  });

  it('says on standard output nothing but JSON lines, each with type and time, the summary last and in the report too', () => {
    const lines = jsonLines(deployed);
    for (const line of lines) expect(line).toMatchObject({ type: expect.any(String), time: expect.any(String) });
    for (const line of lines.filter(line => line.type === 'stack')) {
      expect(line).toMatchObject({ stack: expect.any(String), state: expect.any(String) });
    }
    const { type, time, ...summary } = lines.at(-1) as Record<string, unknown>;
    expect(type).toBe('summary');
    expect(time).toEqual(expect.any(String));
    expect(JSON.parse(readFileSync(join(project.root, 'report.json'), 'utf8'))).toEqual(summary);
  });

  it('deploys the primary first', () => {
    const order = jsonLines(deployed)
      .filter(line => line.type === 'stack')
      .map(line => `${String(line.stack)} ${String(line.state)}`);
    const primaryDone = order.indexOf('bg-user succeeded');
    expect(order.findIndex(entry => !entry.startsWith('bg-user '))).toBeGreaterThan(primaryDone);
  });

  it('keeps a state per stack and no secret in any of them', () => {
    for (const { stack } of summaryOf(deployed).stacks) {
      const state = readFileSync(join(project.root, 'state', `${stack}.tfstate`), 'utf8');
      expect(state).not.toMatch(/aws_iam_access_key|aws_iam_user_login_profile|"secret"/);
    }
  });

  describe('when events come', () => {
    const spread = ['us-east-1', 'eu-north-1', 'ap-southeast-2', 'sa-east-1'];
    const heard: string[] = [];

    beforeAll(async () => {
      const inbox = await subscribe(settings(emulator.endpoint, 'us-east-1'), TOPIC, 'deployment-test');
      for (const region of spread) {
        for (const record of [...recordsOf(USER, region), ...innocentRecords()]) {
          await putEvents(settings(emulator.endpoint, region), [record]);
        }
      }
      for (let texts = await inbox.receive(); texts.length > 0; texts = await inbox.receive()) heard.push(...texts);
      await inbox.close();
    });

    it.each(spread.flatMap(region => recordsOf(USER, region).map(record => [record.name, region, record] as const)))(
      'alerts exactly once: %s, in %s',
      (_name, region, record) => {
        const id = String(record.detail.eventID);
        const alerts = heard.filter(text => text.includes(`Event     ${id} (`));
        expect(alerts).toHaveLength(1);
        expect(alerts[0]).toContain(USER);
        expect(alerts[0]).toContain(`Where     region ${region}, account 123456789012, from `);
        expect(alerts[0]).toContain(String(record.detail.eventName));
        expect(alerts[0]).not.toMatch(/<[a-zA-Z]+>|undefined|null/);
      },
    );

    it('stays silent for other people and for acts that nobody watches', () => {
      expect(heard).toHaveLength(spread.length * recordsOf(USER).length);
    });

    it('tells the outcome', () => {
      const alert = (id: string) => heard.find(text => text.includes(`Event     eu-north-1-${id} (`)) ?? '';
      expect(alert('login')).toContain('"Outcome   Success "');
      expect(alert('failed-login')).toContain('"Outcome   Failure "');
      expect(alert('denied')).toContain('"Outcome   error code: AccessDenied (');
      expect(alert('internal')).toContain(`AssumeRole of arn:aws:iam::${TARGET_ACCOUNT}:role/BreakGlassRole`);
    });

    it('holds every one of them in the audit log, from where it happened, and nothing else', async () => {
      const entries = await auditLog(settings(emulator.endpoint, 'us-east-1'));
      expect(entries.map(entry => `${entry.region} ${entry.account} ${entry.detail.eventID}`).sort()).toEqual(
        spread
          .flatMap(region => recordsOf(USER, region).map(r => `${region} 123456789012 ${String(r.detail.eventID)}`))
          .sort(),
      );
    });
  });

  it('changes nothing when it is run again', async () => {
    const plan = await project.script('deploy:all', ['--plan', '--json'], env);
    expect(plan.exitCode).toBe(0);
    const summary = summaryOf(plan);
    expect(summary.stacks).toHaveLength(18);
    expect(summary.stacks.filter(stack => stack.changes.add + stack.changes.change + stack.changes.remove > 0)).toEqual(
      [],
    );
  });

  it('is taken down in reverse, and nothing is left in any region or account', async () => {
    const destroyed = await project.script('destroy:all', ['--yes', '--json'], env);
    expect(destroyed.exitCode).toBe(0);
    const ended = jsonLines(destroyed).filter(line => line.type === 'stack' && line.state === 'succeeded');
    expect(ended).toHaveLength(18);
    expect(ended.at(-1)?.stack).toBe('bg-user');

    for (const region of REGIONS) expect(await regionalLeftovers(settings(emulator.endpoint, region))).toEqual([]);
    expect(await iamLeftovers(settings(emulator.endpoint, 'us-east-1'))).toEqual([]);
    expect(await iamLeftovers(await settingsIn(emulator.endpoint, TARGET_ACCOUNT, 'us-east-1'))).toEqual([]);
  });
});

function writeConfig(root: string): string {
  const file = join(root, 'test.config.json');
  writeFileSync(file, JSON.stringify(CONFIG));
  return file;
}

function jsonLines(result: ScriptResult): Record<string, unknown>[] {
  return result.stdout.split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
}

function summaryOf(result: ScriptResult): Summary {
  return jsonLines(result).at(-1) as unknown as Summary;
}
