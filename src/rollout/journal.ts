/** The record of a run on disk. It survives a kill at any point: an entry is on the disk before what it announces. */
import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { types } from 'node:util';
import { journalUnreadable } from '../errors.ts';
import { headerText, parseJournal, stackText } from './journal-state.ts';
import type { LastRun, RunHeader } from './journal-state.ts';
import { messageOf } from './run-stack.ts';
import type { FinalState, RolloutEvent } from './types.ts';

export interface Journal {
  /** On the disk when it returns. Throws if the disk refuses. */
  record(stack: string, state: 'started' | FinalState): void;
  /** Records the events that matter: the first start of a stack and its end. For `onEvent`, before any renderer. */
  handle(event: RolloutEvent): void;
  close(): void;
}

/**
 * Begins the journal of a new run; it takes the place of the last one's in a single step, so a crash leaves one or the
 * other, whole. JSON lines: a header, then one line per start and end of a stack. Missing folders are made.
 * @param file where it is kept; one per place that holds the stacks' states
 * @param now ISO 8601 time of an entry, @default - the system's clock
 */
export function openJournal(
  file: string,
  run: Omit<RunHeader, 'alreadyDone' | 'cutOff'> & Partial<Pick<RunHeader, 'alreadyDone' | 'cutOff'>>,
  now: () => string = () => new Date().toISOString(),
): Journal {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  // The process id keeps two runs that start together out of each other's file.
  const fresh = `${file}.${process.pid}.new`;
  const handle = openSync(fresh, 'w');
  try {
    append(handle, headerText({ alreadyDone: [], cutOff: [], ...run }, now()));
    renameSync(fresh, file);
    syncFolder(folder);
  } catch (error) {
    closeSync(handle);
    rmSync(fresh, { force: true });
    throw error;
  }

  const record: Journal['record'] = (stack, state) => append(handle, stackText(stack, state, now()));
  const started = new Set<string>();
  return {
    record,
    handle: event => {
      if (event.type !== 'stack') return;
      if (event.result !== undefined) record(event.stack, event.result.state);
      else if (!started.has(event.stack)) {
        record(event.stack, 'started');
        started.add(event.stack);
      }
    },
    close: () => closeSync(handle),
  };
}

/**
 * The last run that kept its journal in `file`; null if there was none.
 * @throws UserError `journal-unreadable`
 */
export function readLastRun(file: string): LastRun | null {
  try {
    return parseJournal(readFileSync(file, 'utf8'));
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'ENOENT') return null;
    throw journalUnreadable(file, messageOf(error));
  }
}

function append(handle: number, text: string): void {
  appendFileSync(handle, text);
  fsyncSync(handle);
}

/** A rename is only certain once its folder is written. Some systems can't open a folder: there it's left to them. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
