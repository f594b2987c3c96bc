import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectNodes } from '../rollout/graph.ts';
import { openJournal, readLastRun, type Journal } from '../rollout/journal.ts';
import { cutOffs, remaining, type CutOff, type LastRun, type StackInput } from '../rollout/journal-state.ts';
import type { StackNode } from '../rollout/types.ts';
import type { RolloutRequest } from './rollout-request.ts';
import { stackDir, type Workspace } from './workspace.ts';

/** A run as its journal knows it. */
export interface Begun {
  readonly journal: Journal | null;
  readonly nodes: readonly StackNode[];
  readonly alreadyDone: readonly string[];
  readonly cutOff: readonly CutOff[];
}

/** Of a plan, and of a run that was interrupted before its first stack. */
export const NOTHING_BEGUN = { journal: null, alreadyDone: [], cutOff: [] } as const;

/** Opens the journal. A plan leaves none, so that it never takes the place of an unfinished deployment's. */
export function beginRun(
  { command, mode, preflight, workspace, resume = false }: RolloutRequest,
  wanted: readonly StackNode[],
  startedAt: Date,
): Begun {
  if (mode === 'plan') return { ...NOTHING_BEGUN, nodes: wanted };
  const stacks: StackInput[] = wanted.map(({ id }) => ({ stack: id, inputHash: inputHash(workspace, id) }));
  const file = join(workspace.workDir, 'journal.jsonl');
  const account = preflight.identity.accountId;
  const fingerprint = sha256(JSON.stringify(preflight.config));
  const lastRun = resume ? readLastRun(file) : lastRunIfAny(file);
  const cutOff = cutOffs(lastRun, account);
  const run = { runId: runIdOf(startedAt), command, fingerprint, account, stacks, cutOff };
  if (!resume) return { journal: openJournal(file, run), nodes: wanted, alreadyDone: [], cutOff };
  const { todo, alreadyDone } = remaining(lastRun, run);
  return {
    journal: openJournal(file, { ...run, alreadyDone }),
    nodes: selectNodes(wanted, todo),
    alreadyDone: alreadyDone.map(input => input.stack),
    cutOff,
  };
}

/** A plain run begins anew, whatever the last one left. */
function lastRunIfAny(file: string): LastRun | null {
  try {
    return readLastRun(file);
  } catch {
    return null;
  }
}

/** `20261120T031209Z`: sorts by time and names a folder anywhere. */
export function runIdOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function inputHash(workspace: Workspace, stack: string): string {
  return sha256(readFileSync(join(stackDir(workspace, stack), 'cdk.tf.json'), 'utf8'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
