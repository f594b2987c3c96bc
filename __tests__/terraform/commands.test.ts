import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StackError, type Progress } from '../../src/rollout/types.ts';
import { applyStack, destroyStack, planStack, type StackCommand } from '../../src/terraform/commands.ts';
import { readOutputs } from '../../src/terraform/outputs.ts';
import type { ProviderPackage } from '../../src/terraform/provider.ts';
import {
  fakeProvider,
  fakeTerraform,
  fileSays,
  playing,
  recorded,
  temporaryFolder,
} from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
let record: string;
let provider: ProviderPackage;
beforeEach(async () => {
  folder = temporaryFolder();
  record = join(folder.path, 'record');
  mkdirSync(join(folder.path, 'package'));
  writeFileSync(join(folder.path, 'package', 'provider'), 'binary');
  provider = await fakeProvider(join(folder.path, 'package'));
});
afterEach(() => folder.remove());

const logFile = () => join(folder.path, 'stack.log');
const command = (play: Record<string, unknown>, more: Partial<StackCommand> = {}): StackCommand => ({
  terraform: fakeTerraform,
  provider,
  stackDir: folder.path,
  env: playing({ record, ...play }),
  logFile: logFile(),
  ...more,
});
const resource = (addr: string) => ({ addr });
const planned = (addr: string, action: string) => ({
  type: 'planned_change',
  change: { resource: resource(addr), action },
});
const complete = (addr: string, action: string) => ({
  type: 'apply_complete',
  hook: { resource: resource(addr), action },
});
const summary = (operation: string, add: number, change: number, remove: number) => ({
  type: 'change_summary',
  changes: { operation, add, change, remove },
});
const diagnostic = (text: string, detail = '', address?: string) => ({
  type: 'diagnostic',
  diagnostic: { severity: 'error', summary: text, detail, address },
});
const failure = async (run: Promise<unknown>) => {
  const error = await run.then(() => null).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StackError);
  return error as StackError;
};

describe('applying a stack', () => {
  it('is one command, with locking', async () => {
    await applyStack(command({ lines: [summary('apply', 0, 0, 0)] }, { lockTimeoutSeconds: 30 }));
    expect(recorded(record).flatMap(entry => (entry.args ? [entry.args] : []))).toEqual([
      ['apply', '-json', '-input=false', '-auto-approve', '-lock-timeout=30s'],
    ]);
  });

  it('counts what is planned and what is done, a replacement twice, data not at all', async () => {
    const progress: Progress[] = [];
    const lines = [
      { type: 'state_lock_acquire' },
      planned('aws_a.x', 'create'),
      planned('aws_b.y', 'replace'),
      planned('data.aws_c.z', 'read'),
      summary('plan', 2, 0, 1),
      complete('data.aws_c.z', 'read'),
      complete('aws_b.y', 'delete'),
      complete('aws_a.x', 'create'),
      complete('aws_b.y', 'create'),
      summary('apply', 2, 0, 1),
      { type: 'outputs', outputs: { topicArn: { value: 'arn' } } },
    ];
    const outcome = await applyStack(command({ lines }, { onProgress: at => progress.push(at) }));
    expect(outcome).toEqual({
      changes: { add: 2, change: 0, remove: 1 },
      logFile: logFile(),
      details: [
        { address: 'aws_a.x', action: 'create' },
        { address: 'aws_b.y', action: 'replace' },
      ],
      outputs: { topicArn: 'arn' },
    });
    expect(progress).toEqual([
      { phase: 'lock', done: 0, total: null },
      ...[0, 1, 2, 3].map(done => ({ phase: 'apply', done, total: 3 })),
    ]);
  });

  it('is not done when terraform ends well but never said so', async () => {
    const error = await failure(applyStack(command({ lines: [summary('plan', 1, 0, 0)] })));
    expect(error).toMatchObject({ code: 'unknown', phase: 'apply', logFile: logFile(), interrupted: false });
    expect(error.message).toMatch(/never said that the apply was complete/);
  });

  it('fails with the class, the words and the next step of the deciding error', async () => {
    const denied = diagnostic('creating Rule: AccessDeniedException: no', 'really no', 'aws_rule.x');
    const error = await failure(applyStack(command({ lines: [diagnostic('ThrottlingException'), denied], exit: 1 })));
    expect(error).toMatchObject({ code: 'permission', phase: 'apply', logFile: logFile(), interrupted: false });
    expect(error.message).toBe(
      'creating Rule: AccessDeniedException: no\nreally no (aws_rule.x)\nand 1 more error in the log',
    );
    expect(error.next).toMatch(/^Allow the deploying identity/);
  });

  it('names who holds the lock', async () => {
    const info =
      'Lock Info:\n  ID:        abc-1\n  Operation: OperationTypePlan\n  Who:       ana@laptop\n  Created:   2026-11-21 01:00\n';
    const error = await failure(
      applyStack(command({ lines: [diagnostic('Error acquiring the state lock', info)], exit: 1 })),
    );
    expect(error.code).toBe('lock');
    expect(error.message).toBe('The state is locked by ana@laptop since 2026-11-21 01:00 (plan, lock ID abc-1).');
    expect(error.next).toContain(`cd ${folder.path} && ${fakeTerraform.path} force-unlock abc-1`);
  });

  it('passes on the last lines of a terraform that crashed', async () => {
    const error = await failure(applyStack(command({ stderr: 'panic: nil pointer\n', exit: 2 })));
    expect(error).toMatchObject({
      code: 'unknown',
      message: 'terraform ended with 2 and gave no reason.\npanic: nil pointer',
    });
  });

  it('names a signal that nobody of us sent', async () => {
    const run = applyStack(command({ hold: true }));
    await fileSays(record, text => text.includes('"start"'));
    process.kill(recorded(record)[0]?.pid ?? 0, 'SIGKILL');
    expect(await failure(run)).toMatchObject({ code: 'killed', message: expect.stringContaining('SIGKILL') });
  });

  it('is interrupted, not failed, when it was asked to stop', async () => {
    const stop = new AbortController();
    const play = { hold: true, onSignal: [diagnostic('execution halted')] };
    const run = applyStack(command(play, { signal: stop.signal }));
    await fileSays(record, text => text.includes('"start"'));
    stop.abort();
    expect(await failure(run)).toMatchObject({ code: 'interrupted', interrupted: true });
    expect(recorded(record).filter(entry => entry.event === 'signal')).toHaveLength(1);
  });

  it('is done when it was asked to stop too late', async () => {
    const stop = new AbortController();
    const play = { lines: [summary('apply', 1, 0, 0)], hold: true, stopExit: 0 };
    const run = applyStack(command(play, { signal: stop.signal }));
    await fileSays(record, text => text.includes('"start"'));
    stop.abort();
    expect((await run).changes.add).toBe(1);
  });
});

describe('the provider', () => {
  it('is not used before it is known to be the locked one', async () => {
    const verified = Promise.reject(new Error('wrong'));
    await expect(applyStack(command({}, { provider: { ...provider, verified } }))).rejects.toThrow('wrong');
    expect(recorded(record)).toEqual([]);
  });

  it('is not used when it has changed since', async () => {
    writeFileSync(join(folder.path, 'package', 'provider'), 'yranib');
    await expect(planStack(command({}))).rejects.toMatchObject({ code: 'provider-changed' });
    expect(recorded(record)).toEqual([]);
  });
});

describe('destroying a stack', () => {
  it('is one command and counts what is removed', async () => {
    const lines = [
      summary('plan', 0, 0, 2),
      complete('a', 'delete'),
      complete('b', 'delete'),
      summary('destroy', 0, 0, 2),
    ];
    const outcome = await destroyStack(command({ lines }));
    expect(outcome.changes).toEqual({ add: 0, change: 0, remove: 2 });
    expect(recorded(record)[0]?.args).toEqual([
      'destroy',
      '-json',
      '-input=false',
      '-auto-approve',
      '-lock-timeout=0s',
    ]);
  });
});

describe('planning a stack', () => {
  it.each([0, 2])('succeeds with exit code %d', async exit => {
    const lines = [planned('a', 'update'), summary('plan', 0, 1, 0)];
    const outcome = await planStack(command({ lines, exit }));
    expect(outcome).toMatchObject({
      changes: { add: 0, change: 1, remove: 0 },
      details: [{ address: 'a', action: 'update' }],
    });
    expect(recorded(record)[0]?.args).toEqual([
      'plan',
      '-json',
      '-input=false',
      '-detailed-exitcode',
      '-lock-timeout=0s',
    ]);
  });

  it('fails with exit code 1, and an apply with 2', async () => {
    expect(await failure(planStack(command({ exit: 1 })))).toMatchObject({ phase: 'plan' });
    expect(await failure(applyStack(command({ exit: 2, lines: [summary('apply', 0, 0, 0)] })))).toMatchObject({
      phase: 'apply',
    });
  });
});

describe('reading outputs', () => {
  const read = (play: Record<string, unknown>) =>
    readOutputs({ terraform: fakeTerraform, stackDir: folder.path, env: playing({ record, ...play }) });

  it('gives their values, sensitive ones too', async () => {
    const outputs = { a: { value: 1, sensitive: false }, b: { value: ['x'], sensitive: true } };
    expect(await read({ lines: [outputs] })).toEqual({ a: 1, b: ['x'] });
    expect(recorded(record)[0]?.args).toEqual(['output', '-json', '-no-color']);
  });

  it('fails by class, or when it is not JSON', async () => {
    expect(await failure(read({ stderr: 'Error: Backend initialization required\n\nx\n', exit: 1 }))).toMatchObject({
      code: 'backend',
      phase: 'outputs',
    });
    expect(await failure(read({ lines: ['hello'] }))).toMatchObject({ code: 'unknown' });
  });
});
