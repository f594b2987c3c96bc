import type { BenchOptions } from './options.ts';
import type { NotRun, Phase, VariantName } from './types.ts';

/** One variant from nothing to nothing: the phases are measured one after another on the same deployment. */
export interface Cycle {
  readonly variant: VariantName;
  readonly regions: number;
  readonly latencyMs: number;
  readonly phases: readonly Phase[];
  readonly run: number;
}

/** Above it, the loop takes ten minutes and more, and with queues cdktf does too. Slow calls are measured at this size alone. */
const LARGE = 16;

/**
 * Every cycle in the order in which it is measured. The variants of one size follow each other, for a machine's speed
 * drifts; which of them is first, and which size, is up to the seed.
 */
export function planCycles(options: BenchOptions): { cycles: readonly Cycle[]; notRun: readonly NotRun[] } {
  const random = seeded(options.seed);
  const notRun: NotRun[] = [];
  const blocks: Cycle[][] = [];
  const latencies = options.latencyMs > 0 ? [0, options.latencyMs] : [0];
  for (let run = 1; run <= options.runs; run += 1) {
    for (const regions of options.regions) {
      for (const latencyMs of latencies) {
        const block: Cycle[] = [];
        for (const variant of options.variants) {
          const why = options.full ? null : reasonToLeaveOut(variant, regions, latencyMs, options.queues);
          if (why === null) block.push({ variant, regions, latencyMs, phases: phasesFor(options, latencyMs), run });
          else if (run === 1) notRun.push({ variant, regions, latencyMs, why });
        }
        blocks.push(shuffled(block, random));
      }
    }
  }
  return { cycles: shuffled(blocks, random).flat(), notRun };
}

function phasesFor({ phases }: BenchOptions, latencyMs: number): readonly Phase[] {
  if (latencyMs > 0) return ['deploy'];
  // There is nothing to repeat or to destroy without a deployment.
  return phases.includes('deploy') ? phases : ['deploy', ...phases];
}

function reasonToLeaveOut(variant: VariantName, regions: number, latencyMs: number, queues: boolean): string | null {
  if (regions > LARGE && (variant === 'loop' || (queues && variant === 'cdktf')))
    return 'takes very long; measured with --full';
  return latencyMs > 0 && regions !== LARGE ? 'measured with --full' : null;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** Mulberry32: small, and the same on every machine. https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
