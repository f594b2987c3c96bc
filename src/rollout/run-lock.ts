/** One run at a time in a workspace: two would write the same stack folders, journal and provider folder. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { workspaceInUse } from '../errors.ts';
import type { Clock } from './clock.ts';

/** Who has the workspace. */
export interface RunHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the system counts it; null where the system doesn't say. Tells a pid that is used again. */
  readonly processStart: string | null;
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface RunLockOptions {
  /** As a person called it: `deploy:all`. */
  readonly command: string;
  /** How long to wait for the other run, in seconds. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called once, before waiting. */
  readonly onWait: (holder: RunHolder) => void;
}

const POLL_MS = 500;

/**
 * Takes the workspace, or waits for it. A lock whose process is gone (killed, or the machine was restarted) is taken over;
 * one of another host is believed, for nobody can look there.
 *
 * It guards this machine's files only. What guards the states is terraform's own lock, also against other machines.
 * @param file the lock; missing folders are made
 * @returns what gives the workspace back; null if the signal was aborted while it waited
 * @throws UserError `workspace-in-use`
 */
export async function takeRunLock(file: string, options: RunLockOptions): Promise<(() => void) | null> {
  const { command, timeoutSeconds, signal, clock, onWait } = options;
  const until = clock.now() + timeoutSeconds * 1000;
  const since = new Date(clock.now()).toISOString();
  const own: RunHolder = { pid: process.pid, host: hostname(), processStart: startOf(process.pid), command, since };
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    if (take(file, own)) return () => release(file, own);
    const holder = read(file);
    if (holder === null || isGone(holder)) {
      if (holder !== null) discard(file, holder);
      continue;
    }
    if (clock.now() >= until) throw workspaceInUse(holder, file);
    if (!told) onWait(holder);
    told = true;
    await clock.sleep(Math.min(POLL_MS, until - clock.now()), signal);
    if (signal.aborted) return null;
  }
}

/** A link appears whole or not at all, and only where nothing is yet. */
function take(file: string, own: RunHolder): boolean {
  const draft = `${file}.${own.pid}`;
  writeFileSync(draft, `${JSON.stringify(own)}\n`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function release(file: string, own: RunHolder): void {
  if (same(read(file), own)) rmSync(file, { force: true });
}

/** Takes a dead run's lock away. By a rename, which only one of two that try can do; what it got is looked at again. */
function discard(file: string, dead: RunHolder): void {
  const aside = `${file}.${process.pid}.gone`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  // Somebody had taken it over in between: theirs goes back.
  if (!same(read(aside), dead)) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one has it by now.
    }
  }
  rmSync(aside, { force: true });
}

/** Null when there is none, or none that can be read: a lock is always written whole, so that one is nobody's. */
function read(file: string): RunHolder | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    return JSON.parse(text) as RunHolder;
  } catch {
    rmSync(file, { force: true });
    return null;
  }
}

function isGone({ pid, host, processStart }: RunHolder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const start = startOf(pid);
  return start !== null && processStart !== null && start !== processStart;
}

/** Field 22 of /proc/<pid>/stat, in ticks since the start of the machine. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold blanks.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const same = (a: RunHolder | null, b: RunHolder): boolean =>
  a !== null && a.pid === b.pid && a.host === b.host && a.since === b.since;
