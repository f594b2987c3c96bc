import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { emulatorDidNotStart, emulatorPortTaken } from '../src/errors.ts';
import { findPython, type FindPythonOptions } from './find-python.ts';

const SCRIPT = fileURLToPath(new URL('./aws_emulator.py', import.meta.url));
const READY = /^ready http:\/\/127\.0\.0\.1:(\d+)$/;
const READY_TIMEOUT_MS = 60_000;
/** The emulator has nothing to finish; one that ignores SIGTERM this long hangs. */
const FORCE_KILL_MS = 5000;
/** Characters of the emulator's own output that an error shows. */
const TAIL_LENGTH = 2000;

export interface StartEmulatorOptions extends FindPythonOptions {
  /** @default 0 - any free port */
  readonly port?: number;
  /** Gets what the emulator writes to standard error (tracebacks). @default - nothing is kept */
  readonly logFile?: string;
  /** Aborting it stops the emulator, also while it starts. @default - only `stop` does */
  readonly signal?: AbortSignal;
  /** Stop when this process is gone, however it ended. With `false` the emulator stays. @default true */
  readonly exitWithParent?: boolean;
}

export interface EmulatorExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the emulator is gone, for whatever reason. Never rejects. */
  readonly exited: Promise<EmulatorExit>;
  /** Ends the emulator and waits for it. A second call does no harm. */
  stop(): Promise<void>;
}

/**
 * Starts the local AWS and resolves when it accepts requests.
 * It gets a process group of its own: Ctrl-C in the terminal leaves it up, for the teardown of what was deployed on it.
 *
 * @throws UserError `emulator-missing`, `emulator-port-taken` or `emulator-did-not-start`; the reason of `signal`
 */
export async function startEmulator(options: StartEmulatorOptions = {}): Promise<Emulator> {
  const python = await findPython(options);
  options.signal?.throwIfAborted();
  const exitWithParent = options.exitWithParent ?? true;
  const args = [SCRIPT, '--port', String(options.port ?? 0), ...(exitWithParent ? ['--exit-with-parent'] : [])];
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  const child = spawn(python, args, {
    env: options.env ?? process.env,
    detached: true,
    // The emulator reads its input to the end, which comes when this process is gone.
    stdio: [exitWithParent ? 'pipe' : 'ignore', 'pipe', log ?? (exitWithParent ? 'pipe' : 'ignore')],
  });
  if (log !== undefined) closeSync(log);
  const exited = exitOf(child);
  const tail = collectTail(child, options.logFile);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), FORCE_KILL_MS);
    await exited;
    clearTimeout(timer);
  };
  const abort = (): void => void stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  void exited.then(() => options.signal?.removeEventListener('abort', abort));

  const port = await readyPort(child);
  options.signal?.throwIfAborted();
  if (port === undefined) {
    await stop();
    const { exitCode } = await exited;
    if (exitCode === constants.errno.EADDRINUSE) throw emulatorPortTaken(options.port ?? 0);
    throw emulatorDidNotStart(tail());
  }
  if (!exitWithParent) {
    child.stdout?.destroy();
    child.unref();
  }
  return { endpoint: `http://127.0.0.1:${port}`, port, pid: child.pid ?? 0, exited, stop };
}

async function exitOf(child: ChildProcess): Promise<EmulatorExit> {
  try {
    const [exitCode, signal] = await once(child, 'exit');
    return { exitCode, signal };
  } catch {
    // It could not even be started, for example because the interpreter vanished.
    return { exitCode: null, signal: null };
  }
}

/** The port of the ready line, or nothing when the emulator ended or was too slow. */
async function readyPort(child: ChildProcess): Promise<number | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const timer = setTimeout(() => lines.close(), READY_TIMEOUT_MS);
  try {
    for await (const line of lines) {
      const port = READY.exec(line)?.[1];
      if (port !== undefined) return Number(port);
    }
    return undefined;
  } finally {
    clearTimeout(timer);
    child.stdout?.resume();
  }
}

/** Keeps the pipe empty, or reads the log file: what the emulator said last. */
function collectTail(child: ChildProcess, logFile: string | undefined): () => string {
  if (logFile !== undefined) return () => readFileSync(logFile, 'utf8').slice(-TAIL_LENGTH);
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-TAIL_LENGTH);
  });
  return () => text;
}
