import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { moduleFileNotOurs } from '../errors.ts';

/** Names what the last run wrote, so that the next one removes what is stale and touches nothing else. */
const LEDGER = '.written.json';

/**
 * Writes the files and removes those that an earlier run wrote and this one doesn't. What others left in the folder
 * (states, `.terraform`) stays.
 *
 * @throws UserError before anything is written, when a file is in the way that no earlier run wrote
 */
export function writeModules(
  folder: string,
  files: ReadonlyMap<string, string>,
): { readonly removed: readonly string[] } {
  const former = readLedger(folder);
  for (const [path, text] of files) {
    const file = join(folder, path);
    if (!former.includes(path) && existsSync(file) && readFileSync(file, 'utf8') !== text)
      throw moduleFileNotOurs(file);
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const removed = former.filter(path => !files.has(path));
  for (const path of removed) remove(folder, path);
  writeFileSync(join(folder, LEDGER), `${JSON.stringify([...files.keys()], null, 2)}\n`);
  return { removed };
}

function readLedger(folder: string): string[] {
  const file = join(folder, LEDGER);
  if (!existsSync(file)) return [];
  const paths: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const inside = (path: unknown): path is string =>
    typeof path === 'string' && !isAbsolute(path) && !normalize(path).startsWith('..');
  return Array.isArray(paths) ? paths.filter(inside) : [];
}

/** And the folders that are empty then. */
function remove(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    try {
      rmdirSync(join(folder, parent));
    } catch {
      return;
    }
  }
}
