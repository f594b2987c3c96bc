import type { BenchRun, Phase, VariantName } from './types.ts';

/** What was measured under one condition, over all runs. */
export interface Cell {
  readonly variant: VariantName;
  readonly regions: number;
  readonly latencyMs: number;
  readonly phase: Phase;
  readonly runs: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Regions with the primary. */
  readonly cpuPerRegion: number;
  readonly peakMemoryBytes: number;
  readonly peakStacks: number;
  readonly httpCalls: number;
}

/** Medians. Null when nothing was measured or when one of the runs failed: a failure is no number. */
export function cellOf(
  runs: readonly BenchRun[],
  variant: VariantName,
  regions: number,
  phase: Phase,
  latencyMs = 0,
): Cell | null {
  const own = runs.filter(
    run => run.variant === variant && run.regions === regions && run.phase === phase && run.latencyMs === latencyMs,
  );
  if (own.length === 0 || own.some(run => run.failure !== null)) return null;
  const middle = (value: (run: BenchRun) => number): number => median(own.map(value));
  const cpuSeconds = middle(run => run.cpuSeconds);
  return {
    variant,
    regions,
    latencyMs,
    phase,
    runs: own.length,
    wallSeconds: middle(run => run.wallSeconds),
    cpuSeconds,
    cpuPerRegion: cpuSeconds / (regions + 1),
    peakMemoryBytes: middle(run => run.peakMemoryBytes),
    peakStacks: middle(run => run.peakStacks),
    httpCalls: middle(run => run.httpCalls),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** A condition under which the variants are compared. */
export interface Scenario {
  readonly phase: Phase;
  readonly latencyMs: number;
  readonly title: string;
}

/** Those of the results, in the order of the report. */
export function scenariosOf(runs: readonly BenchRun[]): Scenario[] {
  const latencies = [...new Set(runs.map(run => run.latencyMs))].filter(ms => ms > 0).sort((a, b) => a - b);
  const all: Scenario[] = [
    { phase: 'deploy', latencyMs: 0, title: 'Fresh deployment' },
    ...latencies.map(latencyMs => ({
      phase: 'deploy' as const,
      latencyMs,
      title: `Fresh deployment, ${latencyMs} ms added to each call`,
    })),
    { phase: 'no-op', latencyMs: 0, title: 'Run again, nothing to change' },
    { phase: 'destroy', latencyMs: 0, title: 'Destroy' },
  ];
  return all.filter(({ phase, latencyMs }) => runs.some(run => run.phase === phase && run.latencyMs === latencyMs));
}

/** The sizes that were measured, ascending. */
export function sizesOf(runs: readonly BenchRun[]): number[] {
  return [...new Set(runs.map(run => run.regions))].sort((a, b) => a - b);
}
