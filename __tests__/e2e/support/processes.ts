/** Every process of one run, found by a variable in its environment: terraform and providers are in groups of their own. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

export interface Family {
  /** To be in the environment of the run. Terraform passes `XDG_*` on to the providers. */
  readonly env: Readonly<Record<string, string>>;
  /** Those that are alive. A zombie is not: it waits for its parent and does nothing more. */
  members(): readonly FamilyMember[];
  /** Signals every member, again and again until none is left: one may be starting another. Returns how many there were. */
  kill(signal: NodeJS.Signals): number;
}

export interface FamilyMember {
  readonly pid: number;
  /** The program's file name. */
  readonly program: string;
  readonly args: readonly string[];
}

const VARIABLE = 'XDG_BREAK_GLASS_TEST_RUN';

export function newFamily(): Family {
  const entry = `${VARIABLE}=${randomUUID()}`;
  const members = () => pids().flatMap(pid => member(pid, entry) ?? []);
  return {
    env: { [VARIABLE]: entry.slice(VARIABLE.length + 1) },
    members,
    kill(signal) {
      const seen = new Set<number>();
      for (let alive = members(); alive.length > 0; alive = members()) {
        for (const { pid } of alive) {
          seen.add(pid);
          try {
            process.kill(pid, signal);
          } catch {
            // It ended in the meantime.
          }
        }
      }
      return seen.size;
    },
  };
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== process.pid);
}

function member(pid: number, entry: string): FamilyMember | null {
  try {
    // A zombie's environment is empty.
    if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry)) return null;
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return { pid, program: program.split('/').at(-1) ?? '', args };
  } catch {
    return null;
  }
}
