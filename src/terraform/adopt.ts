import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from '../rollout/types.ts';
import { applyStack, destroyStack, stateAddresses, type CommandOutcome, type StackCommand } from './commands.ts';
import { begunCreations, codeOf } from './earlier-run.ts';
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
  /** The id of the key of that description, created since then; null when there is none. */
  readonly findKey: (key: KeySearch) => Promise<string | null>;
}

export interface KeySearch {
  readonly description: string;
  /** The aliases of the stack. */
  readonly aliases: readonly string[];
  readonly createdSince: Date;
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
 * may be repeated. A key has no name, so that AWS would just make another one: it is looked for before.
 */
export async function applyAdopting(command: StackCommand, request: AdoptRequest): Promise<CommandOutcome> {
  const file = join(command.stackDir, ADOPTION_FILE);
  const { imports, perhapsLeft } = await keysOfEarlierRuns(command, request);
  try {
    for (;;) {
      if (imports.size > 0) {
        const blocks = [...imports].map(([to, id]) => ({ to, id }));
        await writeFile(file, JSON.stringify({ import: blocks }, null, 2));
      }
      try {
        const outcome = await applyStack(command);
        const adopted = imports.size === 0 ? {} : { adopted: [...imports.keys()] };
        return { ...outcome, ...adopted, ...(perhapsLeft.length === 0 ? {} : { perhapsLeft }) };
      } catch (error) {
        // What depends on a resource that exists is only tried once that one is adopted, hence the loop.
        const found = await ownResources(error, command.stackDir, request);
        const fresh = found.filter(([address]) => !imports.has(address));
        if (fresh.length === 0) throw tellingOf([...imports.keys()], error);
        for (const [address, id] of fresh) imports.set(address, id);
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
  const unknown = [...(await unknownCreations(command, request)).keys()];
  if (unknown.length === 0) return destroyStack(command);
  let perhapsLeft: CommandOutcome['perhapsLeft'];
  try {
    ({ perhapsLeft } = await applyAdopting(command, request));
  } catch (error) {
    if (!(error instanceof StackError) || error.interrupted) throw error;
    await destroyStack(command);
    const { code, message, phase, logFile, next } = error;
    const left = `What the state knows is destroyed. Begun by an earlier run, unknown to it and perhaps left: ${unknown.join(', ')}`;
    throw new StackError(code, `${left}\n${message}`, phase, logFile, next);
  }
  return { ...(await destroyStack(command)), ...(perhapsLeft && { perhapsLeft }) };
}

/** Of what earlier runs began to create, by kind, that which the state doesn't know; with the time of the beginning. */
async function unknownCreations(command: StackCommand, { earlierLogs }: AdoptRequest, type = '') {
  const begun = [...(await begunCreations(earlierLogs))].filter(([address]) => address.startsWith(type));
  const known = new Set(begun.length === 0 ? [] : await stateAddresses(command));
  return new Map(begun.filter(([address]) => !known.has(address)));
}

/** Keys that earlier runs began to create and the state doesn't know, by address; and those that nobody could look for. */
async function keysOfEarlierRuns(command: StackCommand, request: AdoptRequest) {
  const imports = new Map<string, string>();
  const perhapsLeft: string[] = [];
  const { aws_kms_key: keys = {}, aws_kms_alias: named = {} } = await resourcesOf(command.stackDir);
  const aliases = Object.values(named).map(({ name }) => String(name));
  for (const [address, createdSince] of await unknownCreations(command, request, 'aws_kms_key.')) {
    const description = keys[address.split('.')[1] ?? '']?.description;
    if (typeof description !== 'string' || createdSince === null) continue;
    try {
      const id = await request.findKey({ description, aliases, createdSince });
      if (id !== null) imports.set(address, id);
    } catch (error) {
      perhapsLeft.push(`${address} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return { imports, perhapsLeft };
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
  const resources = await resourcesOf(stackDir);
  return error.diagnostics.flatMap(diagnostic => {
    const { address } = diagnostic;
    if (address === null || codeOf(diagnostic) !== 'exists' || !begun.has(address)) return [];
    const [type = '', name = ''] = address.split('.');
    const id = importId(type, resources[type]?.[name]?.name, place);
    return id === null ? [] : [[address, id] as [string, string]];
  });
}

type Resources = Readonly<Record<string, Readonly<Record<string, { name?: unknown; description?: unknown }>>>>;

async function resourcesOf(stackDir: string): Promise<Resources> {
  const text = await readFile(join(stackDir, 'cdk.tf.json'), 'utf8');
  return (JSON.parse(text) as { resource?: Resources }).resource ?? {};
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
