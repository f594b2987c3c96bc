import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from '../rollout/types.ts';
import { classify, isTransient } from './classify.ts';
import { applyStack, destroyStack, stateAddresses, type CommandOutcome, type StackCommand } from './commands.ts';
import { parseEvent, type Diagnostic } from './events.ts';
import { TerraformFailure } from './failure.ts';

/** Where a stack's resources are. */
interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

export interface AdoptRequest {
  readonly place: Place;
  /** Logs of this stack in earlier runs that were cut off, as terraform's JSON lines. One that is gone proves nothing. */
  readonly earlierLogs: readonly string[];
}

/** Beside the synthesized configuration while it's needed: import blocks. */
export const ADOPTION_FILE = 'break-glass-adopt.tf.json';

/**
 * Applies a stack in which an earlier run of ours was cut off. A process that is killed between the creation of a
 * resource and the next write of the state leaves a resource that the state doesn't know; at the next apply AWS says that
 * it exists already. Such a one is imported into the state and the apply goes on.
 *
 * Only what the earlier run's own log shows it began to create is taken over, so never somebody else's resource of
 * that name; the outcome says what it was.
 *
 * Most kinds don't need this: rules, targets, inline policies, attachments, topics and queues are created by calls that
 * may be repeated.
 */
export async function applyAdopting(command: StackCommand, request: AdoptRequest): Promise<CommandOutcome> {
  const file = join(command.stackDir, ADOPTION_FILE);
  const imports = new Map<string, string>();
  try {
    for (;;) {
      try {
        const outcome = await applyStack(command);
        return imports.size === 0 ? outcome : { ...outcome, adopted: [...imports.keys()] };
      } catch (error) {
        // What depends on a resource that exists is only tried once that one is adopted, hence the loop.
        const found = await ownResources(error, command.stackDir, request);
        const fresh = found.filter(([address]) => !imports.has(address));
        if (fresh.length === 0) throw tellingOf([...imports.keys()], error);
        for (const [address, id] of fresh) imports.set(address, id);
        const blocks = [...imports].map(([to, id]) => ({ to, id }));
        await writeFile(file, JSON.stringify({ import: blocks }, null, 2));
      }
    }
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Destroys a stack in which an earlier run of ours was cut off, with what its state doesn't know of. That is applied
 * first, as an apply finds it again by its name; a teardown alone would leave it behind and call itself complete.
 */
export async function destroyAdopting(command: StackCommand, request: AdoptRequest): Promise<CommandOutcome> {
  const begun = await begunCreations(request.earlierLogs);
  const known = begun.size === 0 ? begun : new Set(await stateAddresses(command));
  const unknown = [...begun].filter(address => !known.has(address));
  if (unknown.length === 0) return destroyStack(command);
  try {
    await applyAdopting(command, request);
  } catch (error) {
    if (!(error instanceof StackError) || error.interrupted) throw error;
    await destroyStack(command);
    const { code, message, phase, logFile, next } = error;
    const left = `What the state knows is destroyed. Begun by an earlier run, unknown to it and perhaps left: ${unknown.join(', ')}`;
    throw new StackError(code, `${left}\n${message}`, phase, logFile, next);
  }
  return destroyStack(command);
}

/** A failure after an adoption: nothing is taken over silently. */
function tellingOf(adopted: readonly string[], error: unknown): unknown {
  if (adopted.length === 0 || !(error instanceof StackError)) return error;
  const { code, message, phase, logFile, next, interrupted } = error;
  const told = `${message}\nBefore that, taken into the state from an earlier run that was cut off: ${adopted.join(', ')}`;
  return new StackError(code, told, phase, logFile, next, interrupted);
}

/** Address and import id of each resource that the failure is about and that we began to create. */
async function ownResources(
  error: unknown,
  stackDir: string,
  { place, earlierLogs }: AdoptRequest,
): Promise<[string, string][]> {
  if (!(error instanceof TerraformFailure) || error.code !== 'exists') return [];
  const begun = await begunCreations(earlierLogs);
  const { resource = {} } = JSON.parse(await readFile(join(stackDir, 'cdk.tf.json'), 'utf8')) as Synthesized;
  return error.diagnostics.flatMap(diagnostic => {
    const { address } = diagnostic;
    if (address === null || codeOf(diagnostic) !== 'exists' || !begun.has(address)) return [];
    const [type = '', name = ''] = address.split('.');
    const id = importId(type, resource[type]?.[name]?.name, place);
    return id === null ? [] : [[address, id] as [string, string]];
  });
}

interface Synthesized {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, { readonly name?: unknown }>>>>;
}

/**
 * The import id of what AWS creates only once under a name; null for other kinds and for names that terraform makes.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs, section "Import" of each resource
 */
function importId(type: string, name: unknown, { partition, account, region }: Place): string | null {
  if (typeof name !== 'string' || name.includes('${')) return null;
  switch (type) {
    case 'aws_iam_role':
    case 'aws_iam_user':
    case 'aws_cloudwatch_log_group':
    case 'aws_kms_alias':
      return name;
    case 'aws_iam_policy':
      return `arn:${partition}:iam::${account}:policy/${name}`;
    // Only when the state was lost and the key with it: then the topic exists "with different attributes".
    case 'aws_sns_topic':
      return `arn:${partition}:sns:${region}:${account}:${name}`;
    default:
      return null;
  }
}

/** Addresses that the logs show a creation of, without those that AWS refused: what exists of these is not ours. */
async function begunCreations(logFiles: readonly string[]): Promise<ReadonlySet<string>> {
  const begun = new Set<string>();
  for (const file of logFiles) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const refused = new Set<string>();
    const started = new Set<string>();
    for (const line of text.split('\n')) {
      const event = parseEvent(line);
      if (event?.type === 'resource' && event.step === 'start' && event.action === 'create') started.add(event.address);
      if (event?.type !== 'diagnostic' || event.diagnostic.address === null) continue;
      const code = codeOf(event.diagnostic);
      // Unknown: a call that was stopped in its middle.
      if (code !== 'unknown' && !isTransient(code)) refused.add(event.diagnostic.address);
    }
    for (const address of started) if (!refused.has(address)) begun.add(address);
  }
  return begun;
}

const codeOf = ({ summary, detail }: Diagnostic) => classify(`${summary}\n${detail}`);
