import type { Changes, Progress, ResourceChange, TaskOutcome } from '../rollout/types.ts';
import { StackError } from '../rollout/types.ts';
import type { Environment } from './environment.ts';
import { parseEvent } from './events.ts';
import { stackFailure } from './failure.ts';
import type { TerraformBinary } from './find-terraform.ts';
import { assertUnchanged, type ProviderPackage } from './provider.ts';
import { runTerraform } from './run.ts';

/** One command on one prepared stack folder. */
export interface StackCommand {
  readonly terraform: TerraformBinary;
  readonly provider: ProviderPackage;
  readonly stackDir: string;
  readonly env: Environment;
  readonly logFile: string;
  /** Aborting passes one SIGINT to terraform; the command still ends by itself. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** How long to wait for a state lock that somebody else holds. Default 0: not at all. */
  readonly lockTimeoutSeconds?: number;
  readonly optInRegion?: boolean | undefined;
}

export interface CommandOutcome extends TaskOutcome {
  /** Values of the stack's outputs after an apply, without the sensitive ones; saves an `output` command. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Plans and applies in one command; a plan of its own first would cost two thirds more. */
export function applyStack(command: StackCommand): Promise<CommandOutcome> {
  return execute(command, 'apply', ['apply', '-json', '-input=false', '-auto-approve', ...locking(command)]);
}

export function destroyStack(command: StackCommand): Promise<CommandOutcome> {
  return execute(command, 'destroy', ['destroy', '-json', '-input=false', '-auto-approve', ...locking(command)]);
}

/** Changes nothing; `details` has the resources that an apply would change. */
export function planStack(command: StackCommand): Promise<CommandOutcome> {
  return execute(command, 'plan', ['plan', '-json', '-input=false', '-detailed-exitcode', ...locking(command)]);
}

/** Everything that the stack's state knows, in terraform's own order. */
export async function stateAddresses(command: StackCommand): Promise<readonly string[]> {
  const { terraform, stackDir, env, logFile, signal } = command;
  const lines: string[] = [];
  const args = ['state', 'list'];
  const onLine = (line: string) => lines.push(line);
  const exit = await runTerraform({ terraform, cwd: stackDir, args, env, logFile, signal, onLine });
  // Without any state there is nothing to list, and terraform says so with an exit code.
  if (exit.exitCode !== 0 && !/No state file was found/.test(lines.join('\n'))) {
    throw stackFailure(exit, { ...command, phase: 'prepare' });
  }
  return lines.filter(line => /^[a-z][\w-]*\./.test(line));
}

type Phase = 'apply' | 'destroy' | 'plan';
const NONE: Changes = { add: 0, change: 0, remove: 0 };

async function execute(command: StackCommand, phase: Phase, args: readonly string[]): Promise<CommandOutcome> {
  const { terraform, provider, stackDir, env, logFile, signal } = command;
  await provider.verified;
  await assertUnchanged(provider);

  const seen = follow(phase, command.onProgress ?? (() => {}));
  const exit = await runTerraform({ terraform, cwd: stackDir, args, env, logFile, signal, onLine: seen.line });
  // -detailed-exitcode: 2 is a plan with changes.
  const ended = exit.exitCode === 0 || (phase === 'plan' && exit.exitCode === 2);
  if (!ended) throw stackFailure(exit, { ...command, phase });
  if (!seen.changes()) {
    // A wrapper that swallows exit codes must not count as done.
    const message = `terraform ended with ${exit.exitCode} but never said that the ${phase} was complete.`;
    throw new StackError('unknown', message, phase, logFile, 'Read the end of the log.', exit.interrupted);
  }
  return { changes: seen.changes() ?? NONE, logFile, details: seen.details, outputs: seen.outputs() };
}

function locking(command: StackCommand): readonly string[] {
  return [`-lock-timeout=${command.lockTimeoutSeconds ?? 0}s`];
}

/** Counts what terraform says. A replacement is two steps: one removed, one added. */
function follow(phase: Phase, report: (progress: Progress) => void) {
  const details: ResourceChange[] = [];
  const drifted = new Set<string>();
  let total: number | null = null;
  let done = 0;
  let final: Changes | null = null;
  let outputs: Readonly<Record<string, unknown>> = {};

  const line = (text: string) => {
    const event = parseEvent(text);
    switch (event?.type) {
      case 'lock-wait':
        return report({ phase: 'lock', done, total });
      case 'planned':
        // Data that is read during apply is no change.
        if (event.action !== 'read' && event.action !== 'noop')
          details.push({
            address: event.address,
            action: event.action,
            ...(drifted.has(event.address) ? { drifted: true } : {}),
          });
        return;
      case 'drift':
        // Terraform tells drift before the plan that mends it.
        drifted.add(event.address);
        return;
      case 'summary':
        if (event.operation === phase) final = event.changes;
        if (event.operation !== 'plan' || phase === 'plan') return;
        total = event.changes.add + event.changes.change + event.changes.remove;
        return report({ phase, done, total });
      case 'resource':
        if (event.step !== 'complete' || event.action === 'read') return;
        done += 1;
        return report({ phase, done, total });
      case 'outputs':
        outputs = event.outputs;
        return;
    }
  };
  return { line, details, changes: () => final, outputs: () => outputs };
}
