/** NDJSON for machines: one object per line, the summary last, nothing else. */
import type { RolloutEvent } from '../types.ts';
import type { Renderer, RendererOptions } from './renderer.ts';

/** Every line has `type` and `time`; those of a stack have `stack` and `state`; the last holds the summary's fields. */
export function createJsonRenderer({ stream }: Pick<RendererOptions, 'stream'>): Renderer {
  let ended = false;
  return {
    handle: event => {
      if (ended) return;
      ended = event.type === 'summary';
      stream.write(`${JSON.stringify(asLine(event))}\n`);
    },
    close: () => {
      ended = true;
    },
  };
}

function asLine(event: RolloutEvent): object {
  if (event.type !== 'summary') return event;
  const { type, time, summary } = event;
  return { type, time, ...summary };
}
