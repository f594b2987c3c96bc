import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * What Linux says about processes. Times in seconds, sizes in bytes.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, proc_stat.5.html, proc_pid_smaps.5.html
 */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Z: ended, and nobody asked for its exit code yet. */
  readonly state: string;
  /** User and system time of the process itself. */
  readonly cpuSeconds: number;
  /** The same of its children that ended and were waited for, and of theirs. */
  readonly childrenCpuSeconds: number;
  /** With the pid it names a process for as long as the machine runs. */
  readonly startedAt: number;
}

/** USER_HZ, 100 on every platform that Node runs on: https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100;

/** @param stat the content of `/proc/<pid>/stat` */
export function parseStat(stat: string): Process {
  // The name is in brackets and may hold any character.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const ticks = (field: number): number => Number(fields[field - 3]) / TICKS_PER_SECOND;
  return {
    pid: Number.parseInt(stat, 10),
    name: stat.slice(stat.indexOf('(') + 1, end),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    cpuSeconds: ticks(14) + ticks(15),
    childrenCpuSeconds: ticks(16) + ticks(17),
    startedAt: ticks(22),
  };
}

/** Null when it is gone. */
export function processOf(pid: number | 'self'): Process | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** A process with its children, their children and so on, as they are now. */
export function descendants(root: number, all: readonly Process[] = processes()): Process[] {
  const found = all.filter(({ pid }) => pid === root);
  for (const parent of found) found.push(...all.filter(child => child.parent === parent.pid));
  return found;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => processOf(Number(name)) ?? []);
}

/** Proportional set size: pages that several processes share count once among them. 0 for a process that is gone. */
export async function pssBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Processor time that anybody used on this machine since it started. Waiting for a disk is no work. */
export function machineCpuSeconds(stat = readFileSync('/proc/stat', 'utf8')): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}
