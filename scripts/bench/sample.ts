import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, pssBytes, type Process } from './proc.ts';

const SAMPLE_MS = 500;
const SAMPLE_MAX_MS = 1000;
/** A sample costs up to 20 ms for each large process: about one part in 20 of the time goes to sampling. */
const SAMPLE_SHARE = 20;
/** Providers have longer names. */
const TERRAFORM = new Set(['terraform', 'tofu']);

/** Looks at a process and everything below it from time to time, until it is told to stop. */
export function sampleTree(root: number) {
  const stopping = new AbortController();
  let peakMemoryBytes = 0;
  let peakStacks = 0;
  let last: Process[] = [];
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const started = performance.now();
      const tree = descendants(root);
      if (tree.length > 0) last = tree;
      peakStacks = Math.max(peakStacks, terraformsIn(tree));
      const sizes = await Promise.all(tree.map(({ pid }) => pssBytes(pid)));
      peakMemoryBytes = Math.max(
        peakMemoryBytes,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      const pause = Math.min(Math.max(SAMPLE_MS, SAMPLE_SHARE * (performance.now() - started)), SAMPLE_MAX_MS);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
      return { peakMemoryBytes, peakStacks, last };
    },
  };
}

/** Without those that are about to become a provider: a fork bears its parent's name until it starts its program. */
function terraformsIn(tree: readonly Process[]): number {
  const terraforms = new Set(tree.filter(({ name }) => TERRAFORM.has(name)).map(({ pid }) => pid));
  return tree.filter(({ pid, parent }) => terraforms.has(pid) && !terraforms.has(parent)).length;
}
