/** A world that tests own: stacks from one line of text, tasks that end when told, a clock that moves when told. */
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../../src/rollout/clock.ts';
import type {
  Changes,
  FinalState,
  RolloutEvent,
  StackNode,
  StackResult,
  StackTask,
  Summary,
  TaskContext,
  TaskOutcome,
} from '../../src/rollout/types.ts';

/** `'A -> B, C'`: B waits for A, C for nobody. In the order of first mention. */
export function graph(text: string): StackNode[] {
  const dependsOn = new Map<string, string[]>();
  for (const chain of text.split(',').map(part => part.split('->').map(id => id.trim()))) {
    chain.forEach((id, position) => {
      const before = chain[position - 1];
      dependsOn.set(id, [...(dependsOn.get(id) ?? []), ...(before === undefined ? [] : [before])]);
    });
  }
  return [...dependsOn].map(([id, needs]) => node(id, needs));
}

export const node = (id: string, dependsOn: readonly string[] = [], region = 'eu-west-1'): StackNode => ({
  id,
  account: '123456789012',
  region,
  dependsOn,
});

export const changes = (add = 0, change = 0, remove = 0): Changes => ({ add, change, remove });

export const outcome = (rest: Partial<TaskOutcome> = {}): TaskOutcome => ({
  changes: changes(),
  logFile: null,
  ...rest,
});

export const result = (
  stack: string,
  state: FinalState = 'succeeded',
  rest: Partial<StackResult> = {},
): StackResult => ({
  stack,
  account: '123456789012',
  region: 'eu-west-1',
  state,
  phase: 'apply',
  attempts: 1,
  durationMs: 1000,
  changes: changes(),
  logFile: null,
  error: null,
  ...rest,
});

export const summary = (rest: Partial<Summary> = {}): Summary => ({
  schemaVersion: 1,
  command: 'deploy:all',
  startedAt: '2026-11-20T03:12:00.000Z',
  finishedAt: '2026-11-20T03:12:41.200Z',
  account: '123456789012',
  partition: 'aws',
  primaryRegion: 'us-east-1',
  exitCode: 0,
  enabledRegions: ['us-east-1', 'eu-west-1'],
  coveredRegions: ['us-east-1', 'eu-west-1'],
  stacks: [],
  ...rest,
});

interface Running {
  readonly context: TaskContext;
  succeed(rest?: Partial<TaskOutcome>): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A task whose stacks end when the test says so. `running` is in the order of starts. */
export function controlledTask() {
  const running = new Map<string, Running>();
  const task: StackTask = (stack, context) =>
    new Promise((resolve, reject) => {
      const end = async (act: () => void): Promise<void> => {
        running.delete(stack.id);
        act();
        await settled();
      };
      running.set(stack.id, {
        context,
        succeed: rest => end(() => resolve(outcome(rest))),
        fail: error => end(() => reject(error as Error)),
      });
    });
  const at = (id: string): Running => {
    const found = running.get(id);
    if (found === undefined) throw new Error(`${id} isn't running; running: ${[...running.keys()].join(' ')}`);
    return found;
  };
  return { task, at, names: () => [...running.keys()].join(' ') };
}

/** Resolves once everything that is due has happened. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export const START = Date.parse('2026-11-20T03:12:00.000Z');

/** Stands still until `advance`; sleepers wake when their time has come. */
export function fakeClock(): Clock & { advance(ms: number): Promise<void>; sleeping(): number } {
  let now = START;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance: async ms => {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
      await settled();
    },
    sleeping: () => sleepers.size,
  };
}

/** `A running`, `A succeeded`, `A retry 2/3`: events in few words. */
export function inShort(event: RolloutEvent): string {
  if (event.type === 'retry') return `${event.stack} retry ${event.attempt}/${event.of}`;
  if (event.type === 'stack') return `${event.stack} ${event.progress?.phase ?? event.state}`;
  return event.type;
}

/** A stream that keeps what was written. */
export class Sink extends Writable {
  text = '';
  constructor(
    readonly columns?: number,
    readonly rows?: number,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /* eslint-disable no-control-regex -- escape sequences are what a terminal reads */
  /** What a terminal would show after all of it: knows erasing a line, going up and going to the left edge. */
  get screen(): string[] {
    const rows = [''];
    let at = 0;
    for (const [token] of this.text.matchAll(/\u001b\[[0-9]*[A-Za-z]|\n|[^\u001b\n]+/g)) {
      if (token === '\n') {
        at++;
        rows[at] ??= '';
      } else if (token === '\u001b[2K') rows[at] = '';
      else if (/\u001b\[\d*A/.test(token)) at -= Number(token.slice(2, -1) || 1);
      else if (token !== '\u001b[G') rows[at] += stripVTControlCharacters(token);
    }
    return rows.join('\n').trimEnd().split('\n');
  }
  /* eslint-enable no-control-regex */
}
