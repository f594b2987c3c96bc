/** Ctrl-C: the first one stops cleanly, a later one is passed on. */

export interface InterruptOptions {
  /** After the abort, once. */
  onFirst?(): void;
  /** For each later Ctrl-C: pass it on. `times` counts the first one too, so it begins with 2. */
  onSecond?(times: number): void;
  /** @default process */
  readonly source?: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  /** Milliseconds, any origin. @default performance.now */
  readonly now?: () => number;
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Takes the handler away: signals do again what they did before. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C may arrive twice: the terminal sends it to the whole group, and `npm run` passes its own on to a script
 * that the shell was replaced by (measured with npm 11, bash and tsx: 35 ms later). Nobody presses twice within this
 * time on purpose, and taken for a second one it would cost a state lock.
 */
export const ECHO_MS = 500;

/**
 * Installs one handler for SIGINT, SIGTERM and SIGHUP. The first of any kind aborts the signal; each later SIGINT that is
 * no echo goes to `onSecond`. A later SIGTERM or SIGHUP comes from a supervisor or a closing terminal, not from a person
 * who would rather lose a lock than wait: it changes nothing. Nothing is killed and there is no timer: what follows is
 * the caller's.
 */
export function createInterrupt(options: InterruptOptions = {}): Interrupt {
  const { source = process, now = () => performance.now() } = options;
  const controller = new AbortController();
  let times = 0;
  let takenAt = -Infinity;

  // `on`, not `once`: with the handler gone, the echo would end the process and orphan what runs.
  const handler = (name: NodeJS.Signals): void => {
    if (now() - takenAt < ECHO_MS || (times > 0 && name !== 'SIGINT')) return;
    takenAt = now();
    times++;
    if (times > 1) return options.onSecond?.(times);
    controller.abort();
    options.onFirst?.();
  };
  for (const name of SIGNALS) source.on(name, handler);

  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) source.off(name, handler);
    },
  };
}
