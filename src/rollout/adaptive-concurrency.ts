/** More stacks at a time while those that run only wait for AWS. Measured on the machine, not guessed. */

/** What the machine does right now. */
export interface MachineLoad {
  /** Share of all processors' time since the last reading that nobody used, 0 to 1. */
  readonly idle: number;
}

export interface AdaptiveOptions {
  /** Where it starts, and what it never goes below. */
  readonly base: number;
  /** What memory allows; never exceeded. */
  readonly max: number;
  /** Reads the load since the last reading. */
  readonly load: () => MachineLoad;
}

/**
 * Above this share of idle time one more stack may start. A stack needs about a processor for 3.4 s and then waits, 25 s
 * for a queue, so an idle machine means that stacks wait.
 */
const RAISE_ABOVE = 0.4;
/** Below this one less may start: more would only take turns. */
const LOWER_BELOW = 0.05;

/** A limit that moves by one at each {@link AdaptiveConcurrency.measure}. Give it to the scheduler as a function. */
export class AdaptiveConcurrency {
  private current: number;

  constructor(private readonly options: AdaptiveOptions) {
    this.current = Math.min(options.base, options.max);
  }

  readonly limit = (): number => this.current;

  /** @param running stacks at this moment; a limit that isn't reached is no reason to raise it */
  measure(running: number): void {
    const { base, max, load } = this.options;
    const { idle } = load();
    if (idle > RAISE_ABOVE && running >= this.current) this.current = Math.min(max, this.current + 1);
    else if (idle < LOWER_BELOW) this.current = Math.max(Math.min(base, max), this.current - 1);
  }
}

/** Busy and idle time of one processor, in any unit, as `os.cpus()` counts it since the start of the machine. */
export interface ProcessorTimes {
  readonly times: {
    readonly user: number;
    readonly nice: number;
    readonly sys: number;
    readonly idle: number;
    readonly irq: number;
  };
}

/** @param processors such as `os.cpus` */
export function loadReader(processors: () => readonly ProcessorTimes[]): () => MachineLoad {
  const read = () => {
    const all = processors().map(({ times }) => times);
    const idle = all.reduce((sum, times) => sum + times.idle, 0);
    return { idle, total: all.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0) };
  };
  let last = read();
  return () => {
    const now = read();
    const total = now.total - last.total;
    const idle = total > 0 ? (now.idle - last.idle) / total : 0;
    last = now;
    return { idle };
  };
}
