import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';

const calls: string[] = [];
const noted = <A extends unknown[], R>(name: string, call: (...args: A) => R) => {
  return (...args: A): R => {
    const result = call(...args);
    calls.push(name);
    return result;
  };
};

jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  appendFileSync: noted('append', fs.appendFileSync),
  fsyncSync: noted('sync', fs.fsyncSync),
  renameSync: noted('rename', fs.renameSync),
}));
const { openJournal } = await import('../../src/rollout/journal.ts');

it('a journal is on the disk before it takes its place, and each entry before the next step', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'journal-'));
  try {
    const run = { runId: 'r1', command: 'deploy:all', fingerprint: 'f1', account: '123456789012', stacks: [] };
    const journal = openJournal(join(folder, 'journal.jsonl'), run);
    // The second sync is the folder's: without it the rename isn't certain.
    expect(calls.splice(0)).toEqual(['append', 'sync', 'rename', 'sync']);
    journal.record('A', 'started');
    expect(calls.splice(0)).toEqual(['append', 'sync']);
    journal.close();
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
