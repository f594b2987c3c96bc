import { cellOf, type Cell } from './cells.ts';
import type { BenchResults, Phase, VariantName } from './types.ts';

/** One thing that the rollout promises. */
export interface Target {
  readonly text: string;
  /** Null when what it compares was not measured. */
  readonly measured: number | null;
  /** Null when it depends on what was not measured. */
  readonly limit: number | null;
  readonly least: boolean;
  readonly unit: string;
}

export type Verdict = 'met' | 'NOT met' | 'not measured';

/** Sizes for which the promises are made. */
const SIZE = 16;
const LARGE_SIZE = 32;
const SLOW_CALLS_MS = 100;
/** How much dearer a region may become from 16 to 32 and still be called linear growth. */
const LINEAR = 1.1;
/** Bytes of one slot of the concurrency, and of the node process that runs them. Source: src/rollout/concurrency.ts */
const BYTES_PER_SLOT = 1.3e9;
const BYTES_OF_NODE = 0.2e9;

type Value = (cell: Cell) => number;
const wall: Value = cell => cell.wallSeconds;
const cpu: Value = cell => cell.cpuSeconds;

export function targetsOf({ runs }: Pick<BenchResults, 'runs'>): Target[] {
  const cell = (variant: VariantName, phase: Phase = 'deploy', latencyMs = 0, regions = SIZE): Cell | null =>
    cellOf(runs, variant, regions, phase, latencyMs);
  const ratio = (over: Cell | null, under: Cell | null, value: Value): number | null =>
    over === null || under === null ? null : value(over) / value(under);
  const times = (text: string, limit: number, over: Cell | null, under: Cell | null, value: Value): Target => ({
    text,
    measured: ratio(over, under, value),
    limit,
    least: true,
    unit: 'times',
  });
  const ours = cell('ours');
  const slow = (variant: VariantName) => cell(variant, 'deploy', SLOW_CALLS_MS);
  const oursLarge = cell('ours', 'deploy', 0, LARGE_SIZE);
  const largest = oursLarge ?? ours;
  return [
    times('faster than the loop', 5, cell('loop'), ours, wall),
    times('less CPU than the loop', 3, cell('loop'), ours, cpu),
    times(`faster than the loop with ${SLOW_CALLS_MS} ms per call`, 5, slow('loop'), slow('ours'), wall),
    times(`less CPU than the loop with ${SLOW_CALLS_MS} ms per call`, 3, slow('loop'), slow('ours'), cpu),
    times('faster than cdktf deploy', 3.5, cell('cdktf'), ours, wall),
    {
      text: 'wall time of one state with provider aliases',
      measured: ratio(ours, cell('aliases'), wall),
      limit: 1.3,
      least: false,
      unit: 'times',
    },
    { text: 'CPU per region', measured: ours?.cpuPerRegion ?? null, limit: 4.2, least: false, unit: 's' },
    {
      text: `CPU per region at ${LARGE_SIZE} regions, against ${SIZE}`,
      measured: ratio(oursLarge, ours, value => value.cpuPerRegion),
      limit: LINEAR,
      least: false,
      unit: 'times',
    },
    times('faster than the loop when nothing is to be changed', 4, cell('loop', 'no-op'), cell('ours', 'no-op'), wall),
    times('faster than the loop at destroy', 4, cell('loop', 'destroy'), cell('ours', 'destroy'), wall),
    {
      text: `peak memory at the largest size: 1.3 GB for each stack that runs (${largest?.peakStacks ?? 'as many as seen'}), 0.2 GB for node`,
      measured: largest === null ? null : largest.peakMemoryBytes / 1e9,
      limit: largest === null ? null : (largest.peakStacks * BYTES_PER_SLOT + BYTES_OF_NODE) / 1e9,
      least: false,
      unit: 'GB',
    },
  ];
}

export function verdictOf({ measured, limit, least }: Target): Verdict {
  if (measured === null || limit === null) return 'not measured';
  return (least ? measured >= limit : measured <= limit) ? 'met' : 'NOT met';
}
