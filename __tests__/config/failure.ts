import { UserError } from '../../src/errors.ts';
import { parseConfig } from '../../src/config/schema.ts';

/** The error that `run` throws; fails when it throws none, or none for a person. */
export async function failureOf(run: () => unknown): Promise<UserError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError, but nothing was thrown');
}

/** The rows of the message about a bad configuration, spaces between columns made one ` | `. */
export async function rowsOf(input: unknown): Promise<string[]> {
  const { message } = await failureOf(() => parseConfig(input, 'break-glass.config.ts'));
  const rows: string[] = [];
  for (const line of message.split('\n').slice(2)) {
    // A fix that found no room stands on its own line, below its rule.
    if (/^ {10}/.test(line)) rows.push(`${rows.pop()} ${line.trim()}`);
    else rows.push(line.trim().split(/ {3,}/).join(' | '));
  }
  return rows;
}
