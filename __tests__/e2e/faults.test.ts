import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { userDetections } from '../../src/detection/detections.ts';
import type { Summary } from '../../src/rollout/types.ts';
import { checkout, type Checkout } from './support/checkout.ts';
import { startFaultProxy, type FaultProxy, type Rule } from './support/fault-proxy.ts';
import { locksIn, outcomes, startedStacks, startRun, summaryOf, type Ended } from './support/run.ts';

jest.setTimeout(240_000);

interface Row {
  readonly fault: string;
  readonly region: string;
  readonly rule: Omit<Rule, 'region'>;
  readonly state: 'succeeded' | 'failed';
  readonly attempts: number;
  readonly code?: string;
  /** What the person is told to do. */
  readonly next?: RegExp;
}

const RULES_OF_A_REGION = userDetections({ names: [], arns: [] }).length;
/** Of one request by the provider, so that faults which stay take seconds and not minutes. */
const REQUESTS = 2;
const PASSES = RULES_OF_A_REGION * REQUESTS;
const OPT_IN = 'me-central-1';

const TABLE: readonly Row[] = [
  {
    fault: 'errors 500 that pass',
    region: 'eu-west-2',
    rule: { fault: 'error500', action: 'PutRule', times: PASSES },
    state: 'succeeded',
    attempts: 2,
  },
  {
    fault: 'throttling that passes',
    region: 'eu-west-3',
    rule: { fault: 'throttle', action: 'PutRule', times: PASSES },
    state: 'succeeded',
    attempts: 2,
  },
  {
    fault: 'errors 500 that stay',
    region: 'eu-north-1',
    rule: { fault: 'error500', service: 'events' },
    state: 'failed',
    attempts: 4,
    code: 'network',
    next: /check the connection and https:\/\/health\.aws\.amazon\.com/,
  },
  {
    fault: 'connections that are reset',
    region: 'sa-east-1',
    rule: { fault: 'reset', service: 'events' },
    state: 'failed',
    attempts: 4,
    code: 'network',
    next: /check the connection/,
  },
  {
    fault: 'a rule denied by a service control policy',
    region: 'eu-central-1',
    rule: { fault: 'scp', service: 'events', action: 'PutRule' },
    state: 'failed',
    attempts: 1,
    code: 'scp',
    next: /Exempt the deploying identity from the organization's control policy/,
  },
  {
    fault: 'a role denied by IAM',
    region: 'ap-south-1',
    rule: {
      fault: 'denied',
      service: 'iam',
      action: 'CreateRole',
      body: 'BreakGlassForwarder-ap-south-1',
    },
    state: 'failed',
    attempts: 1,
    code: 'permission',
    next: /Allow the deploying identity the action/,
  },
  {
    fault: 'credentials that expire',
    region: 'ca-central-1',
    rule: { fault: 'expired', service: 'events' },
    state: 'failed',
    attempts: 1,
    code: 'credentials',
    next: /Renew the AWS credentials/,
  },
  {
    fault: 'an opt-in region that is not ready yet',
    region: OPT_IN,
    rule: { fault: 'not-ready' },
    state: 'failed',
    attempts: 1,
    code: 'region-not-ready',
    next: /wait some minutes after it was enabled/,
  },
];
const HEALTHY = 'eu-west-1';
const REGIONS = ['us-east-1', HEALTHY, ...TABLE.map(row => row.region)];
const FAILING = TABLE.filter(row => row.state === 'failed');

const forwarder = (region: string) => `regional-forwarder-${region}`;

describe('a deployment in which AWS fails', () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  let project: Checkout;

  const deploy = async (args: readonly string[], regions: readonly string[] = REGIONS): Promise<Ended> => {
    const env = {
      ...emulatorEnv(proxy.endpoint),
      EMAIL_ADDRESS: 'security@example.com',
      BREAK_GLASS_CONFIG: 'faults.config.json',
      BREAK_GLASS_REGIONS: regions.join(','),
      AWS_MAX_ATTEMPTS: String(REQUESTS),
    };
    const run = startRun('deploy:all', ['--yes', '--report', 'report.json', ...args], { root: project.root, env });
    const ended = await run.ended;
    expect({ alive: run.family.members(), locks: locksIn(project.root) }).toEqual({ alive: [], locks: [] });
    return ended;
  };
  const report = () => JSON.parse(readFileSync(join(project.root, 'report.json'), 'utf8')) as Summary;

  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startFaultProxy(emulator.endpoint);
    project = checkout();
    // The users' rules alone: faults are counted by request, and a queue would take 25 s in each of the attempts.
    const monitoring = { tamper: false, rootUser: false, regionOptIn: false, deadLetterQueues: false };
    writeFileSync(join(project.root, 'faults.config.json'), JSON.stringify({ monitoring }));
    const body = JSON.stringify({ region: OPT_IN, status: 'opted-in' });
    await fetch(`${emulator.endpoint}/emulator-api/regions`, { method: 'POST', body });
  });

  afterAll(async () => {
    await proxy.close();
    await emulator.stop();
    project.remove();
  });

  describe('in eight regions, each in its own way', () => {
    let ended: Ended;
    let summary: Summary;
    /** What a person reads, in single lines. */
    let said: string;

    beforeAll(async () => {
      for (const { region, rule } of TABLE) proxy.add({ region, ...rule });
      ended = await deploy([]);
      summary = report();
      said = ended.stdout.replaceAll(/\s+/g, ' ');
    });

    it.each(TABLE)('$fault: $state after $attempts', ({ region, state, attempts, code }) => {
      const result = summary.stacks.find(stack => stack.region === region);
      expect(result).toMatchObject({ stack: forwarder(region), state, attempts });
      expect(result?.error?.code).toBe(code);
      if (result?.logFile) expect(readFileSync(result.logFile, 'utf8')).toContain('"type":"version"');
    });

    it('leaves every healthy region covered, says so, and ends with 1', () => {
      const covered = [...TABLE.filter(row => row.state === 'succeeded').map(row => row.region), 'us-east-1', HEALTHY];
      expect(ended.exitCode).toBe(1);
      expect(summary.exitCode).toBe(1);
      expect([...summary.coveredRegions].sort()).toEqual(covered.sort());
      expect(ended.stdout).toContain(`covered ${covered.length}/18 regions`);
      expect(said).toContain('4 of 10 stacks done');
    });

    it('names every region that is not monitored, with what to do, and how to go on', () => {
      const notMonitored = /([a-z0-9-]+(?:, [a-z0-9-]+)*) are NOT monitored\./.exec(said)?.[1] ?? '';
      expect(notMonitored.trim().split(', ').sort()).toEqual(FAILING.map(row => row.region).sort());
      expect(said).toContain('Continue with npm run deploy:all -- --resume');
    });

    it.each(FAILING)('tells the next step after $fault', ({ region, code, next }) => {
      const block = said.slice(said.indexOf(`FAILED ${forwarder(region)} ${code}`));
      expect(/Next: (.*?) Log: /.exec(block)?.[1]).toMatch(next ?? /./);
    });

    it('denied and invalid requests were made once, by a single attempt', () => {
      const denied = proxy.calls.filter(call => call.fault === 'denied');
      expect(denied.map(call => call.action)).toEqual(['CreateRole']);
      expect(proxy.calls.filter(call => call.fault === 'scp')).toHaveLength(RULES_OF_A_REGION);
    });

    it('is resumed when the faults are over: exactly the rest runs, and everything is covered', async () => {
      proxy.lift();
      const resumed = await deploy(['--resume', '--json']);
      expect(resumed.exitCode).toBe(0);
      expect(startedStacks(resumed)).toEqual(FAILING.map(row => forwarder(row.region)).sort());
      expect(outcomes(resumed)).toEqual(FAILING.map(row => `${forwarder(row.region)} succeeded`).sort());
      expect([...summaryOf(resumed).coveredRegions].sort()).toEqual([...REGIONS].sort());
    });
  });

  describe('in the primary region', () => {
    beforeAll(async () => {
      await fetch(`${emulator.endpoint}/moto-api/reset`, { method: 'POST' });
      project.forget();
    });

    it('starts nothing that depends on it, and covers nothing', async () => {
      proxy.add({ fault: 'scp', region: 'us-east-1', service: 'kms', action: 'CreateKey' });
      const ended = await deploy(['--json'], ['us-east-1', HEALTHY]);
      expect(ended.exitCode).toBe(1);
      expect(outcomes(ended)).toEqual(['bg-user failed scp', `${forwarder(HEALTHY)} skipped dependency`]);
      expect(startedStacks(ended)).toEqual(['bg-user']);
      expect(summaryOf(ended).coveredRegions).toEqual([]);
    });

    it('is resumed with what depends on it', async () => {
      proxy.lift();
      const resumed = await deploy(['--json', '--resume'], ['us-east-1', HEALTHY]);
      expect(resumed.exitCode).toBe(0);
      expect(startedStacks(resumed)).toEqual(['bg-user', forwarder(HEALTHY)]);
    });
  });
});
