import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import { terraformCannotRun } from '../errors.ts';
import { terraformEnvironment, type Environment } from './environment.ts';
import { parseEvent, textDiagnostics, type Diagnostic } from './events.ts';
import type { TerraformBinary } from './find-terraform.ts';

export interface TerraformRun {
  readonly terraform: TerraformBinary;
  readonly cwd: string;
  readonly args: readonly string[];
  /** The caller's environment; what terraform gets of it is {@link terraformEnvironment}'s choice. */
  readonly env: Environment;
  /** Variables for this command alone, unfiltered. */
  readonly ownEnv?: Environment;
  /** Appended to; made with its folder, for the owner's eyes only. */
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: string) => void;
}

export interface TerraformExit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** It was asked to stop. Its exit code still says whether it had finished before. */
  readonly interrupted: boolean;
  readonly errors: readonly Diagnostic[];
  /** The end of what it wrote besides JSON, for failures without a diagnostic. */
  readonly lastLines: string;
}

const POLL_MS = 100;
const LINES_KEPT = 80;
const running = new Set<{ kill(signal: 'SIGINT'): boolean }>();

/**
 * Passes one more SIGINT to every terraform that runs. The first goes out by the AbortSignal; this is the second
 * Ctrl-C, with which terraform gives up at once and may leave a lock behind.
 * @returns how many got it
 */
export function forwardInterrupt(): number {
  return [...running].filter(process => process.kill('SIGINT')).length;
}

/**
 * Runs terraform to its end, however long that takes.
 *
 * In a process group of its own, so that a terminal's Ctrl-C doesn't reach it beside our one SIGINT: with two it stops
 * at once and leaves the lock (gruntwork-io/terragrunt#2120). There is no timer and no SIGKILL.
 *
 * Its output goes straight into the log file, which is read while it grows. With a pipe, terraform would die of SIGPIPE
 * at the next line after our own death, in the middle of an apply, without writing its state (tried: kill -9 on the
 * parent leaves an empty state). Like this it finishes, saves and unlocks.
 *
 * @throws UserError terraform-cannot-run
 */
export async function runTerraform(run: TerraformRun): Promise<TerraformExit> {
  if (run.signal?.aborted) return { exitCode: null, signal: null, interrupted: true, errors: [], lastLines: '' };

  mkdirSync(dirname(run.logFile), { recursive: true, mode: 0o700 });
  const log = openSync(run.logFile, 'a+', 0o600);
  const errors: Diagnostic[] = [];
  const otherLines: string[] = [];
  try {
    writeSync(log, `# ${run.terraform.name} ${run.args.join(' ')}\n`);
    const tail = followFrom(log, fstatSync(log).size, line => {
      const event = parseEvent(line);
      if (event?.type === 'diagnostic' && event.diagnostic.severity === 'error') errors.push(event.diagnostic);
      if (!line.startsWith('{') && otherLines.push(line) > LINES_KEPT) otherLines.shift();
      run.onLine?.(line);
    });
    const child = execa(run.terraform.path, run.args, {
      cwd: run.cwd,
      env: terraformEnvironment(run.env, run.ownEnv),
      extendEnv: false,
      stdin: 'ignore',
      // Execa's types know only small descriptors; any is passed on as it is.
      stdout: log as 3,
      stderr: log as 3,
      buffer: false,
      detached: true,
      cleanup: false,
      forceKillAfterDelay: false,
      reject: false,
    });
    const interrupt = () => child.kill('SIGINT');
    run.signal?.addEventListener('abort', interrupt, { once: true });
    const poll = setInterval(tail, POLL_MS);
    running.add(child);
    const result = await child.finally(() => {
      running.delete(child);
      clearInterval(poll);
      run.signal?.removeEventListener('abort', interrupt);
    });
    if (result.exitCode === undefined && result.signal === undefined) {
      throw terraformCannotRun(run.terraform.path, result.shortMessage ?? 'it did not start');
    }
    tail(true);
    const said = otherLines.join('\n').trim();
    return {
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      interrupted: run.signal?.aborted ?? false,
      errors: errors.length > 0 ? errors : textDiagnostics(said),
      lastLines: said.split('\n').slice(-12).join('\n'),
    };
  } finally {
    closeSync(log);
  }
}

/** Reads what was appended since the last call, line by line; the last call (`true`) hands out a line without an end too. */
function followFrom(file: number, start: number, onLine: (line: string) => void): (last?: boolean | void) => void {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  const decoder = new StringDecoder('utf8');
  let position = start;
  let rest = '';
  return last => {
    for (let size; (size = readSync(file, buffer, 0, buffer.length, position)) > 0;) {
      position += size;
      const lines = (rest + decoder.write(buffer.subarray(0, size))).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(line => onLine(line.trimEnd()));
    }
    if (last && rest) onLine(rest);
  };
}
