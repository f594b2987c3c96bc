import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { descendants, machineCpuSeconds, processOf, type Process } from './proc.ts';
import { sampleTree } from './sample.ts';
import type { Step } from './types.ts';

export interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
  /** The most terraform processes that were seen at one time. */
  readonly peakStacks: number;
  readonly emulatorCpuSeconds: number;
  /** Share of the machine's processor time that went to others, 0 to 1. */
  readonly otherWork: number;
  /** The first step that failed with the end of what it said, or null. */
  readonly failure: string | null;
}

export interface MeasureOptions {
  /** Gets what the steps write. */
  readonly logFile: string;
  readonly emulatorPid: number;
  readonly cores: number;
  /** Milliseconds for one step; then it and all below it are killed, and the phase has failed. */
  readonly limitMs: number;
  /** Aborting passes one SIGINT to the running step and starts no further one. */
  readonly signal: AbortSignal;
}

const GRACE_MS = 2000;
const LOG_TAIL = 1500;

/**
 * Runs the steps to their end and adds up what they took.
 *
 * CPU is what Linux accounts to this process as that of its ended children, which holds every process below them that
 * somebody waited for, detached ones too. So nothing else may be started meanwhile, and a step that leaves a process
 * behind is a failure: its time would be missing.
 */
export async function measure(steps: readonly Step[], options: MeasureOptions): Promise<Measured> {
  const before = reading(options.emulatorPid);
  let wallSeconds = 0;
  const peak = { peakMemoryBytes: 0, peakStacks: 0 };
  let failure: string | null = null;
  for (const step of steps) {
    if (options.signal.aborted) failure = 'interrupted';
    if (failure !== null) break;
    const ran = await runStep(step, options);
    wallSeconds += ran.wallSeconds;
    peak.peakMemoryBytes = Math.max(peak.peakMemoryBytes, ran.peakMemoryBytes);
    peak.peakStacks = Math.max(peak.peakStacks, ran.peakStacks);
    failure = ran.failure;
  }
  const after = reading(options.emulatorPid);
  const cpuSeconds = after.children - before.children;
  const emulatorCpuSeconds = after.emulator - before.emulator;
  const known = cpuSeconds + emulatorCpuSeconds + (after.own - before.own);
  const others = Math.max(0, after.machine - before.machine - known);
  return {
    wallSeconds,
    cpuSeconds,
    ...peak,
    emulatorCpuSeconds,
    otherWork: others / ((after.clock - before.clock) * options.cores),
    failure,
  };
}

function reading(emulatorPid: number) {
  const own = processOf('self');
  return {
    clock: performance.now() / 1000,
    children: own?.childrenCpuSeconds ?? 0,
    own: own?.cpuSeconds ?? 0,
    emulator: processOf(emulatorPid)?.cpuSeconds ?? 0,
    machine: machineCpuSeconds(),
  };
}

type StepResult = Pick<Measured, 'wallSeconds' | 'peakMemoryBytes' | 'peakStacks' | 'failure'>;

async function runStep(step: Step, { logFile, signal, limitMs }: MeasureOptions): Promise<StepResult> {
  const started = performance.now();
  const log = openSync(logFile, 'a');
  // A group of its own, so that Ctrl-C in the terminal reaches it only through us, once.
  const child = spawn(step.command, step.args, {
    cwd: step.cwd,
    env: step.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const interrupt = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
  };
  signal.addEventListener('abort', interrupt, { once: true });
  const sampler = sampleTree(child.pid ?? 0);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    for (const { pid } of descendants(child.pid ?? 0)) kill(pid);
  }, limitMs);
  try {
    const [exitCode, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
    const wallSeconds = (performance.now() - started) / 1000;
    const { last, ...peak } = await sampler.stop();
    if (late) {
      const failure = `${commandOf(step)} did not end within ${Math.round(limitMs / 60_000)} minutes`;
      return { wallSeconds, ...peak, failure };
    }
    if (exitCode !== 0 && !(step.mayFail === true && exitCode === 1)) {
      const said = stripVTControlCharacters(readFileSync(logFile, 'utf8')).slice(-LOG_TAIL).trim();
      return {
        wallSeconds,
        ...peak,
        failure: `${commandOf(step)} ended with ${exitCode ?? killedBy}:\n${said}`,
      };
    }
    const left = await leftovers(last);
    const failure = left.length === 0 ? null : `${commandOf(step)} left processes behind: ${left.join(', ')}`;
    return { wallSeconds, ...peak, failure };
  } catch (error) {
    await sampler.stop();
    return {
      wallSeconds: 0,
      peakMemoryBytes: 0,
      peakStacks: 0,
      failure: `${commandOf(step)} did not start: ${String(error)}`,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

/** It may have ended meanwhile. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone.
  }
}

/** Without folders: what is reported must name no path of a machine. */
function commandOf({ command, args }: Step): string {
  return [command, ...args].map(word => word.split('/').at(-1)).join(' ');
}

/** Those of the step's last known processes that still run. A moment is given: a parent may reap its children late. */
async function leftovers(last: readonly Process[]): Promise<string[]> {
  const alive = () =>
    last.filter(({ pid, startedAt }) => {
      const now = processOf(pid);
      return now !== null && now.startedAt === startedAt && now.state !== 'Z';
    });
  const until = performance.now() + GRACE_MS;
  while (alive().length > 0 && performance.now() < until) await sleep(50);
  return alive().map(({ name }) => name);
}
