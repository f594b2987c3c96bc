import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { defaultRegions, partitionOf } from '../config/regions.ts';
import { AdaptiveConcurrency, loadReader } from '../rollout/adaptive-concurrency.ts';
import { systemClock } from '../rollout/clock.ts';
import { reverseGraph, selectNodes } from '../rollout/graph.ts';
import { openJournal, readLastRun, type Journal } from '../rollout/journal.ts';
import { remaining, type StackInput } from '../rollout/journal-state.ts';
import { backoff } from '../rollout/retry.ts';
import { runGraph, type RunGraphOptions } from '../rollout/scheduler.ts';
import { buildSummary } from '../rollout/summary.ts';
import type { RolloutEvent, RunMode, StackNode, StackTask, Summary } from '../rollout/types.ts';
import { createApp } from '../stacks/app.ts';
import { applyStack, destroyStack, planStack } from '../terraform/commands.ts';
import type { TerraformBinary } from '../terraform/find-terraform.ts';
import { prepareProvider, type ProviderPackage, type VerifyMode } from '../terraform/provider.ts';
import { prepareStackFolder } from '../terraform/stack-folder.ts';
import type { Preflight } from './preflight.ts';
import { watchedRegion } from './stack-graph.ts';
import { stackDir, type Workspace } from './workspace.ts';

export interface RolloutRequest {
  /** As a person called it: `deploy:all`, `destroy:all`. */
  readonly command: string;
  readonly mode: RunMode;
  readonly preflight: Preflight;
  readonly workspace: Workspace;
  readonly terraform: TerraformBinary;
  /** In the order of a deployment; a teardown reverses it. */
  readonly nodes: readonly StackNode[];
  /** Regions of forwarders beside those of the plan, for stacks that only a state remembers. @default - none */
  readonly formerRegions?: readonly string[];
  /** Stacks that only a state remembers, to be destroyed beside a deployment. @default - none */
  readonly pruned?: readonly StackNode[];
  readonly env: NodeJS.ProcessEnv;
  readonly concurrency: Concurrency;
  /** Seconds to wait for a state lock that somebody else holds. @default 0 */
  readonly lockTimeoutSeconds?: number;
  /** @default 'rollout' - the provider's package is checked once, before its first use */
  readonly verifyProvider?: VerifyMode;
  /** Only what the last run did not finish. @default false */
  readonly resume?: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RolloutEvent) => void;
  readonly onNotice: (text: string) => void;
}

/** A fixed number of stacks at a time, or one that rises from `base` to `max` while stacks only wait for AWS. */
export type Concurrency = number | { readonly base: number; readonly max: number };

/** Failure classes that may pass by themselves. */
const TRANSIENT = ['throttling', 'network'];

/** Milliseconds between two looks at the machine's load. */
const MEASURE_MS = 1_000;

const COMMANDS = { apply: applyStack, destroy: destroyStack, plan: planStack } as const;

/**
 * Synthesizes, prepares the provider once, and takes every stack through terraform.
 *
 * @returns the summary; failures of stacks are in it
 * @throws UserError for what must stop before the first change: no provider, a folder that can't be written
 */
export async function rollOut(request: RolloutRequest): Promise<Summary> {
  const { command, mode, preflight, workspace, onEvent } = request;
  const startedAt = new Date();
  synthesize(request);
  const provider = await prepareProvider({
    terraform: request.terraform,
    workDir: workspace.workDir,
    rootLockFile: workspace.lockFile,
    env: request.env,
    verify: request.verifyProvider ?? 'rollout',
    onNotice: request.onNotice,
    signal: request.signal,
  });
  const wanted = mode === 'destroy' ? reverseGraph(request.nodes) : [...request.nodes, ...(request.pruned ?? [])];
  const { journal, nodes, alreadyDone } = begin(request, wanted, startedAt);
  const emit = (event: RolloutEvent) => {
    journal?.handle(event);
    onEvent(event);
  };
  try {
    const { signal } = request;
    const { start: concurrency, ...limit } = limitOf(request.concurrency);
    const stamp = () => new Date().toISOString();
    const resumeCommand = `npm run ${command} -- --resume`;
    emit({ type: 'start', time: stamp(), command, mode, stacks: nodes, concurrency, resumeCommand });
    const results = await runGraph({
      nodes,
      task: taskOf(request, provider, runIdOf(startedAt)),
      ...limit,
      retry: backoff({ transient: TRANSIENT }),
      signal,
      clock: systemClock,
      random: Math.random,
      onEvent: emit,
    });
    const summary = buildSummary({
      command,
      mode,
      startedAt: startedAt.toISOString(),
      finishedAt: stamp(),
      account: preflight.identity.accountId,
      partition: preflight.identity.partition,
      primaryRegion: preflight.plan.primary,
      enabledRegions: preflight.regions.filter(region => region.status === 'enabled').map(region => region.name),
      wanted,
      results,
      alreadyDone,
      interrupted: signal.aborted,
      coverageOf: node => (request.pruned?.includes(node) ? null : watchedRegion(node)),
    });
    emit({ type: 'summary', time: stamp(), summary });
    return summary;
  } finally {
    journal?.close();
  }
}

function limitOf(concurrency: Concurrency): Pick<RunGraphOptions, 'concurrency' | 'watch'> & { start: number } {
  if (typeof concurrency === 'number') return { concurrency, start: concurrency };
  const adaptive = new AdaptiveConcurrency({ ...concurrency, load: loadReader(cpus) });
  return {
    start: adaptive.limit(),
    concurrency: adaptive.limit,
    watch: look => {
      const timer = setInterval(() => {
        adaptive.measure(look());
        look();
      }, MEASURE_MS);
      return () => clearInterval(timer);
    },
  };
}

function synthesize({ preflight: { config, plan, roleRegions }, workspace, formerRegions = [] }: RolloutRequest): void {
  const secondaryRegions = [...new Set([...plan.secondaries, ...formerRegions])].sort();
  createApp({ config, secondaryRegions, roleRegions, outdir: workspace.outdir }).synth();
}

/** Opens the journal. A plan leaves none, so that it never takes the place of an unfinished deployment's. */
function begin(
  { command, mode, preflight, workspace, resume = false }: RolloutRequest,
  wanted: readonly StackNode[],
  startedAt: Date,
): { journal: Journal | null; nodes: readonly StackNode[]; alreadyDone: readonly string[] } {
  if (mode === 'plan') return { journal: null, nodes: wanted, alreadyDone: [] };
  const stacks: StackInput[] = wanted.map(({ id }) => ({ stack: id, inputHash: inputHash(workspace, id) }));
  const file = join(workspace.workDir, 'journal.jsonl');
  const run = {
    runId: runIdOf(startedAt),
    command,
    fingerprint: sha256(JSON.stringify(preflight.config)),
    account: preflight.identity.accountId,
    stacks,
  };
  if (!resume) return { journal: openJournal(file, run), nodes: wanted, alreadyDone: [] };
  const { todo, alreadyDone } = remaining(readLastRun(file), run);
  return {
    journal: openJournal(file, { ...run, alreadyDone }),
    nodes: selectNodes(wanted, todo),
    alreadyDone: alreadyDone.map(input => input.stack),
  };
}

function taskOf(request: RolloutRequest, provider: ProviderPackage, runId: string): StackTask {
  const { mode, preflight, workspace, terraform } = request;
  const pruned = new Set(request.pruned?.map(node => node.id));
  // A teardown needs no recipients, but terraform insists on a value for every variable.
  const env =
    mode === 'destroy' && request.env.TF_VAR_emailAddress === undefined
      ? { ...request.env, ...(preflight.config.alerts.emails.length === 0 ? { TF_VAR_emailAddress: '' } : {}) }
      : request.env;
  const defaults = defaultRegions(partitionOf(preflight.plan.primary) ?? 'aws');
  return async (node, { signal, report }) => {
    const logFile = join(workspace.workDir, 'logs', runId, `${node.id}.log`);
    const folder = stackDir(workspace, node.id);
    const optInRegion = node.region !== 'global' && !defaults.includes(node.region);
    const { lockTimeoutSeconds = 0 } = request;
    const stack = { terraform, provider, stackDir: folder, env, logFile, signal, optInRegion, lockTimeoutSeconds };
    report({ phase: 'prepare', done: 0, total: null });
    await prepareStackFolder(stack);
    const phase = pruned.has(node.id) ? 'destroy' : mode;
    report({ phase, done: 0, total: null });
    return COMMANDS[phase]({ ...stack, onProgress: report });
  };
}

/** `20261120T031209Z`: sorts by time and names a folder anywhere. */
function runIdOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function inputHash(workspace: Workspace, stack: string): string {
  return sha256(readFileSync(join(stackDir(workspace, stack), 'cdk.tf.json'), 'utf8'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
