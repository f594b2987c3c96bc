import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { ECHO_MS } from '../../src/rollout/interrupt.ts';
import { checkout, type Checkout } from './support/checkout.ts';
import { APPLIED, fakeProject, PROVIDER_FOLDER, stackFolder, type FakeProject } from './support/fake-project.ts';
import { startFaultProxy, type FaultProxy } from './support/fault-proxy.ts';
import {
  locksIn,
  outcomes,
  quickDeployment,
  startedStacks,
  startRun,
  summaryOf,
  type Run,
  type StartOptions,
} from './support/run.ts';

jest.setTimeout(120_000);

const REGIONS = ['us-east-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'];
const [FIRST = '', SECOND = '', THIRD = ''] = REGIONS.slice(1).map(region => `regional-forwarder-${region}`);

let emulator: Emulator;
let project: Checkout;
let run: Run | undefined;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(() => {
  project = checkout();
});
afterEach(() => {
  run?.family.kill('SIGKILL');
  project.remove();
});

const env = (endpoint: string) => quickDeployment(project.root, endpoint, REGIONS);

/** Waits for the end and holds the run to what every end owes: no process, no lock. */
async function endOf(started: Run) {
  const ended = await started.ended;
  expect({ alive: started.family.members(), locks: locksIn(project.root) }).toEqual({ alive: [], locks: [] });
  return ended;
}

describe('a signal, with a terraform that records signals', () => {
  let fake: FakeProject;
  const start = (args: readonly string[] = [], through: StartOptions['through'] = 'node') => {
    run = startRun('deploy:all', ['--yes', '--json', '--concurrency', '2', ...args], {
      root: project.root,
      env: { ...env(emulator.endpoint), ...fake.env },
      through,
    });
    return run;
  };
  /** Two forwarders run and stay until a signal, the third waits for a slot. */
  const twoRunning = async (started: Run) => {
    await fake.until(started.ended, () => [FIRST, SECOND].every(stack => fake.record(stack).some(applyStarted)));
  };
  const signals = (stack: string) => fake.record(stack).flatMap(entry => entry.signal ?? []);

  beforeEach(async () => {
    fake = await fakeProject(project);
    for (const stack of [FIRST, SECOND]) fake.play(stackFolder(stack), { hold: true });
  });

  const STOPPED = [
    'bg-user succeeded',
    `${FIRST} cancelled interrupted`,
    `${SECOND} cancelled interrupted`,
    `${THIRD} cancelled interrupted`,
  ];

  it.each<[string, StartOptions['through'], (started: Run) => void]>([
    ["Ctrl-C in the script's terminal", 'node', started => started.signalGroup('SIGINT')],
    ['Ctrl-C in the terminal of npm, which passes on its own', 'npm', started => started.signalGroup('SIGINT')],
    ['SIGTERM to npm alone, by a supervisor', 'npm', started => process.kill(started.pid, 'SIGTERM')],
    ['SIGTERM to the whole group', 'npm', started => started.signalGroup('SIGTERM')],
    ['a terminal that is closed', 'node', started => started.signalGroup('SIGHUP')],
  ])('%s: one SIGINT reaches each terraform, nothing new starts, exit 130', async (_name, through, send) => {
    const started = start([], through);
    await twoRunning(started);
    send(started);
    const ended = await endOf(started);
    expect(ended.exitCode).toBe(130);
    expect(outcomes(ended)).toEqual(STOPPED);
    expect(summaryOf(ended)).toMatchObject({ exitCode: 130, coveredRegions: ['us-east-1'] });
    expect([signals(FIRST), signals(SECOND), fake.record(THIRD)]).toEqual([['SIGINT'], ['SIGINT'], []]);

    for (const stack of [FIRST, SECOND]) fake.play(stackFolder(stack), { lines: [APPLIED] });
    const resumed = await endOf(start(['--resume']));
    expect(resumed.exitCode).toBe(0);
    expect(startedStacks(resumed)).toEqual([FIRST, SECOND, THIRD]);
  });

  it('a second Ctrl-C is passed on, once', async () => {
    for (const stack of [FIRST, SECOND]) fake.play(stackFolder(stack), { hold: 2 });
    const started = start();
    await twoRunning(started);
    started.signalGroup('SIGINT');
    await fake.until(started.ended, () => [FIRST, SECOND].every(stack => signals(stack).length === 1));
    // Sooner it would count as npm's echo of the first.
    await new Promise(resolve => setTimeout(resolve, ECHO_MS));
    started.signalGroup('SIGINT');
    const ended = await endOf(started);
    expect(ended.exitCode).toBe(130);
    expect([signals(FIRST), signals(SECOND)]).toEqual([
      ['SIGINT', 'SIGINT'],
      ['SIGINT', 'SIGINT'],
    ]);
    expect(started.lines.filter(line => line.type === 'interrupt').map(line => line.times)).toEqual([1, 2]);
  });

  it('a stack that finishes all the same is done, and the run is interrupted', async () => {
    for (const stack of [FIRST, SECOND]) fake.play(stackFolder(stack), { hold: true, stopExit: 0, after: [APPLIED] });
    const started = start();
    await twoRunning(started);
    started.signalGroup('SIGINT');
    const ended = await endOf(started);
    expect(ended.exitCode).toBe(130);
    expect(outcomes(ended)).toEqual([
      'bg-user succeeded',
      `${FIRST} succeeded`,
      `${SECOND} succeeded`,
      `${THIRD} cancelled interrupted`,
    ]);
  });

  it('before the first stack, while the provider is installed: nothing is done, and the summary says so', async () => {
    fake.play(PROVIDER_FOLDER, { hold: true });
    const started = start();
    await fake.until(started.ended, record => record.some(entry => entry.cwd?.endsWith(PROVIDER_FOLDER)));
    started.signalGroup('SIGINT');
    const ended = await endOf(started);
    expect(ended.stderr).not.toContain('bug');
    expect(ended.exitCode).toBe(130);
    expect(outcomes(ended)).toEqual(['bg-user', FIRST, SECOND, THIRD].map(stack => `${stack} cancelled interrupted`));
  });
});

describe('Ctrl-C in the middle of an apply, with the real terraform', () => {
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await startFaultProxy(emulator.endpoint);
  });
  afterEach(() => proxy.close());

  it('ends a request that hangs, saves the state, releases the lock, says what is done and what is not', async () => {
    // One request alone: the provider doesn't cancel one that begins at the very moment of the stop.
    const hanging = proxy.add({ fault: 'hang', action: 'CreateRole', body: 'BreakGlassForwarder-eu-west-1' });
    const start = (args: readonly string[]) => {
      run = startRun('deploy:all', ['--yes', '--concurrency', '1', ...args], {
        root: project.root,
        env: env(proxy.endpoint),
        through: 'npm',
      });
      return run;
    };
    const started = start(['--report', 'report.json']);
    await hanging.met;
    started.signalGroup('SIGINT');
    const ended = await endOf(started);
    expect(ended.exitCode).toBe(130);
    const said = ended.stdout.replaceAll(/\s+/g, ' ');
    expect(said).toContain('Interrupted. 1 of 4 stacks done');
    expect(said).toContain(`STOPPED MIDWAY ${FIRST} interrupted`);
    expect(said).toContain(`NOT STARTED: ${SECOND}, ${THIRD}`);
    expect(said).toContain('eu-west-1, eu-west-2, eu-west-3 are NOT monitored.');
    const log = /Log: (\S+)/.exec(said)?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).not.toContain('Two interrupts received');

    proxy.lift();
    const resumed = await endOf(start(['--resume', '--json']));
    expect(resumed.exitCode).toBe(0);
    expect(startedStacks(resumed)).toEqual([FIRST, SECOND, THIRD]);
    const plan = await endOf(start(['--plan', '--json']));
    expect(plan.exitCode).toBe(0);
  });
});

function applyStarted(entry: { readonly event: string; readonly args?: readonly string[] }): boolean {
  return entry.event === 'start' && entry.args?.[0] === 'apply';
}
