/** More stacks at a time while those that run only wait for AWS. Measured by what each of them reports, not guessed. */
import type { RolloutEvent } from './types.ts';

export interface AdaptiveOptions {
  /** Stacks that may compute at the same time. */
  readonly base: number;
  /** Stacks that memory allows, waiting ones included; never exceeded. */
  readonly max: number;
  /** Milliseconds, any origin. */
  readonly now: () => number;
}

/**
 * A stack whose changes are planned and that ended none for so long waits for AWS: a queue takes 25 s, a key 8 s, and
 * neither takes a processor. Before its plan is made a stack computes, however long it is silent.
 */
const WAITING_AFTER_MS = 3_000;

/** A limit of `base` stacks plus one for each that only waits. Tell it every event; give its limit to the scheduler. */
export class AdaptiveConcurrency {
  /** When a stack in the middle of its changes was last heard of. */
  private readonly news = new Map<string, number>();

  constructor(private readonly options: AdaptiveOptions) {}

  handle(event: RolloutEvent): void {
    if (event.type !== 'stack') return;
    const planned = event.state === 'running' && event.progress !== undefined && event.progress.total !== null;
    if (planned) this.news.set(event.stack, this.options.now());
    else this.news.delete(event.stack);
  }

  readonly limit = (): number => {
    const { base, max, now } = this.options;
    const waiting = [...this.news.values()].filter(at => now() - at > WAITING_AFTER_MS).length;
    return Math.min(base + waiting, max);
  };
}
