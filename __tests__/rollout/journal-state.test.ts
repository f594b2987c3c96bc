import { describe, expect, it } from '@jest/globals';
import { cutOffs, headerText, parseJournal, remaining, stackText } from '../../src/rollout/journal-state.ts';
import type { LastRun, WantedRun } from '../../src/rollout/journal-state.ts';

const inputs = (...pairs: string[]) =>
  pairs.map(pair => {
    const [stack = '', inputHash = 'h1'] = pair.split('@');
    return { stack, inputHash };
  });
const header = {
  runId: 'r1',
  command: 'deploy:all',
  fingerprint: 'f1',
  account: '123456789012',
  stacks: inputs('A', 'B', 'C'),
  alreadyDone: inputs('Z'),
  cutOff: [{ stack: 'Y', runId: 'r0' }],
};
const time = '2026-11-20T03:12:00.000Z';
const text =
  headerText(header, time) +
  stackText('A', 'started', time) +
  stackText('A', 'succeeded', time) +
  stackText('B', 'started', time) +
  stackText('B', 'failed', time) +
  stackText('C', 'started', time);

describe('reading a journal', () => {
  it('gives back the run and the last word on each stack', () => {
    expect(parseJournal(text)).toEqual({
      ...header,
      startedAt: time,
      states: new Map([
        ['A', 'succeeded'],
        ['B', 'failed'],
        ['C', 'started'],
      ]),
      started: new Set(['A', 'B', 'C']),
    });
  });

  it('torn at any byte never takes a stack for further than it came', () => {
    const bytes = Buffer.from(text);
    const begun = Buffer.byteLength(headerText(header, time));
    for (let length = begun; length <= bytes.length; length++) {
      const whole = bytes.subarray(0, length).toString();
      const entries = whole.split('\n').length - 2;
      const words = ['started', 'succeeded', 'started', 'failed', 'started'].slice(0, entries);
      const { states } = parseJournal(whole);
      expect([states.get('A'), states.get('B'), states.get('C')]).toEqual([
        words.slice(0, 2).at(-1),
        words.slice(2, 4).at(-1),
        words.slice(4).at(-1),
      ]);
    }
  });

  it('passes over a line that a crash left in the middle', () => {
    const damaged =
      headerText(header, time) + '\0\0\0\n' + '{"type":"stack","sta\n' + stackText('A', 'succeeded', time);
    expect(parseJournal(damaged).states).toEqual(new Map([['A', 'succeeded']]));
  });

  it.each([
    ['nothing', ''],
    ['a torn header', headerText(header, time).slice(0, -1)],
    ['something else', '{"a":1}\n'],
    ['another version', headerText(header, time).replace('"version":1', '"version":2')],
  ])('refuses %s', (_, content) => {
    expect(() => parseJournal(content)).toThrow('Its first line is no run header of version 1.');
  });
});

describe('what is left to do', () => {
  const lastRun: LastRun = parseJournal(text);
  const wanted: WantedRun = { ...header, stacks: inputs('Z', 'A', 'B', 'C') };

  it('is what did not succeed, in the order wanted, and what was cut off is named', () => {
    expect(remaining(lastRun, wanted)).toEqual({
      todo: ['B', 'C'],
      alreadyDone: inputs('Z', 'A'),
      cutOff: ['C'],
    });
  });

  it('holds a stack that was never started and one that is new', () => {
    const run = { ...lastRun, states: new Map([['A', 'succeeded' as const]]) };
    const { todo, cutOff } = remaining(run, { ...wanted, stacks: inputs('A', 'B', 'new') });
    expect({ todo, cutOff }).toEqual({ todo: ['B', 'new'], cutOff: [] });
  });

  it('holds a finished stack whose input is another now', () => {
    expect(remaining(lastRun, { ...wanted, stacks: inputs('A@h2', 'Z@h2', 'B') }).todo).toEqual(['A', 'Z', 'B']);
  });

  it('leaves out what is not wanted any more', () => {
    expect(remaining(lastRun, { ...wanted, stacks: inputs('A', 'C') }).todo).toEqual(['C']);
  });

  it.each(['failed', 'skipped', 'cancelled', 'started'] as const)('holds a stack whose last word is %s', state => {
    const run = { ...lastRun, states: new Map([['A', state]]) };
    expect(remaining(run, { ...wanted, stacks: inputs('A') }).todo).toEqual(['A']);
  });

  it('believes a later failure more than an earlier success', () => {
    const run = { ...lastRun, stacks: inputs('Z'), states: new Map([['Z', 'failed' as const]]) };
    expect(remaining(run, { ...wanted, stacks: inputs('Z') }).todo).toEqual(['Z']);
  });

  it('leaves out what a run before the resumed one had finished, as often as it is resumed', () => {
    const resumed = {
      ...lastRun,
      stacks: wanted.stacks,
      alreadyDone: inputs('Z', 'A'),
      states: new Map([['B', 'failed' as const]]),
    };
    const { todo, alreadyDone } = remaining(resumed, wanted);
    expect({ todo, alreadyDone }).toEqual({ todo: ['B', 'C'], alreadyDone: inputs('Z', 'A') });
  });

  it.each([
    ['no earlier run', null, wanted, 'nothing-to-resume', 'There is no earlier run to resume.'],
    [
      'a finished run',
      lastRun,
      { ...wanted, stacks: inputs('A', 'Z') },
      'nothing-to-resume',
      'The last run of deploy:all finished every stack: there is nothing to resume.',
    ],
    [
      'another command',
      lastRun,
      { ...wanted, command: 'destroy:all' },
      'resume-refused',
      'command: deploy:all then, destroy:all now.',
    ],
    [
      'another account',
      lastRun,
      { ...wanted, account: '444455556666' },
      'resume-refused',
      'account: 123456789012 then, 444455556666 now.',
    ],
    [
      'another configuration',
      lastRun,
      { ...wanted, fingerprint: 'f2' },
      'resume-refused',
      'the configuration was changed since the run of 2026-11-20T03:12:00.000Z.',
    ],
  ])('with %s is refused with the reason', (_, run, now, code, reason) => {
    let thrown: unknown;
    try {
      remaining(run, now);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'UserError', code, exitCode: 2, message: expect.stringContaining(reason) });
  });
});

describe('what was cut off', () => {
  const at = (...entries: [string, Parameters<typeof stackText>[1]][]) =>
    parseJournal(headerText(header, time) + entries.map(([stack, state]) => stackText(stack, state, time)).join(''));
  const carried = { stack: 'Y', runId: 'r0' };

  it.each<[string, [string, Parameters<typeof stackText>[1]][], { stack: string; runId: string }[]]>([
    ['nothing was started', [['A', 'cancelled']], [carried]],
    ['a stack never ended', [['A', 'started']], [carried, { stack: 'A', runId: 'r1' }]],
    [
      'a stack failed',
      [
        ['A', 'started'],
        ['A', 'failed'],
      ],
      [carried, { stack: 'A', runId: 'r1' }],
    ],
    [
      'a stack was stopped midway',
      [
        ['A', 'started'],
        ['A', 'cancelled'],
      ],
      [carried, { stack: 'A', runId: 'r1' }],
    ],
    [
      'a stack succeeded',
      [
        ['A', 'started'],
        ['A', 'succeeded'],
      ],
      [carried],
    ],
    [
      'one of an earlier run succeeded',
      [
        ['Y', 'started'],
        ['Y', 'succeeded'],
      ],
      [],
    ],
  ])('when %s', (_name, entries, expected) => {
    expect(cutOffs(at(...entries), header.account)).toEqual(expected);
  });

  it('is nothing in another account, and nothing without an earlier run', () => {
    expect(cutOffs(at(['A', 'started']), '999999999999')).toEqual([]);
    expect(cutOffs(null, header.account)).toEqual([]);
  });

  it('is read from a journal of before as nothing', () => {
    const { cutOff: _cutOff, ...old } = header;
    const text = JSON.stringify({ type: 'run', version: 1, startedAt: time, ...old });
    expect(parseJournal(`${text}\n`).cutOff).toEqual([]);
  });
});
