import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/rollout/clock.ts';
import { takeRunLock, type RunHolder } from '../../src/rollout/run-lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bg-run-lock-'));
  file = join(folder, 'work/run.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Sleeping only moves the time; `during` happens meanwhile. */
function clockAt(start: number, during: (slept: number) => void = () => {}): Clock {
  let time = start;
  let slept = 0;
  return {
    now: () => time,
    sleep: async ms => {
      time += ms;
      during(++slept);
    },
  };
}

const NOON = Date.parse('2026-11-20T12:00:00.000Z');
const take = (more: Partial<Parameters<typeof takeRunLock>[1]> = {}) =>
  takeRunLock(file, {
    command: 'deploy:all',
    timeoutSeconds: 0,
    signal: new AbortController().signal,
    clock: clockAt(NOON),
    onWait: () => {},
    ...more,
  });
const holder = () => JSON.parse(readFileSync(file, 'utf8')) as RunHolder;
/** As another run would have left it. */
const leave = async (change: Partial<RunHolder>) => {
  await take();
  writeFileSync(file, JSON.stringify({ ...holder(), since: 'earlier', ...change }));
};
/** Above any that Linux gives. https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html, pid_max */
const NO_PROCESS = 2 ** 22 + 1;

describe('the lock of a workspace', () => {
  it('says who has it, and is gone when it is given back', async () => {
    const giveBack = await take();
    expect(holder()).toMatchObject({
      pid: process.pid,
      host: hostname(),
      command: 'deploy:all',
      since: '2026-11-20T12:00:00.000Z',
    });
    expect(readdirSync(join(folder, 'work'))).toEqual(['run.lock']);
    giveBack?.();
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });

  it('stops a second run, which is told who has it', async () => {
    await take();
    await expect(take({ command: 'destroy:all' })).rejects.toMatchObject({
      code: 'workspace-in-use',
      exitCode: 2,
      message: expect.stringContaining(
        `npm run deploy:all is running in this folder: process ${process.pid} on ${hostname()}, since 2026-11-20T12:00:00.000Z.`,
      ),
    });
    expect(holder().command).toBe('deploy:all');
  });

  it('is waited for as long as asked, and said once', async () => {
    await take();
    const waits: string[] = [];
    let slept = 0;
    const clock = clockAt(NOON, times => (slept = times));
    const waiting = take({ clock, timeoutSeconds: 3, onWait: ({ command }) => waits.push(command) });
    await expect(waiting).rejects.toMatchObject({ code: 'workspace-in-use' });
    expect(waits).toEqual(['deploy:all']);
    expect(slept).toBe(6);
  });

  it('is taken as soon as the other run gives it back', async () => {
    const giveBack = await take();
    const clock = clockAt(NOON, times => (times === 2 ? giveBack?.() : undefined));
    await take({ command: 'destroy:all', clock, timeoutSeconds: 60 });
    expect(holder().command).toBe('destroy:all');
  });

  it('is not waited for after an interruption', async () => {
    await take();
    const controller = new AbortController();
    const clock = clockAt(NOON, () => controller.abort());
    expect(await take({ clock, timeoutSeconds: 60, signal: controller.signal })).toBeNull();
  });

  it.each<[string, Partial<RunHolder>]>([
    ['of a process that is gone', { pid: NO_PROCESS }],
    ['of a process whose number another one has by now', { processStart: '1' }],
  ])('%s is taken over', async (_name, change) => {
    await leave(change);
    await take({ command: 'destroy:all' });
    expect(holder()).toMatchObject({ pid: process.pid, command: 'destroy:all' });
    expect(readdirSync(join(folder, 'work'))).toEqual(['run.lock']);
  });

  it.each<[string, Partial<RunHolder>]>([
    ['of another host, where nobody can look', { host: 'elsewhere', pid: NO_PROCESS }],
    ['of a process that does not say when it started', { processStart: null }],
  ])('%s is believed', async (_name, change) => {
    await leave(change);
    await expect(take()).rejects.toMatchObject({ code: 'workspace-in-use' });
  });

  it('that nobody can have written is removed', async () => {
    const giveBack = await take();
    giveBack?.();
    writeFileSync(file, '{"pid":');
    await take();
    expect(holder().pid).toBe(process.pid);
  });

  it('is only given back by the run that has it', async () => {
    const giveBack = await take();
    writeFileSync(file, JSON.stringify({ ...holder(), pid: 1, since: 'later' }));
    giveBack?.();
    expect(existsSync(file)).toBe(true);
  });
});
