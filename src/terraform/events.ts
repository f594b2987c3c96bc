import type { Changes } from '../rollout/types.ts';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** The resource it is about. */
  readonly address: string | null;
}

/** What terraform's machine readable output says. https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
export type TerraformEvent =
  | { readonly type: 'version'; readonly version: string }
  | { readonly type: 'lock-wait' }
  | { readonly type: 'drift' | 'planned'; readonly address: string; readonly action: string }
  | { readonly type: 'summary'; readonly operation: string; readonly changes: Changes }
  | { readonly type: 'resource'; readonly step: ResourceStep; readonly address: string; readonly action: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'outputs'; readonly outputs: Readonly<Record<string, unknown>> };
export type ResourceStep = 'start' | 'complete' | 'errored';

const STEPS: Readonly<Record<string, ResourceStep>> = {
  apply_start: 'start',
  apply_complete: 'complete',
  apply_errored: 'errored',
};

/** One line of output as an event; null for the kinds that nobody needs, for text and for anything malformed. */
export function parseEvent(line: string): TerraformEvent | null {
  const message = asJson(line);
  if (!message) return plainSummary(line);
  const type = message.type;
  if (typeof type !== 'string') return null;
  const step = STEPS[type];
  if (step) {
    const hook = record(message.hook);
    return { type: 'resource', step, address: address(hook), action: text(hook.action) };
  }
  switch (type) {
    case 'version':
      return { type: 'version', version: text(message.terraform ?? message.tofu) };
    case 'state_lock_acquire':
      return { type: 'lock-wait' };
    case 'planned_change':
    case 'resource_drift': {
      const change = record(message.change);
      return {
        type: type === 'planned_change' ? 'planned' : 'drift',
        address: address(change),
        action: text(change.action),
      };
    }
    case 'change_summary': {
      const changes = record(message.changes);
      const { add, change, remove } = {
        add: count(changes.add),
        change: count(changes.change),
        remove: count(changes.remove),
      };
      return { type: 'summary', operation: text(changes.operation), changes: { add, change, remove } };
    }
    case 'diagnostic': {
      const diagnostic = record(message.diagnostic);
      const severity = diagnostic.severity === 'warning' ? 'warning' : 'error';
      const where = text(diagnostic.address) || null;
      return {
        type: 'diagnostic',
        diagnostic: { severity, summary: text(diagnostic.summary), detail: text(diagnostic.detail), address: where },
      };
    }
    case 'outputs': {
      // While planning there are no values yet, and sensitive ones never come.
      const known = Object.entries(record(message.outputs)).filter(([, output]) => 'value' in record(output));
      return {
        type: 'outputs',
        outputs: Object.fromEntries(known.map(([name, output]) => [name, record(output).value])),
      };
    }
    default:
      return null;
  }
}

/** The errors in output for people: `init`'s, and terraform's own when it can't start. */
export function textDiagnostics(output: string): readonly Diagnostic[] {
  const plain = withoutColours(output).replace(/^[╷│╵] ?/gm, '');
  return plain
    .split(/^(?=(?:Error|Warning): )/m)
    .filter(part => part.startsWith('Error: '))
    .map(part => {
      const [first = '', ...rest] = part.trim().split('\n');
      return {
        severity: 'error',
        summary: first.slice('Error: '.length),
        detail: rest.join('\n').trim(),
        address: null,
      };
    });
}

// Remote operations of HCP Terraform print for people, whatever -json says.
function plainSummary(line: string): TerraformEvent | null {
  const match = /(Apply|Destroy) complete! Resources: (?:(\d+) added, (\d+) changed, )?(\d+) destroyed/.exec(
    withoutColours(line),
  );
  if (!match) return null;
  const changes = { add: Number(match[2] ?? 0), change: Number(match[3] ?? 0), remove: Number(match[4]) };
  return { type: 'summary', operation: match[1] === 'Apply' ? 'apply' : 'destroy', changes };
}

function withoutColours(line: string): string {
  // eslint-disable-next-line no-control-regex
  return line.replace(/\u001b\[[0-9;]*m/g, '');
}

function asJson(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return record(JSON.parse(line));
  } catch {
    return null;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
const address = (of: Record<string, unknown>): string => text(record(of.resource).addr);
