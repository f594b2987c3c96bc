import { describe, expect, it } from '@jest/globals';
import { createJsonRenderer } from '../../../src/rollout/renderers/json.ts';
import { node, result, Sink, summary } from '../helpers.ts';

const time = '2026-11-20T03:12:00.000Z';
const stack = { type: 'stack', time, stack: 'A', region: 'eu-west-1', attempt: 1 } as const;

function render() {
  const stream = new Sink();
  const renderer = createJsonRenderer({ stream });
  renderer.handle({ type: 'start', time, command: 'deploy:all', stacks: [node('A')], concurrency: 2 });
  renderer.handle({ ...stack, state: 'running' });
  const retry = { attempt: 2, of: 4, reason: 'throttling', delayMs: 1800 };
  renderer.handle({ type: 'retry', time, stack: 'A', state: 'running', ...retry });
  const error = { code: 'permission', message: 'denied\nby "SCP"' };
  renderer.handle({ ...stack, state: 'failed', result: result('A', 'failed', { error }), next: 'ask' });
  renderer.handle({ type: 'interrupt', time, times: 1 });
  renderer.handle({ type: 'summary', time, summary: summary({ stacks: [result('A')] }) });
  return { stream, renderer };
}

describe('NDJSON', () => {
  it('is one whole object per line, with type and time first', () => {
    const lines = render().stream.lines.map(line => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(line => Object.keys(line).slice(0, 2))).toEqual(Array(6).fill(['type', 'time']));
    expect(lines.map(({ type }) => type)).toEqual(['start', 'stack', 'retry', 'stack', 'interrupt', 'summary']);
  });

  it('names stack and state on every line of a stack', () => {
    const lines = render().stream.lines.map(line => JSON.parse(line) as Record<string, unknown>);
    expect(lines.flatMap(line => ('stack' in line ? [`${line['stack']} ${line['state']}`] : []))).toEqual([
      'A running',
      'A running',
      'A failed',
    ]);
  });

  it('ends with the summary spread into its line, and nothing after it', () => {
    const { stream, renderer } = render();
    renderer.handle({ ...stack, state: 'running' });
    renderer.close();
    expect(stream.lines).toHaveLength(6);
    expect(JSON.parse(stream.lines.at(-1) ?? '')).toEqual({
      type: 'summary',
      time,
      ...summary({ stacks: [result('A')] }),
    });
  });

  it('writes nothing after it was closed', () => {
    const stream = new Sink();
    const renderer = createJsonRenderer({ stream });
    renderer.close();
    renderer.handle({ ...stack, state: 'running' });
    expect(stream.text).toBe('');
  });
});
