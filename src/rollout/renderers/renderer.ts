/** What every renderer is: events in, text out. Logic emits, renderers draw. */
import type { RolloutEvent } from '../types.ts';

export interface Renderer {
  handle(event: RolloutEvent): void;
  /** Leaves what was drawn and stops. Safe to call twice, and after a crash. */
  close(): void;
}

/** The part of a stream that renderers use; `columns` and `rows` are there on a terminal. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface RendererOptions {
  readonly stream: OutputStream;
  /** No line is longer. @default - what the stream says; without it 80 for the live table, unlimited for plain lines */
  readonly columns?: number;
  /** Decided by the caller, from NO_COLOR, CI and the stream. */
  readonly colour: boolean;
  /** Milliseconds since 1970, the clock of the events' times. */
  readonly now: () => number;
}
