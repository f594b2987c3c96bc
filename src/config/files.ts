/** Reads one configuration file, TypeScript or JSON. What the file says is checked elsewhere. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  configFileKind,
  configFileNoDefault,
  configFileNotJson,
  configFileThrew,
  configFileUnreadable,
} from '../errors.ts';

/**
 * The object that a file holds.
 *
 * @param file absolute path
 * @param name how messages call the file
 * @throws UserError `configuration-file`, exit code 2
 */
export async function readConfigFile(file: string, name: string): Promise<unknown> {
  if (extname(file) === '.json') return readJson(file, name);
  if (extname(file) === '.ts') return importDefault(file, name);
  throw configFileKind(name);
}

async function importDefault(file: string, name: string): Promise<unknown> {
  let module: object;
  try {
    module = (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    throw configFileThrew(name, firstLine(error));
  }
  if (!('default' in module)) throw configFileNoDefault(name);
  // Below a package.json without "type": "module", tsx takes the file for CommonJS, whose exports arrive as `default`.
  const exported = module.default;
  if (typeof exported !== 'object' || exported === null || !('__esModule' in exported)) return exported;
  if (!('default' in exported)) throw configFileNoDefault(name);
  return exported.default;
}

async function readJson(file: string, name: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw configFileUnreadable(name, firstLine(error));
  }
  const json = withoutComments(text);
  try {
    return JSON.parse(json);
  } catch (error) {
    const before = json.slice(0, errorPosition(json)).split('\n');
    throw configFileNotJson(name, before.length, before.at(-1)!.length + 1, reasonOf(error));
  }
}

/** Blanks for comments, so that positions stay: the documented example has comments. */
function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, match =>
    match.startsWith('"') ? match : match.replace(/[^\n]/g, ' '),
  );
}

/**
 * Where JSON goes wrong. Node 20 doesn't always say it, so: the character that turns an unfinished text, which
 * complains about its end, into a wrong one.
 */
function errorPosition(text: string): number {
  let unfinished = 0;
  let wrong = text.length + 1;
  while (wrong - unfinished > 1) {
    const middle = Math.floor((unfinished + wrong) / 2);
    if (isWrong(text.slice(0, middle))) wrong = middle;
    else unfinished = middle;
  }
  return unfinished;
}

function isWrong(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = (error as Error).message;
    if (/end of JSON input|Unterminated/.test(message)) return false;
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined || Number(position) < text.length;
  }
}

/** Without the excerpt of the file that newer engines add, which may span lines. */
const reasonOf = (error: unknown) => firstLine(error).replace(/, (\.\.\.)?".*$/, '');

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
