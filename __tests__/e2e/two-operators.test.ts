import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { checkout, type Checkout } from './support/checkout.ts';
import { APPLIED, fakeProject, stackFolder, type FakeProject } from './support/fake-project.ts';
import { startFaultProxy, type FaultProxy } from './support/fault-proxy.ts';
import { locksIn, outcomes, quickDeployment, startRun, summaryOf, type Ended, type Run } from './support/run.ts';

jest.setTimeout(180_000);

const REGIONS = ['us-east-1', 'eu-west-1'];
const FORWARDER = 'regional-forwarder-eu-west-1';
const DONE = ['bg-user succeeded', `${FORWARDER} succeeded`];

let emulator: Emulator;
const runs: Run[] = [];
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
afterEach(() => {
  for (const run of runs.splice(0)) run.family.kill('SIGKILL');
});

function deploy(project: Checkout, env: NodeJS.ProcessEnv, ...args: string[]): Run {
  const run = startRun('deploy:all', ['--yes', '--json', ...args], { root: project.root, env });
  runs.push(run);
  return run;
}
/** The failure of one stack: its class, what was said, and the next step. */
function failureOf(ended: Ended, stack: string) {
  const line = ended.lines.find(({ type, stack: id, result }) => type === 'stack' && id === stack && result);
  const { error } = summaryOf(ended).stacks.find(result => result.stack === stack) ?? {};
  return { code: error?.code, message: error?.message ?? '', next: String(line?.next) };
}
const nothingToChange = async (run: Run) => {
  const plan = await run.ended;
  expect([plan.exitCode, outcomes(plan)]).toEqual([0, DONE]);
};

describe('two runs in one folder', () => {
  let project: Checkout;
  let fake: FakeProject;
  let env: NodeJS.ProcessEnv;
  let first: Run;
  const gate = () => join(project.root, 'gate');

  beforeEach(async () => {
    project = checkout();
    fake = await fakeProject(project);
    fake.play(stackFolder('bg-user'), { hold: gate(), after: [APPLIED] });
    env = { ...quickDeployment(project.root, emulator.endpoint, REGIONS), ...fake.env };
    first = deploy(project, env);
    await fake.until(first.ended, () => fake.record('bg-user').length > 0);
  });
  afterEach(() => project.remove());

  it('the second stops before it changes a file, and says who is there', async () => {
    const second = await deploy(project, { ...env, BREAK_GLASS_REGIONS: 'us-east-1,sa-east-1' }).ended;
    expect(second.exitCode).toBe(2);
    expect(second.lines).toMatchObject([{ type: 'error', code: 'workspace-in-use', exitCode: 2 }]);
    expect(second.stderr).toContain(
      `npm run deploy:all is running in this folder: process ${first.pid} on ${hostname()}, since `,
    );
    expect(existsSync(join(project.root, stackFolder('regional-forwarder-sa-east-1')))).toBe(false);
    writeFileSync(gate(), '');
    expect(outcomes(await first.ended)).toEqual(DONE);
  });

  it('the second waits with --lock-timeout, and then runs', async () => {
    const second = deploy(project, env, '--lock-timeout', '60');
    await second.says(`Using the folder after npm run deploy:all (process ${first.pid} on ${hostname()}`);
    writeFileSync(gate(), '');
    const ended = [await first.ended, await second.ended] as const;
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(summaryOf(ended[1]).startedAt >= summaryOf(ended[0]).finishedAt).toBe(true);
  });

  it('the second can be interrupted while it waits', async () => {
    const second = deploy(project, env, '--lock-timeout', '60');
    await second.says('Using the folder after');
    second.signalGroup('SIGINT');
    const ended = await second.ended;
    expect(ended.exitCode).toBe(130);
    expect(outcomes(ended)).toEqual(['bg-user cancelled interrupted', `${FORWARDER} cancelled interrupted`]);
    writeFileSync(gate(), '');
    expect(outcomes(await first.ended)).toEqual(DONE);
  });

  it('the folder of a killed run is free', async () => {
    first.family.kill('SIGKILL');
    await first.ended;
    writeFileSync(gate(), '');
    expect(outcomes(await deploy(project, env).ended)).toEqual(DONE);
  });
});

describe('a state that somebody else has locked', () => {
  let project: Checkout;
  let theirs: FaultProxy;
  beforeEach(async () => {
    await fetch(`${emulator.endpoint}/moto-api/reset`, { method: 'POST' });
    project = checkout();
    theirs = await startFaultProxy(emulator.endpoint);
  });
  afterEach(async () => {
    await theirs.close();
    project.remove();
  });

  it('by terraform in the same folder: names the holder, then waits for it, and nothing is damaged', async () => {
    const env = quickDeployment(project.root, emulator.endpoint, REGIONS);
    expect((await deploy(project, env).ended).exitCode).toBe(0);

    const hanging = theirs.add({ fault: 'hang', region: 'eu-west-1', service: 'events' });
    const byHand = execa((await findTerraform(env)).path, ['apply', '-auto-approve', '-input=false'], {
      cwd: join(project.root, stackFolder(FORWARDER)),
      env: { ...env, AWS_ENDPOINT_URL: theirs.endpoint, CHECKPOINT_DISABLE: '1' },
      extendEnv: false,
      stdin: 'ignore',
    });
    await hanging.met;
    const stopped = await deploy(project, env).ended;
    expect(stopped.exitCode).toBe(1);
    expect(outcomes(stopped)).toEqual(['bg-user succeeded', `${FORWARDER} failed lock`]);
    const failure = failureOf(stopped, FORWARDER);
    expect(failure.message).toMatch(/The state is locked by \S+@\S+ since .* \(apply, lock ID [0-9a-f-]{36}\)\./);
    expect(failure.next).toMatch(/Wait until that run has ended .* The lock ends with the process that holds it\.$/);

    const waits = deploy(project, env, '--lock-timeout', '120', '--resume');
    await waits.until(line => (line.progress as { phase?: string } | undefined)?.phase === 'lock');
    theirs.lift();
    expect((await byHand).exitCode).toBe(0);
    expect(outcomes(await waits.ended)).toEqual([`${FORWARDER} succeeded`]);
    await nothingToChange(deploy(project, env, '--plan'));
    expect(locksIn(project.root)).toEqual([]);
  });

  it('in S3, by a colleague whose run was killed: prints the exact command, never runs it, and goes on after it', async () => {
    const bucket = 'acme-tfstate';
    const Authorization = 'AWS4-HMAC-SHA256 Credential=testing/20261120/us-east-1/s3/aws4_request, Signature=none';
    await fetch(`${emulator.endpoint}/${bucket}`, { method: 'PUT', headers: { Authorization } });
    const backend = { backend: { type: 's3', bucket, region: 'us-east-1' } };
    const colleague = checkout();
    try {
      const hanging = theirs.add({ fault: 'hang', action: 'CreateRole', body: 'BreakGlassForwarder-eu-west-1' });
      const killed = deploy(colleague, quickDeployment(colleague.root, theirs.endpoint, REGIONS, backend));
      await hanging.met;

      const env = quickDeployment(project.root, emulator.endpoint, REGIONS, backend);
      const beside = await deploy(project, env).ended;
      expect(outcomes(beside)).toEqual(['bg-user succeeded', `${FORWARDER} failed lock`]);

      killed.family.kill('SIGKILL');
      await killed.ended;
      const after = await deploy(project, env, '--resume').ended;
      const { code, message, next } = failureOf(after, FORWARDER);
      expect(code).toBe('lock');
      const id = /lock ID ([0-9a-f-]{36})/.exec(message)?.[1] ?? '';
      const command = `cd ${join(project.root, stackFolder(FORWARDER))} && terraform force-unlock ${id}`;
      expect(next).toContain(`Only if it is certain that it died: ${command}`);

      await execa('sh', ['-c', command], { env, extendEnv: false, input: 'yes\n' });
      expect(outcomes(await deploy(project, env, '--resume').ended)).toEqual([`${FORWARDER} succeeded`]);
      await nothingToChange(deploy(project, env, '--plan'));
    } finally {
      colleague.remove();
    }
  });
});
