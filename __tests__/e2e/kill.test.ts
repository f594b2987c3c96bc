import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { iamLeftovers, regionalLeftovers, settings } from './support/account.ts';
import { checkout, type Checkout } from './support/checkout.ts';
import { startFaultProxy, type FaultProxy, type Rule } from './support/fault-proxy.ts';
import { locksIn, outcomes, quickDeployment, run, startRun, summaryOf } from './support/run.ts';

jest.setTimeout(300_000);

/** 20 take about 7 minutes on two cores: `BREAK_GLASS_KILLS=20 npx jest __tests__/e2e/kill.test.ts --selectProjects e2e` */
const KILLS = Number(process.env.BREAK_GLASS_KILLS ?? 3);
/** In each test's name, to have the same moments again. */
const SEED = Number(process.env.BREAK_GLASS_KILL_SEED ?? Date.now() % 100_000);

const REGIONS = ['us-east-1', 'eu-west-1', 'eu-west-2'];
const FORWARDERS = REGIONS.slice(1).map(region => `regional-forwarder-${region}`);
const DONE = ['bg-user', ...FORWARDERS].map(stack => `${stack} succeeded`);

let emulator: Emulator;
let proxy: FaultProxy;
let project: Checkout;
let env: NodeJS.ProcessEnv;
/** Milliseconds that an undisturbed deployment takes. */
let whole: number;

beforeAll(async () => {
  emulator = await startEmulator();
  proxy = await startFaultProxy(emulator.endpoint);
  project = checkout();
  env = quickDeployment(project.root, proxy.endpoint, REGIONS);
  // The provider is installed by a run of its own: it would hide the rest.
  await run('deploy:all', ['--plan', '--json'], { root: project.root, env });
  const ended = await run('deploy:all', ['--yes', '--json'], { root: project.root, env });
  expect(outcomes(ended)).toEqual(DONE);
  whole = ended.seconds * 1000;
});
afterAll(async () => {
  await proxy.close();
  await emulator.stop();
  project.remove();
});

/** A new account, without a state and without a journal; then a deployment that is killed with all that it started. */
async function killed(when: Promise<unknown>): Promise<void> {
  await fetch(`${emulator.endpoint}/moto-api/reset`, { method: 'POST' });
  project.forget();
  const started = startRun('deploy:all', ['--yes', '--json'], { root: project.root, env });
  await Promise.race([when, started.ended]);
  started.family.kill('SIGKILL');
  await started.ended;
  proxy.lift();
}

/** What a plain run after it must come to. Returns what it adopted, by stack. */
async function endsWell(): Promise<Record<string, unknown>> {
  const plain = await run('deploy:all', ['--yes', '--json'], { root: project.root, env });
  expect({ exitCode: plain.exitCode, outcomes: outcomes(plain) }).toEqual({ exitCode: 0, outcomes: DONE });
  expect([...summaryOf(plain).coveredRegions].sort()).toEqual([...REGIONS].sort());
  const plan = await run('deploy:all', ['--plan', '--json'], { root: project.root, env });
  expect({ exitCode: plan.exitCode, locks: locksIn(project.root) }).toEqual({ exitCode: 0, locks: [] });
  // A key has no name, so that a second one would go unseen.
  const left = await regionalLeftovers(settings(emulator.endpoint, 'us-east-1'));
  expect(left.filter(name => name.startsWith('key '))).toHaveLength(1);
  return Object.fromEntries(plain.lines.flatMap(line => (line.adopted ? [[String(line.stack), line.adopted]] : [])));
}

describe('after a SIGKILL to everything, a plain run covers every region, and then nothing is left to change', () => {
  describe('between the creation of a resource and its entry in the state', () => {
    it.each<[string, Omit<Rule, 'fault'>, string, string]>([
      [
        "a region's role",
        { action: 'CreateRole', body: 'BreakGlassForwarder-eu-west-1' },
        'regional-forwarder-eu-west-1',
        'aws_iam_role.forwarder',
      ],
      ['the key alias', { action: 'CreateAlias' }, 'bg-user', 'aws_kms_alias.topic_alias'],
    ])('%s, which is adopted', async (_name, rule, stack, address) => {
      await killed(proxy.add({ fault: 'late', times: 1, ...rule }).met);
      expect((await endsWell())[stack]).toContain(address);
    });
  });

  it('or a teardown leaves nothing behind, also of what the state did not know of', async () => {
    await killed(proxy.add({ fault: 'late', times: 1, action: 'CreateUser' }).met);
    const teardown = await run('destroy:all', ['--yes', '--json'], { root: project.root, env });
    expect({ exitCode: teardown.exitCode, states: new Set(outcomes(teardown)) }).toEqual({
      exitCode: 0,
      states: new Set(DONE),
    });
    expect(await iamLeftovers(settings(emulator.endpoint, 'us-east-1'))).toEqual([]);
    expect(await regionalLeftovers(settings(emulator.endpoint, 'us-east-1'))).toEqual([]);
  });

  describe(`at any moment (BREAK_GLASS_KILL_SEED=${SEED})`, () => {
    const random = generator(SEED);
    const moments = Array.from({ length: KILLS }, (_, index) => ({ index: index + 1, share: random() }));
    it.each(moments)('no. $index, when $share of a run is over', async ({ share }) => {
      await killed(wait(share * whole));
      await endsWell();
    });
  });
});

/** Numbers from 0 to 1, the same for the same seed: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
