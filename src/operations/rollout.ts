import { join } from 'node:path';
import { AdaptiveConcurrency } from '../rollout/adaptive-concurrency.ts';
import { systemClock } from '../rollout/clock.ts';
import { reverseGraph } from '../rollout/graph.ts';
import { backoff } from '../rollout/retry.ts';
import { takeRunLock } from '../rollout/run-lock.ts';
import { runGraph, type RunGraphOptions } from '../rollout/scheduler.ts';
import { buildSummary } from '../rollout/summary.ts';
import { StackError, type RolloutEvent, type StackTask, type Summary } from '../rollout/types.ts';
import { createApp } from '../stacks/app.ts';
import { prepareProvider, type ProviderPackage } from '../terraform/provider.ts';
import { beginRun, NOTHING_BEGUN, runIdOf } from './begin-run.ts';
import type { Concurrency, RolloutRequest } from './rollout-request.ts';
import { watchedRegion } from './stack-graph.ts';
import { stackTask } from './stack-task.ts';

/** Failure classes that may pass by themselves. */
const TRANSIENT = ['throttling', 'network'];

/** Milliseconds between two looks at who only waits. */
const LOOK_MS = 1_000;

/**
 * Synthesizes, prepares the provider once, and takes every stack through terraform.
 *
 * @returns the summary; failures of stacks are in it
 * @throws UserError for what must stop before the first change: no provider, a folder that can't be written, another run
 */
export async function rollOut(request: RolloutRequest): Promise<Summary> {
  const unlock = await takeRunLock(join(request.workspace.workDir, 'run.lock'), {
    command: request.command,
    timeoutSeconds: request.lockTimeoutSeconds ?? 0,
    signal: request.signal,
    clock: systemClock,
    onWait: ({ command, pid, host, since }) =>
      request.onNotice(`the folder after npm run ${command} (process ${pid} on ${host}, since ${since}) has ended`),
  });
  try {
    return await rollOutAlone(request);
  } finally {
    unlock?.();
  }
}

async function rollOutAlone(request: RolloutRequest): Promise<Summary> {
  const { command, mode, preflight, onEvent } = request;
  const startedAt = new Date();
  const wanted = mode === 'destroy' ? reverseGraph(request.nodes) : [...request.nodes, ...(request.pruned ?? [])];
  const provider = await prepare(request);
  // Stopped before the first stack: the last run's journal stays the last.
  const begun = provider === null ? { ...NOTHING_BEGUN, nodes: wanted } : beginRun(request, wanted, startedAt);
  const { journal, nodes, alreadyDone, cutOff } = begun;
  const { start: concurrency, listen, ...limit } = limitOf(request.concurrency);
  const emit = (event: RolloutEvent) => {
    journal?.handle(event);
    listen(event);
    onEvent(event);
  };
  try {
    const { signal } = request;
    const stamp = () => new Date().toISOString();
    const resumeCommand = `npm run ${command} -- --resume`;
    emit({ type: 'start', time: stamp(), command, mode, stacks: nodes, concurrency, resumeCommand });
    const results = await runGraph({
      nodes,
      task: provider === null ? neverCalled : stackTask(request, provider, runIdOf(startedAt), cutOff),
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

/** How many at a time, and who must be told the events for that. */
function limitOf(concurrency: Concurrency): Pick<RunGraphOptions, 'concurrency' | 'watch'> & {
  start: number;
  listen: (event: RolloutEvent) => void;
} {
  if (typeof concurrency === 'number') return { concurrency, start: concurrency, listen: () => {} };
  const adaptive = new AdaptiveConcurrency({ ...concurrency, now: performance.now.bind(performance) });
  return {
    start: adaptive.limit(),
    concurrency: adaptive.limit,
    listen: event => adaptive.handle(event),
    watch: look => {
      const timer = setInterval(look, LOOK_MS);
      return () => clearInterval(timer);
    },
  };
}

function synthesize({ preflight: { config, plan, roleRegions }, workspace, formerRegions = [] }: RolloutRequest): void {
  const secondaryRegions = [...new Set([...plan.secondaries, ...formerRegions])].sort();
  createApp({ config, secondaryRegions, roleRegions, outdir: workspace.outdir }).synth();
}

/** What every stack needs: the synthesized folders and the provider. Null when the run was interrupted before. */
async function prepare(request: RolloutRequest): Promise<ProviderPackage | null> {
  const { terraform, workspace, env, verifyProvider: verify = 'rollout', onNotice, signal } = request;
  if (signal.aborted) return null;
  synthesize(request);
  const { workDir, lockFile: rootLockFile } = workspace;
  try {
    return await prepareProvider({ terraform, workDir, rootLockFile, env, verify, onNotice, signal });
  } catch (error) {
    if (error instanceof StackError && error.interrupted) return null;
    throw error;
  }
}

const neverCalled: StackTask = () => Promise.reject(new Error('a stack was started after the interruption'));
