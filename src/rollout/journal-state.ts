/** What a journal says, and what it leaves to do. Pure: text in, decisions out. */
import { z } from 'zod';
import { allDone, noRunToResume, resumeRefused } from '../errors.ts';
import type { FinalState } from './types.ts';

/** One wanted stack with the hash of what it was made from (its synthesized configuration and variables). */
export interface StackInput {
  readonly stack: string;
  readonly inputHash: string;
}

/** The first line of a journal: which run it was. */
export interface RunHeader {
  readonly runId: string;
  readonly command: string;
  /** Hash of the configuration. */
  readonly fingerprint: string;
  readonly account: string;
  readonly stacks: readonly StackInput[];
  /** Stacks that this run left out because the one it resumes had finished them. Kept, so a resumed run can be resumed. */
  readonly alreadyDone: readonly StackInput[];
  /** What earlier runs began and nobody finished since. Kept from run to run: the journal only holds the last one. */
  readonly cutOff: readonly CutOff[];
}

/** A run that started a stack and didn't finish it: something may exist that the stack's state doesn't know of. */
export interface CutOff {
  readonly stack: string;
  readonly runId: string;
}

export interface LastRun extends RunHeader {
  readonly startedAt: string;
  /** The last word on each stack; `started` without an end is a stack that was cut off. No entry: never started. */
  readonly states: ReadonlyMap<string, 'started' | FinalState>;
  /** Every stack that was started, however it ended. */
  readonly started: ReadonlySet<string>;
}

/** What the resuming run is and wants. */
export type WantedRun = Pick<RunHeader, 'command' | 'fingerprint' | 'account' | 'stacks'>;

export interface Remaining {
  /** In the order wanted. */
  readonly todo: readonly string[];
  /** Finished before, with the same input. */
  readonly alreadyDone: readonly StackInput[];
  /** Those of `todo` that were cut off while they ran: nobody knows how far they came. */
  readonly cutOff: readonly string[];
}

const stackInput = z.object({ stack: z.string(), inputHash: z.string() });

const headerLine = z.object({
  type: z.literal('run'),
  version: z.literal(1),
  startedAt: z.string(),
  runId: z.string(),
  command: z.string(),
  fingerprint: z.string(),
  account: z.string(),
  stacks: z.array(stackInput),
  alreadyDone: z.array(stackInput),
  // Journals of before had none.
  cutOff: z.array(z.object({ stack: z.string(), runId: z.string() })).default([]),
});

const stackLine = z.object({
  type: z.literal('stack'),
  stack: z.string(),
  state: z.enum(['started', 'succeeded', 'failed', 'skipped', 'cancelled']),
});

export const headerText = (header: RunHeader, startedAt: string): string =>
  line({ type: 'run', version: 1, startedAt, ...header });

export const stackText = (stack: string, state: 'started' | FinalState, time: string): string =>
  line({ type: 'stack', time, stack, state });

/**
 * Reads a journal. Only a whole line counts: one that was torn by a crash is passed over, which at worst runs a finished
 * stack again and never takes an unfinished one for done.
 * @throws Error if the first line isn't a header of this version
 */
export function parseJournal(text: string): LastRun {
  const [first = '', ...rest] = text.split('\n').slice(0, -1);
  const header = headerLine.safeParse(json(first));
  if (!header.success) throw new Error('Its first line is no run header of version 1.');
  const { startedAt, runId, command, fingerprint, account, stacks, alreadyDone, cutOff } = header.data;
  const states = new Map<string, 'started' | FinalState>();
  const started = new Set<string>();
  for (const row of rest) {
    const entry = stackLine.safeParse(json(row));
    if (!entry.success) continue;
    states.set(entry.data.stack, entry.data.state);
    if (entry.data.state === 'started') started.add(entry.data.stack);
  }
  return { startedAt, runId, command, fingerprint, account, stacks, alreadyDone, cutOff, states, started };
}

/**
 * What the last run and those before it began in this account and didn't finish. A success settles it: whoever deploys
 * or destroys such a stack takes what its state doesn't know of into it first.
 */
export function cutOffs(lastRun: LastRun | null, account: string): readonly CutOff[] {
  if (lastRun === null || lastRun.account !== account) return [];
  const { cutOff, states, started, runId } = lastRun;
  const open = cutOff.filter(({ stack }) => states.get(stack) !== 'succeeded');
  const own = [...started].filter(stack => states.get(stack) !== 'succeeded').map(stack => ({ stack, runId }));
  return [...open, ...own];
}

/**
 * What `--resume` has to do: every wanted stack that the last run didn't finish with this very input.
 * @throws UserError `nothing-to-resume` without an earlier run or if it finished everything, `resume-refused` if the
 * command, the account or the configuration isn't the same
 */
export function remaining(lastRun: LastRun | null, wanted: WantedRun): Remaining {
  if (lastRun === null) throw noRunToResume();
  if (lastRun.command !== wanted.command) throw resumeRefused(changed('command', lastRun.command, wanted.command));
  if (lastRun.account !== wanted.account) throw resumeRefused(changed('account', lastRun.account, wanted.account));
  if (lastRun.fingerprint !== wanted.fingerprint) {
    throw resumeRefused(`the configuration was changed since the run of ${lastRun.startedAt}.`);
  }

  const finished = new Map(lastRun.alreadyDone.map(({ stack, inputHash }) => [stack, inputHash]));
  for (const { stack, inputHash } of lastRun.stacks) {
    const state = lastRun.states.get(stack);
    if (state === 'succeeded') finished.set(stack, inputHash);
    // Without a word in this run it's what the resumed run before said.
    else if (state !== undefined) finished.delete(stack);
  }
  const isDone = ({ stack, inputHash }: StackInput): boolean => finished.get(stack) === inputHash;
  const todo = wanted.stacks.filter(input => !isDone(input)).map(({ stack }) => stack);
  if (todo.length === 0) throw allDone(wanted.command);
  return {
    todo,
    alreadyDone: wanted.stacks.filter(isDone),
    cutOff: todo.filter(stack => lastRun.states.get(stack) === 'started'),
  };
}

const changed = (what: string, then: string, now: string): string => `${what}: ${then} then, ${now} now.`;

const line = (value: object): string => `${JSON.stringify(value)}\n`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
