import { describe, expect, it } from '@jest/globals';
import { parseEvent, textDiagnostics } from '../../src/terraform/events.ts';

const resource = { addr: 'aws_x.y', module: '', resource_type: 'aws_x' };
const line = (message: Record<string, unknown>) =>
  JSON.stringify({ '@level': 'info', '@module': 'terraform.ui', ...message });

describe('an event of terraform', () => {
  it.each([
    [
      { type: 'version', terraform: '1.11.4', ui: '1.2' },
      { type: 'version', version: '1.11.4' },
    ],
    [
      { type: 'version', tofu: '1.10.0', ui: '1.2' },
      { type: 'version', version: '1.10.0' },
    ],
    [{ type: 'state_lock_acquire' }, { type: 'lock-wait' }],
    [
      { type: 'planned_change', change: { resource, action: 'create' } },
      { type: 'planned', address: 'aws_x.y', action: 'create' },
    ],
    [
      { type: 'resource_drift', change: { resource, action: 'update' } },
      { type: 'drift', address: 'aws_x.y', action: 'update' },
    ],
    [
      { type: 'change_summary', changes: { add: 1, change: 2, import: 0, remove: 3, operation: 'plan' } },
      { type: 'summary', operation: 'plan', changes: { add: 1, change: 2, remove: 3 } },
    ],
    [
      { type: 'apply_start', hook: { resource, action: 'create' } },
      { type: 'resource', step: 'start', address: 'aws_x.y', action: 'create' },
    ],
    [
      { type: 'apply_complete', hook: { resource, action: 'delete' } },
      { type: 'resource', step: 'complete', address: 'aws_x.y', action: 'delete' },
    ],
    [
      { type: 'apply_errored', hook: { resource, action: 'update' } },
      { type: 'resource', step: 'errored', address: 'aws_x.y', action: 'update' },
    ],
    [
      { type: 'diagnostic', diagnostic: { severity: 'error', summary: 's', detail: 'd', address: 'aws_x.y' } },
      { type: 'diagnostic', diagnostic: { severity: 'error', summary: 's', detail: 'd', address: 'aws_x.y' } },
    ],
    [
      { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 's' } },
      { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 's', detail: '', address: null } },
    ],
    [
      {
        type: 'outputs',
        outputs: { arn: { sensitive: false, value: 'a' }, secret: { sensitive: true }, none: { value: null } },
      },
      { type: 'outputs', outputs: { arn: 'a', none: null } },
    ],
  ])('%j is understood', (message, event) => {
    expect(parseEvent(line(message))).toEqual(event);
  });

  it.each(['', 'text', '{', '[]', '"x"', 'null', '{"type":1}', '{"type":"refresh_start"}', '{"no":"type"}'])(
    '%j is none',
    text => {
      expect(parseEvent(text)).toBeNull();
    },
  );

  it('survives messages that lack their parts', () => {
    expect(parseEvent('{"type":"planned_change"}')).toEqual({ type: 'planned', address: '', action: '' });
    expect(parseEvent('{"type":"change_summary","changes":null}')).toMatchObject({
      changes: { add: 0, change: 0, remove: 0 },
    });
  });

  it('reads the closing line of a remote run, which is text', () => {
    const apply = '\u001b[0m\u001b[1mApply complete! Resources: 12 added, 1 changed, 0 destroyed.\u001b[0m';
    expect(parseEvent(apply)).toEqual({
      type: 'summary',
      operation: 'apply',
      changes: { add: 12, change: 1, remove: 0 },
    });
    expect(parseEvent('Destroy complete! Resources: 3 destroyed.')).toEqual({
      type: 'summary',
      operation: 'destroy',
      changes: { add: 0, change: 0, remove: 3 },
    });
  });
});

describe('errors in text', () => {
  it('are taken out of boxes and colours, without the warnings between them', () => {
    const output =
      'Initializing...\n\n\u001b[31m╷\u001b[0m\n│ Error: one\n│ \n│ first\n│   line\n╵\n╷\n│ Warning: w\n╵\n╷\n│ Error: two\n╵\n';
    expect(textDiagnostics(output)).toEqual([
      { severity: 'error', summary: 'one', detail: 'first\n  line', address: null },
      { severity: 'error', summary: 'two', detail: '', address: null },
    ]);
  });

  it('are none in other text', () => {
    expect(textDiagnostics('panic: runtime error')).toEqual([]);
  });
});
