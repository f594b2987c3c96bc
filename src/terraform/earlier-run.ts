import { readFile } from 'node:fs/promises';
import { classify, isTransient } from './classify.ts';
import { parseEvent, type Diagnostic } from './events.ts';

/**
 * What the logs of earlier runs show a creation of, by address, with the time at which the first began (null in a log
 * without times). Not what AWS refused: what exists of that is not ours.
 * @param logFiles terraform's JSON lines; one that is gone proves nothing
 */
export async function begunCreations(logFiles: readonly string[]): Promise<ReadonlyMap<string, Date | null>> {
  const begun = new Map<string, Date | null>();
  for (const file of logFiles) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const refused = new Set<string>();
    const started = new Map<string, Date | null>();
    for (const line of text.split('\n')) {
      const event = parseEvent(line);
      if (event?.type === 'resource' && event.step === 'start' && event.action === 'create') {
        started.set(event.address, timeOf(line));
      }
      if (event?.type !== 'diagnostic' || event.diagnostic.address === null) continue;
      const code = codeOf(event.diagnostic);
      // Unknown: a call that was stopped in its middle.
      if (code !== 'unknown' && !isTransient(code)) refused.add(event.diagnostic.address);
    }
    for (const [address, at] of started) if (!refused.has(address) && !begun.has(address)) begun.set(address, at);
  }
  return begun;
}

/** The class of what a diagnostic says, as in {@link classify}. */
export const codeOf = ({ summary, detail }: Diagnostic) => classify(`${summary}\n${detail}`);

function timeOf(line: string): Date | null {
  const { '@timestamp': time } = JSON.parse(line) as { '@timestamp'?: unknown };
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? new Date(time) : null;
}
