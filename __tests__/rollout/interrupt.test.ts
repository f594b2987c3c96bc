import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createInterrupt, ECHO_MS } from '../../src/rollout/interrupt.ts';
import { startFixture } from './fixtures/child.ts';

function begin() {
  const source = new EventEmitter();
  const said: string[] = [];
  let time = 0;
  const interrupt = createInterrupt({
    source,
    now: () => time,
    onFirst: () => said.push('first'),
    onSecond: times => said.push(`passed on ${times}`),
  });
  /** `SIGINT@600`: the signal, and when it comes. */
  const play = (text: string): string[] => {
    for (const [name = '', at] of text.split(' ').map(part => part.split('@'))) {
      time = Number(at);
      source.emit(name, name);
    }
    return said;
  };
  return { source, interrupt, play };
}

describe('signals', () => {
  it.each<[string, string[]]>([
    ['SIGINT@0', ['first']],
    ['SIGTERM@0', ['first']],
    ['SIGHUP@0', ['first']],
    ['SIGINT@0 SIGINT@35', ['first']],
    [`SIGINT@0 SIGINT@${ECHO_MS - 1}`, ['first']],
    [`SIGINT@0 SIGINT@${ECHO_MS}`, ['first', 'passed on 2']],
    ['SIGINT@0 SIGINT@35 SIGINT@2000 SIGINT@2035', ['first', 'passed on 2']],
    ['SIGINT@0 SIGINT@2000 SIGINT@4000', ['first', 'passed on 2', 'passed on 3']],
    ['SIGTERM@0 SIGINT@2000', ['first', 'passed on 2']],
    ['SIGINT@0 SIGTERM@2000 SIGHUP@4000', ['first']],
    ['SIGHUP@0 SIGHUP@2000', ['first']],
    ['SIGINT@0 SIGTERM@2000 SIGINT@2100', ['first', 'passed on 2']],
  ])('%p do %p', (text, expected) => {
    expect(begin().play(text)).toEqual(expected);
  });

  it('abort the signal at the first, before anybody is told', () => {
    const { interrupt, play } = begin();
    expect(interrupt.signal.aborted).toBe(false);
    play('SIGINT@0');
    expect(interrupt.signal.aborted).toBe(true);
  });

  it('have one handler each, and none after dispose', () => {
    const { source, interrupt } = begin();
    const handlers = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map(name => source.listenerCount(name));
    expect(handlers()).toEqual([1, 1, 1]);
    interrupt.dispose();
    expect(handlers()).toEqual([0, 0, 0]);
  });
});

describe('a real process in its own group', () => {
  let child: ReturnType<typeof startFixture> | undefined;
  afterEach(() => child?.end());

  it('takes the first Ctrl-C, ignores its echo, passes on the next, and ends when it wants to', async () => {
    child = startFixture('interruptible.ts');
    expect(await child.line()).toBe('ready');
    child.signalGroup('SIGINT');
    expect(await child.line()).toBe('first, aborted: true');
    child.signalGroup('SIGINT');
    child.tell('later');
    expect(await child.line()).toBe('is later');
    child.signalGroup('SIGINT');
    expect(await child.line()).toBe('passed on, 2');
    child.tell('130');
    expect(await child.ended).toEqual({ code: 130, signal: null });
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('is not ended by %s', async signal => {
    child = startFixture('interruptible.ts');
    expect(await child.line()).toBe('ready');
    child.signalGroup(signal);
    expect(await child.line()).toBe('first, aborted: true');
    child.tell('0');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it('ends by the signal once the handler is disposed', async () => {
    child = startFixture('interruptible.ts');
    expect(await child.line()).toBe('ready');
    child.tell('dispose');
    expect(await child.line()).toBe('disposed');
    child.signalGroup('SIGINT');
    expect(await child.ended).toEqual({ code: null, signal: 'SIGINT' });
  });
});
