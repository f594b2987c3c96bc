/** Plain lines for CI and pipes: one when a stack starts, is tried again, ends. */
import pc from 'picocolors';
import type { RolloutEvent, StackResult } from '../types.ts';
import { Board } from './board.ts';
import { endText } from './final.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import { changesInWords, count, duration, oneLine, truncate } from './text.ts';

/** Each line begins with the UTC time of its event. The end text follows the summary. */
export function createPlainRenderer(options: Omit<RendererOptions, 'now'>): Renderer {
  const { stream, colour } = options;
  const board = new Board();
  let closed = false;
  const columns = (): number => options.columns ?? stream.columns ?? Infinity;
  return {
    handle: event => {
      if (closed) return;
      const before = event.type === 'stack' ? board.row(event.stack)?.place : undefined;
      board.apply(event);
      if (event.type === 'summary') {
        stream.write(`\n${endText(board, event.summary, { columns: columns(), colour }).join('\n')}\n`);
        return;
      }
      const text = inWords(event, board, before === 'waiting');
      if (text === null) return;
      const line = truncate(`${event.time.slice(11, 19)}Z ${text}`, columns());
      stream.write(`${paint(line, event, colour)}\n`);
    },
    close: () => {
      closed = true;
    },
  };
}

function inWords(event: Exclude<RolloutEvent, { type: 'summary' }>, board: Board, starts: boolean): string | null {
  switch (event.type) {
    case 'start':
      return `${event.command}: ${count(event.stacks.length, 'stack')}, ${event.concurrency} at a time`;
    case 'interrupt': {
      if (event.times > 1) return 'interrupted again: told the running stacks to stop at once';
      const running = board.in('running').length;
      return `interrupted: nothing new starts, waiting for ${running} running; another Ctrl-C may leave locks`;
    }
    case 'retry': {
      const { stack, attempt, of, delayMs, reason } = event;
      return `${stack} retry ${attempt} of ${of} in ${duration(delayMs)}, after ${oneLine(reason)}`;
    }
    case 'stack':
      if (event.result !== undefined) return `${event.stack} ${ending(event.result, board)}`;
      return starts && event.state === 'running' ? `${event.stack} started` : null;
  }
}

const DONE = { apply: 'done', destroy: 'destroyed', plan: 'planned' } as const;

function ending(result: StackResult, board: Board): string {
  const time = duration(result.durationMs);
  const message = oneLine(result.error?.message ?? '');
  switch (result.state) {
    case 'succeeded': {
      const place = `${board.in('ended').length} of ${board.total}`;
      return `${DONE[board.mode]} in ${time}, ${changesInWords(result.changes)} (${place})`;
    }
    case 'failed':
      return `FAILED after ${time}, ${oneLine(result.error?.code ?? '')}: ${message}`;
    case 'skipped':
      return `skipped: ${message}`;
    case 'cancelled':
      return result.attempts === 0 ? 'cancelled: not started' : `cancelled after ${time}, stopped midway: ${message}`;
  }
}

function paint(line: string, event: RolloutEvent, enabled: boolean): string {
  const { red, yellow, green } = pc.createColors(enabled);
  if (event.type === 'retry' || event.type === 'interrupt') return yellow(line);
  if (event.type !== 'stack' || event.result === undefined) return line;
  return { succeeded: green, failed: red, skipped: yellow, cancelled: yellow }[event.result.state](line);
}
