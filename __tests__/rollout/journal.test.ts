import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openJournal, readLastRun } from '../../src/rollout/journal.ts';
import { runGraph } from '../../src/rollout/scheduler.ts';
import { startFixture } from './fixtures/child.ts';
import { controlledTask, fakeClock, graph, settled } from './helpers.ts';

const run = {
  runId: 'r1',
  command: 'deploy:all',
  fingerprint: 'f1',
  account: '123456789012',
  stacks: [{ stack: 'A', inputHash: 'h1' }],
};
const time = '2026-11-20T03:12:00.000Z';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'deep', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a journal', () => {
  it('is JSON lines, one per start and end, and the only file in its folder', () => {
    const journal = openJournal(file, run, () => time);
    journal.record('A', 'started');
    journal.record('A', 'succeeded');
    journal.close();
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      `{"type":"run","version":1,"startedAt":"${time}","alreadyDone":[],"cutOff":[],"runId":"r1","command":"deploy:all",` +
        `"fingerprint":"f1","account":"123456789012","stacks":[{"stack":"A","inputHash":"h1"}]}`,
      `{"type":"stack","time":"${time}","stack":"A","state":"started"}`,
      `{"type":"stack","time":"${time}","stack":"A","state":"succeeded"}`,
      '',
    ]);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['journal.jsonl']);
  });

  it('takes the place of the last one', () => {
    openJournal(file, run).close();
    openJournal(file, { ...run, runId: 'r2', alreadyDone: run.stacks }).close();
    expect(readLastRun(file)).toMatchObject({ runId: 'r2', alreadyDone: run.stacks, states: new Map() });
  });

  it('says at each moment of a run what was started and what ended', async () => {
    const journal = openJournal(file, run);
    const { task, at } = controlledTask();
    const { signal } = new AbortController();
    const onRecord = () => Object.fromEntries(readLastRun(file)?.states ?? []);
    const options = { concurrency: 1, signal, clock: fakeClock(), random: Math.random, onEvent: journal.handle };
    const done = runGraph({ nodes: graph('A -> B'), task, ...options });
    expect(onRecord()).toEqual({ A: 'started' });
    at('A').context.report({ phase: 'apply', done: 1, total: 2 });
    await at('A').fail(new Error('boom'));
    expect(onRecord()).toEqual({ A: 'failed', B: 'skipped' });
    await done;
    journal.close();
    expect(readFileSync(file, 'utf8').match(/"A"/g)).toHaveLength(3);
  });

  it('that cannot be written keeps a stack from being started', async () => {
    const journal = openJournal(file, run);
    journal.close();
    const { task, names } = controlledTask();
    const { signal } = new AbortController();
    const options = { concurrency: 1, signal, clock: fakeClock(), random: Math.random, onEvent: journal.handle };
    const done = runGraph({ nodes: graph('A'), task, ...options });
    await settled();
    expect(names()).toBe('');
    expect(await done).toMatchObject([{ state: 'failed', error: { code: 'unexpected' } }]);
  });
});

describe('the last run', () => {
  it('is null if there was none', () => {
    expect(readLastRun(file)).toBeNull();
  });

  it('is refused, with the file and a way out, if its record is damaged', () => {
    const damaged = join(folder, 'journal.jsonl');
    writeFileSync(damaged, '{"type":');
    expect(() => readLastRun(damaged)).toThrow(
      `The record of the last run, ${damaged}, can't be read.\n` +
        '  Its first line is no run header of version 1.\n' +
        '  Fix: run again without --resume: finished stacks are found unchanged.',
    );
  });
});

describe('a writer that is killed by SIGKILL', () => {
  let child: ReturnType<typeof startFixture> | undefined;
  afterEach(() => child?.end());

  it.each([0, 7, 40])('after stack %p has lost nothing that it said', async last => {
    child = startFixture('journal-writer.ts', file);
    for (let number = 0; number <= last; number++) expect(await child.line()).toBe(String(number));
    child.signalGroup('SIGKILL');
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const states = [...(readLastRun(file)?.states.values() ?? [])];
    expect(states.slice(0, last + 1)).toEqual(Array(last + 1).fill('succeeded'));
    expect(states.slice(0, -1).every(state => state === 'succeeded')).toBe(true);
  });
});
