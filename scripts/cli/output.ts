import { createJsonRenderer } from '../../src/rollout/renderers/json.ts';
import { createLiveRenderer } from '../../src/rollout/renderers/live.ts';
import { createPlainRenderer } from '../../src/rollout/renderers/plain.ts';
import { wrap } from '../../src/rollout/renderers/text.ts';
import type { Renderer } from '../../src/rollout/renderers/renderer.ts';

/** How to talk: to a person at a terminal, to a log, or to a program. */
export interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly json: boolean;
  readonly live: boolean;
  readonly colour: boolean;
}

/** @param json NDJSON on standard output and nothing else there; what is meant for people goes to standard error */
export function outputOf(env: NodeJS.ProcessEnv, json: boolean): Output {
  const terminal = process.stdout.isTTY === true && !env.CI && env.TERM !== 'dumb';
  return { stream: process.stdout, json, live: terminal && !json, colour: terminal && !json && !env.NO_COLOR };
}

export function rendererFor({ stream, json, live, colour }: Output): Renderer {
  const options = { stream, colour, now: Date.now };
  if (json) return createJsonRenderer(options);
  return live ? createLiveRenderer(options) : createPlainRenderer(options);
}

/** A line for people; on a terminal it breaks between words. */
export function say(output: Output, text = ''): void {
  const columns = columnsOf(output);
  const lines = columns === Infinity ? [text] : wrap(text, columns);
  (output.json ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
}

/** Width of the terminal; Infinity for a log, which has none. */
export function columnsOf({ stream, live }: Output): number {
  return live ? (stream.columns ?? 80) : Infinity;
}
