/** The live table for a person at a terminal. */
import { createLogUpdate } from 'log-update';
import { Board } from './board.ts';
import { endText } from './final.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import { drawRow, drawTable } from './table.ts';

export interface LiveOptions extends RendererOptions {
  /** Calls back every `ms` milliseconds until the function that it returns is called. @default setInterval */
  readonly every?: (ms: number, callback: () => void) => () => void;
}

/** The clocks move five times a second. */
const REDRAW_MS = 200;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/**
 * Draws running stacks and totals in place; a stack that has ended is printed once, above, and stays in the terminal's
 * history. On the summary it prints the end text.
 */
export function createLiveRenderer(options: LiveOptions): Renderer {
  const { stream, colour, now, every = interval } = options;
  const board = new Board();
  // A hidden cursor would need a signal handler of its own to come back after a crash.
  const area = createLogUpdate(stream, { showCursor: true });
  let stop: (() => void) | null = null;
  const columns = (): number => options.columns ?? stream.columns ?? DEFAULT_COLUMNS;
  const draw = (): void =>
    area(drawTable(board, now(), { columns: columns(), rows: stream.rows ?? DEFAULT_ROWS, colour }).join('\n'));
  const close = (): void => {
    if (stop === null) return;
    stop();
    stop = null;
    area.done();
  };

  return {
    handle: event => {
      board.apply(event);
      if (event.type === 'start') stop ??= every(REDRAW_MS, draw);
      if (event.type === 'summary') {
        area.clear();
        close();
        stream.write(`\n${endText(board, event.summary, { columns: columns(), colour }).join('\n')}\n`);
        return;
      }
      const row = event.type === 'stack' && event.result !== undefined ? board.row(event.stack) : undefined;
      if (row !== undefined) {
        area.clear();
        stream.write(`${drawRow(row, board, now(), columns(), colour)}\n`);
      }
      if (stop !== null) draw();
    },
    close,
  };
}

function interval(ms: number, callback: () => void): () => void {
  const timer = setInterval(callback, ms);
  // The table must not keep a process alive whose work has ended.
  timer.unref();
  return () => clearInterval(timer);
}
