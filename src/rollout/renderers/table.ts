/** The live table as text: pure, from a board and a time. */
import pc from 'picocolors';
import { estimateLeftMs } from '../estimate.ts';
import type { Changes } from '../types.ts';
import type { Board, Row } from './board.ts';
import { changesInWords, duration, oneLine, pad, stopwatch, truncate, truncateMiddle, width } from './text.ts';

export interface TableOptions {
  readonly columns: number;
  /** Lines of the terminal. */
  readonly rows: number;
  readonly colour: boolean;
}

const WORD = 11;
const DETAIL = 16;
const TIME = 8;
const STATE = WORD + DETAIL + 1 + TIME;
/** Wider lines are harder to follow than shorter names. */
const WIDEST = 100;
const HINT_EDGE = 80;
const WAITING_SHOWN = 3;
/** The guess is rounded up to this, so that it doesn't flicker. */
const GUESS_STEP_MS = 5000;

/** What may change while the run goes on: running stacks, the next ones, totals. Ended stacks are printed above it. */
export function drawTable(board: Board, now: number, { columns, rows, colour }: TableOptions): string[] {
  const footer = [totals(board, now, columns), ...interruption(board)].map(line => truncate(line, columns));
  // One line is the cursor's.
  const rowsOrWords = fold(board, rows - 1 - footer.length);
  return [
    ...rowsOrWords.map(row =>
      typeof row === 'string' ? truncate(row, columns) : drawRow(row, board, now, columns, colour),
    ),
    ...footer,
  ];
}

/** One stack: name, state, what it is at or what came of it, time. */
export function drawRow(row: Row, board: Board, now: number, columns: number, colour: boolean): string {
  const names = [...board.in('waiting'), ...board.in('running'), ...board.in('ended')].map(label);
  const room = Math.max(8, Math.min(columns, WIDEST) - 4 - STATE);
  const nameWidth = Math.min(room, Math.max(...names.map(width)));
  const name = `  ${pad(truncateMiddle(label(row), nameWidth), nameWidth)}  `;
  const [word, rest] = stateOf(row, board, now);
  const line = truncate((name + word + rest).trimEnd(), columns);
  return line.slice(0, name.length) + paint(word.trimEnd(), line.slice(name.length), row, colour);
}

/** The region is said once: most names hold it. */
const label = ({ node }: Row): string =>
  node.region === 'global' || node.id.includes(node.region) ? node.id : `${node.id} (${node.region})`;

const PHASES: Record<string, string> = {
  prepare: 'preparing',
  apply: 'applying',
  destroy: 'destroying',
  plan: 'planning',
};

const DONE = { apply: 'done', destroy: 'destroyed', plan: 'planned' } as const;

function stateOf(row: Row, board: Board, now: number): [word: string, rest: string] {
  const cells = (word: string, detail: string, ms: number): [string, string] => [
    pad(word, WORD),
    `${pad(truncate(detail, DETAIL), DETAIL)} ${duration(ms).padStart(TIME)}`,
  ];
  if (row.result !== null) {
    const { state, error, durationMs, changes, attempts } = row.result;
    if (state === 'succeeded') return cells(DONE[board.mode], briefly(changes), durationMs);
    if (state === 'failed') return cells('FAILED', oneLine(error?.code ?? ''), durationMs);
    if (state === 'skipped') return [pad('skipped', WORD), oneLine(error?.message ?? '')];
    return attempts === 0 ? [pad('cancelled', WORD), 'not started'] : cells('cancelled', 'stopped midway', durationMs);
  }
  if (row.retry !== null) {
    const { attempt, of, reason, until } = row.retry;
    const left = until > now ? `in ${duration(until - now)}` : 'now';
    return ['retry', ` ${attempt}/${of} after ${oneLine(reason)}, ${left}`];
  }
  if (row.place === 'waiting') return ['waiting', ''];
  const { phase = 'prepare', done = 0, total = null } = row.progress ?? {};
  const detail = total !== null ? `${done}/${total}` : done > 0 ? String(done) : '';
  return cells(PHASES[phase] ?? oneLine(phase), detail, now - (row.startedAt ?? now));
}

function briefly(changes: Changes): string {
  const kinds = [changes.add, changes.change, changes.remove].filter(amount => amount > 0);
  return kinds.length <= 1 ? changesInWords(changes) : `${kinds.reduce((sum, amount) => sum + amount, 0)} changes`;
}

function paint(word: string, state: string, row: Row, enabled: boolean): string {
  const { green, red, yellow, cyan, dim } = pc.createColors(enabled);
  if (!state.startsWith(word)) return state;
  const colour =
    row.result === null
      ? row.retry !== null
        ? yellow
        : row.place === 'running'
          ? cyan
          : dim
      : { succeeded: green, failed: red, skipped: yellow, cancelled: yellow }[row.result.state];
  return colour(word) + state.slice(word.length);
}

/** What runs comes first; in a low terminal what waits isn't shown at all: the totals count it. */
function fold(board: Board, room: number) {
  const running = board.in('running');
  const waiting = board.in('waiting');
  const fits = running.length <= room;
  const shownRunning = fits ? running.length : Math.max(0, room - 1);
  const left = fits ? room - running.length : 0;
  const all = waiting.length <= Math.min(WAITING_SHOWN, left);
  const shownWaiting = all ? waiting.length : Math.max(0, Math.min(WAITING_SHOWN, left - 1));
  return [
    ...running.slice(0, shownRunning),
    ...(fits || room < 1 ? [] : [more(running.length - shownRunning, shownRunning, 'running')]),
    ...waiting.slice(0, shownWaiting),
    ...(all || left < 1 ? [] : [more(waiting.length - shownWaiting, shownWaiting, 'waiting')]),
  ];
}

const more = (amount: number, shown: number, what: string): string =>
  `  … ${amount} ${shown > 0 ? 'more ' : ''}${what}`;

function totals(board: Board, now: number, columns: number): string {
  const skipped = board.count('skipped');
  const line = [
    `  ${board.count('succeeded')} of ${board.total} ${DONE[board.mode]}`,
    `${board.count('failed')} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    stopwatch(now - (board.startedAt ?? now)),
    ...guess(board, now),
  ].join(' · ');
  const hint = 'Ctrl-C stops cleanly';
  const gap = Math.min(columns, HINT_EDGE) - width(line) - hint.length;
  return board.interrupts > 0 || gap < 2 ? line : line + ' '.repeat(gap) + hint;
}

function guess(board: Board, now: number): string[] {
  const running = board.in('running');
  const left = estimateLeftMs({
    doneMs: board.in('ended').flatMap(({ result }) => (result?.state === 'succeeded' ? [result.durationMs] : [])),
    runningMs: running.map(({ startedAt }) => now - (startedAt ?? now)),
    waiting: board.in('waiting').length,
    slots: Math.max(1, Math.min(board.concurrency, board.total), running.length),
  });
  if (left === null || left === 0) return [];
  return [`about ${stopwatch(Math.ceil(left / GUESS_STEP_MS) * GUESS_STEP_MS)} left`];
}

function interruption(board: Board): string[] {
  const running = board.in('running').length;
  if (board.interrupts === 0) return [];
  if (board.interrupts > 1) return [`  Interrupted again: told the ${running} still running to stop at once.`];
  return [`  Stopping: nothing new starts, ${running} still running. Ctrl-C again may leave locks.`];
}
