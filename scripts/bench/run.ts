import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { deployedIn, freshAccount, type Deployed } from './account.ts';
import { chartOf } from './chart.ts';
import { calibrate, thisMachine } from './machine.ts';
import { measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { missingOf } from './earlier.ts';
import { planCycles, type Cycle } from './plan.ts';
import { readmeOf } from './readme.ts';
import { cdktfCandidates, openBench, optInRegions, warmUp, type Bench } from './site.ts';
import type { BenchResults, BenchRun, Phase, Pilot } from './types.ts';
import { aliases } from './variants/aliases.ts';
import { cdktf } from './variants/cdktf.ts';
import { loop } from './variants/loop.ts';
import { ours } from './variants/ours.ts';
import type { Variant } from './variants/variant.ts';
import { expectedRules, wrongResult } from './verify.ts';

const ALL_VARIANTS: readonly Variant[] = [ours, loop, cdktf, aliases];

export interface BenchContext {
  readonly root: string;
  readonly say: (text: string) => void;
  /** Aborting ends the running command with one SIGINT and starts no other. */
  readonly signal: AbortSignal;
}

/** Size at which cdktf's parallelism is chosen; with --full at the size of the targets. */
const PILOT_REGIONS = { short: 8, full: 16 } as const;

/**
 * Measures everything that the options ask for, in one go. Failures of variants are in the results.
 * @param before what an earlier run measured and this one keeps. @default - nothing
 * @throws UserError when that was measured on another machine, with other versions or other resources
 */
export async function runBench(
  options: BenchOptions,
  context: BenchContext,
  before: BenchResults | null = null,
): Promise<BenchResults> {
  const plan = planCycles(options);
  const { notRun } = plan;
  const startedAt = new Date().toISOString();
  const bench = await openBench({ ...context, withoutSha: options.withoutSha, queues: options.queues });
  const session: Session = { bench, context, references: new Map() };
  try {
    const machine = thisMachine(options.withoutSha);
    const { kept, cycles } = missingOf(plan.cycles, before, {
      machine,
      versions: bench.versions,
      deadLetterQueues: options.queues,
    });
    const runs: BenchRun[] = [...kept];
    const first = bench.site('ours', 1, 1);
    ours.prepare(first);
    await warmUp(first);
    const needsPilot = (before?.pilots ?? []).length === 0 && cycles.some(({ variant }) => variant === 'cdktf');
    const pilots = needsPilot ? await pilotCdktf(session, options) : (before?.pilots ?? []);
    const best = bestOf(pilots);
    for (const [index, cycle] of cycles.entries()) {
      if (context.signal.aborted) break;
      context.say(`${index + 1}/${cycles.length}  ${titleOf(cycle)}`);
      runs.push(...(await runCycle(session, cycle, best ?? 1)));
    }
    return {
      schemaVersion: 1,
      startedAt: before?.startedAt ?? startedAt,
      finishedAt: new Date().toISOString(),
      command: [...(before === null ? [] : [before.command]), commandFor(options)].join('\n'),
      machine,
      versions: bench.versions,
      cdktfParallelism: best,
      pilots,
      deadLetterQueues: options.queues,
      runs,
      notRun,
    };
  } finally {
    await bench.close();
  }
}

/** Writes results.json, README.md and chart.svg. */
export function writeReport(out: string, results: BenchResults): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(out, 'README.md'), readmeOf(results, ALL_VARIANTS));
  writeFileSync(join(out, 'chart.svg'), chartOf(results));
}

/** Of a single command; something that takes longer hangs. */
const MINUTES_PER_REGION = 2;

interface Session {
  readonly bench: Bench;
  readonly context: BenchContext;
  /** What was deployed first, by size. */
  readonly references: Map<number, Deployed>;
}

async function runCycle(session: Session, cycle: Cycle, parallelism: number): Promise<BenchRun[]> {
  const { bench, context, references } = session;
  const { emulator, proxy } = bench;
  const { phases, ...condition } = cycle;
  const variant = ALL_VARIANTS.find(({ name }) => name === cycle.variant) ?? ours;
  const site = bench.site(cycle.variant, cycle.regions, parallelism);
  const steps = variant.prepare(site);
  const expected = expectedRules(site.modules, site.secondaryRegions);
  await freshAccount(emulator.endpoint, optInRegions(site.secondaryRegions));

  const runs: BenchRun[] = [];
  let broken: Phase | null = null;
  for (const phase of phases) {
    if (broken !== null) {
      runs.push({ ...condition, phase, ...NOTHING, failure: `not attempted: ${broken} failed` });
      continue;
    }
    const calibrationSeconds = calibrate();
    writeFileSync(bench.logFile, '');
    proxy.begin(cycle.latencyMs);
    const { failure, ...measured } = await measure(steps[phase], {
      logFile: bench.logFile,
      emulatorPid: emulator.pid,
      cores: availableParallelism(),
      limitMs: MINUTES_PER_REGION * 60_000 * (cycle.regions + 2),
      signal: context.signal,
    });
    const { calls, lost } = proxy.counted();
    const why = failure ?? (lost > 0 ? `the emulator left ${lost} calls without an answer` : await wrong(phase));
    const run = { ...condition, phase, ...measured, httpCalls: calls, calibrationSeconds, failure: clean(why) };
    context.say(lineOf(run));
    runs.push(run);
    if (run.failure !== null) broken = phase;
  }
  return runs;

  async function wrong(phase: Phase): Promise<string | null> {
    try {
      const deployed = await deployedIn(emulator.endpoint, Object.keys(expected));
      const reason = wrongResult(phase, deployed, expected, references.get(cycle.regions) ?? null);
      if (reason === null && phase !== 'destroy') references.set(cycle.regions, deployed);
      return reason;
    } catch (error) {
      return `what it left can't be read: ${String(error)}`;
    }
  }

  /** The report names no folder of this machine. */
  function clean(text: string | null): string | null {
    return text?.replaceAll(dirname(site.folder), '.').replaceAll(context.root, '.') ?? null;
  }
}

const NOTHING = {
  wallSeconds: 0,
  cpuSeconds: 0,
  peakMemoryBytes: 0,
  peakStacks: 0,
  httpCalls: 0,
  emulatorCpuSeconds: 0,
  otherWork: 0,
  calibrationSeconds: 0,
} as const;

async function pilotCdktf(session: Session, options: BenchOptions): Promise<Pilot[]> {
  const largest = Math.max(...options.regions);
  const regions = Math.min(largest, options.full ? PILOT_REGIONS.full : PILOT_REGIONS.short);
  const pilots: Pilot[] = [];
  for (const parallelism of cdktfCandidates()) {
    if (session.context.signal.aborted) break;
    const cycle: Cycle = { variant: 'cdktf', regions, latencyMs: 0, phases: ['deploy'], run: 0 };
    session.context.say(`To begin with, cdktf with --parallelism ${parallelism}, ${regions} regions`);
    const [run] = await runCycle(session, cycle, parallelism);
    if (run) pilots.push({ parallelism, regions, wallSeconds: run.wallSeconds, failure: run.failure });
  }
  return pilots;
}

export function bestOf(pilots: readonly Pilot[]): number | null {
  const [best] = pilots.filter(({ failure }) => failure === null).sort((a, b) => a.wallSeconds - b.wallSeconds);
  return (best ?? pilots[0])?.parallelism ?? null;
}

function titleOf({ variant, regions, latencyMs, run }: Cycle): string {
  const slow = latencyMs > 0 ? `, ${latencyMs} ms per call` : '';
  return `${variant}, ${regions} ${regions === 1 ? 'region' : 'regions'}${slow}, run ${run}`;
}

function lineOf(run: BenchRun): string {
  const { phase, wallSeconds, cpuSeconds, peakMemoryBytes, httpCalls, otherWork, calibrationSeconds, failure } = run;
  if (failure !== null) return `   ${phase.padEnd(8)} FAILED: ${failure}`;
  return [
    `   ${phase.padEnd(8)}`,
    `${wallSeconds.toFixed(1)} s wall`.padStart(13),
    `${cpuSeconds.toFixed(1)} s CPU`.padStart(13),
    `${(peakMemoryBytes / 1e9).toFixed(1)} GB`.padStart(9),
    `${httpCalls} calls`.padStart(12),
    `   other work ${(otherWork * 100).toFixed(0)} %, calibration ${calibrationSeconds.toFixed(2)} s`,
  ].join('');
}

/** The flags that repeat a run, in the same order. */
function commandFor({
  regions,
  variants,
  phases,
  runs,
  latencyMs,
  seed,
  full,
  queues,
  withoutSha,
  add,
}: BenchOptions): string {
  const flags = [
    `--regions ${regions.join(',')}`,
    `--variants ${variants.join(',')}`,
    `--phases ${phases.join(',')}`,
    `--runs ${runs}`,
    `--latency-ms ${latencyMs}`,
    `--seed ${seed}`,
    ...(full ? ['--full'] : []),
    ...(queues ? ['--queues'] : []),
    ...(add ? ['--add'] : []),
    ...(withoutSha ? ['--without-sha'] : []),
  ];
  return `npm run bench -- ${flags.join(' ')}`;
}
