/** `npm run deploy:all` as it goes: followed line by line, signalled, and with everything that it started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { emulatorEnv } from '../../../emulator/credentials.ts';
import type { StackResult, Summary } from '../../../src/rollout/types.ts';
import { newFamily, type Family } from './processes.ts';

export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

export interface StartOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** @default - the script itself, which gets a group's signal once; `npm` gets it too and passes its own on */
  readonly through?: 'node' | 'npm';
}

export interface Run {
  readonly pid: number;
  readonly family: Family;
  /** NDJSON lines so far. */
  readonly lines: readonly Line[];
  /** Resolves with the first line, past or future, that fits. Rejects when the run ends without one. */
  until(fits: (line: Line) => boolean): Promise<Line>;
  /** Resolves when the text is on standard error, where `--json` talks to people. Rejects as `until`. */
  says(text: string): Promise<void>;
  /** As a terminal's Ctrl-C: to every process of the group. */
  signalGroup(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly Line[];
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const SCRIPTS: Readonly<Record<string, string>> = {
  'deploy:all': 'scripts/deploy-all-regions.ts',
  'destroy:all': 'scripts/destroy-all-regions.ts',
};

export function startRun(script: string, args: readonly string[], options: StartOptions): Run {
  const { root, env, through = 'node' } = options;
  const family = newFamily();
  const [program, ...words] =
    through === 'npm'
      ? ['npm', 'run', '--silent', script, '--', ...args]
      : [process.execPath, '--import', 'tsx', SCRIPTS[script] ?? script, ...args];
  const started = Date.now();
  const child = spawn(program ?? '', words, {
    cwd: root,
    env: { ...env, ...family.env, NODE_OPTIONS: '' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let stdout = '';
  let stderr = '';
  let over = false;
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  const reader = createInterface({ input: child.stdout });
  reader.on('line', text => {
    stdout += `${text}\n`;
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Line);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wake();
  });
  const ended = Promise.all([once(child, 'close'), once(reader, 'close')]).then(([[exitCode, signal]]): Ended => {
    over = true;
    wake();
    const seconds = (Date.now() - started) / 1000;
    return {
      exitCode: exitCode as number | null,
      signal: signal as NodeJS.Signals | null,
      lines,
      stdout,
      stderr,
      seconds,
    };
  });

  const when = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found === undefined && !over) return;
        waiting.delete(check);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the run ended before that was said:\n${stdout}\n${stderr}`));
      };
      waiting.add(check);
      check();
    });

  return {
    pid: child.pid ?? Number.NaN,
    family,
    lines,
    until: fits => when(() => lines.find(fits)),
    says: async text => void (await when(() => stderr.includes(text) || undefined)),
    signalGroup: signal => process.kill(-(child.pid ?? Number.NaN), signal),
    ended,
  };
}

/** A whole run, to its end. */
export function run(script: string, args: readonly string[], options: StartOptions): Promise<Ended> {
  return startRun(script, args, options).ended;
}

export function summaryOf(ended: Ended): Summary {
  const last = ended.lines.at(-1);
  if (last?.type !== 'summary') throw new Error(`no summary:\n${ended.stdout}\n${ended.stderr}`);
  return last as unknown as Summary;
}

/** `stack state`, or `stack state code`, of every stack in the summary, sorted. */
export function outcomes(ended: Ended): string[] {
  const text = ({ stack, state, error }: StackResult) => [stack, state, error?.code].filter(Boolean).join(' ');
  return summaryOf(ended).stacks.map(text).sort();
}

/** The stacks that terraform was started for, sorted. */
export function startedStacks(ended: Ended): string[] {
  const running = ended.lines.filter(line => line.type === 'stack' && line.state === 'running');
  return [...new Set(running.map(line => String(line.stack)))].sort();
}

/** Lock files of local states that nobody took away. */
export function locksIn(root: string): string[] {
  const folder = join(root, 'state');
  return existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.lock.info')) : [];
}

/** The environment of a deployment to these regions. Without dead-letter queues, whose creation takes the provider 25 s. */
export function quickDeployment(
  root: string,
  endpoint: string,
  regions: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): NodeJS.ProcessEnv {
  const file = join(root, 'quick.config.json');
  const alerts = { emails: ['security@example.com'] };
  writeFileSync(file, JSON.stringify({ alerts, regions, monitoring: { deadLetterQueues: false }, ...more }));
  return { ...emulatorEnv(endpoint), BREAK_GLASS_CONFIG: file };
}
