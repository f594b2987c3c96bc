/** Finds the configuration and lays flags over the environment over the file. The only reader of its environment. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { configFileMissing } from '../errors.ts';
import { readConfigFile } from './files.ts';
import { parseConfig } from './schema.ts';
import type { BreakGlassConfig } from './schema.ts';

/** What flags or prompts chose for this run. A key that is absent or undefined chose nothing. */
export interface ConfigOverrides {
  readonly emails?: readonly string[] | undefined;
  readonly primaryRegion?: string | undefined;
  /** `['all-enabled']` is the word, not a region. */
  readonly regions?: readonly string[] | undefined;
  readonly excludeRegions?: readonly string[] | undefined;
  readonly securityAccountId?: string | undefined;
}

export interface LoadOptions {
  /** Absolute path of the project: relative file names start here. */
  readonly root: string;
  /** The file of `--config`. Default: that of BREAK_GLASS_CONFIG, else `break-glass.config.ts`, else `.json`. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Default: none. */
  readonly overrides?: ConfigOverrides | undefined;
}

export interface LoadedConfig {
  readonly config: BreakGlassConfig;
  /** The file's name relative to the project, or `defaults`. */
  readonly source: string;
  /** Plain sentences that a person should see, such as a file that is there and not read. */
  readonly notices: readonly string[];
}

const TYPESCRIPT = 'break-glass.config.ts';
const JSON_FILE = 'break-glass.config.json';

/**
 * The checked configuration of a run.
 *
 * @throws UserError `configuration` for values, listing all of them, or `configuration-file` for the file; exit code 2
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { file, notices } = chooseFile(options);
  const source = file === null ? 'defaults' : nameOf(file, options.root);
  const fromFile = file === null ? {} : await readConfigFile(file, source);
  const { input, origins } = merge(fromFile, options.env, options.overrides ?? {});
  return { config: parseConfig(input, source, origins), source, notices };
}

function chooseFile({ root, file, env }: LoadOptions): { file: string | null; notices: string[] } {
  const chosen = file ?? filled(env.BREAK_GLASS_CONFIG);
  if (chosen !== undefined) {
    const path = resolve(root, chosen);
    if (!existsSync(path)) throw configFileMissing(chosen, file === undefined ? 'BREAK_GLASS_CONFIG' : '--config');
    return { file: path, notices: [] };
  }
  const [first, second] = [TYPESCRIPT, JSON_FILE].filter(name => existsSync(join(root, name)));
  const notices = second
    ? [`${second} is not read, because ${first} is there: remove one, or choose by --config.`]
    : [];
  return { file: first ? join(root, first) : null, notices };
}

/** Relative inside the project, as it is outside. */
function nameOf(file: string, root: string): string {
  const name = relative(root, file);
  return name.startsWith('..') || isAbsolute(name) ? file : name;
}

/** A setting that something other than the file may decide. The first that has a value wins. */
interface Setting {
  readonly path: readonly [string] | readonly [string, string];
  readonly choices: readonly { readonly origin: string; readonly value: unknown }[];
}

function settings(env: NodeJS.ProcessEnv, overrides: ConfigOverrides): readonly Setting[] {
  const flag = (name: string, value: unknown) => ({ origin: name, value });
  const variable = (name: string, read: (text: string) => unknown = text => text) => {
    const text = filled(env[name]);
    return { origin: name, value: text === undefined ? undefined : read(text) };
  };
  return [
    {
      path: ['primaryRegion'],
      choices: [flag('--primary-region', overrides.primaryRegion), variable('PRIMARY_REGION')],
    },
    {
      path: ['regions'],
      choices: [
        flag('--regions', wordOrList(overrides.regions)),
        variable('BREAK_GLASS_REGIONS', text => wordOrList(commaList(text))),
      ],
    },
    { path: ['excludeRegions'], choices: [flag('--exclude-regions', overrides.excludeRegions)] },
    {
      path: ['alerts', 'emails'],
      choices: [flag('--email', overrides.emails), variable('EMAIL_ADDRESS', commaList)],
    },
    { path: ['securityAccountId'], choices: [flag('this run', overrides.securityAccountId)] },
  ];
}

function merge(fromFile: unknown, env: NodeJS.ProcessEnv, overrides: ConfigOverrides) {
  const origins = new Map<string, string>();
  // A file that holds no object is reported as such, whatever else was given.
  if (!isObject(fromFile)) return { input: fromFile, origins };
  const input: Record<string, unknown> = { ...fromFile };
  for (const { path, choices } of settings(env, overrides)) {
    const choice = choices.find(({ value }) => value !== undefined);
    if (!choice) continue;
    const [key, inner] = path;
    const holder = input[key] ?? {};
    // A file with `alerts` of the wrong kind is reported as it is: there is no place for the address in it.
    if (inner !== undefined && !isObject(holder)) continue;
    input[key] = inner === undefined ? choice.value : { ...(holder as object), [inner]: choice.value };
    origins.set(path.join('.'), choice.origin);
  }
  return { input, origins };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An empty variable is an unset one. */
const filled = (text: string | undefined) => (text?.trim() ? text.trim() : undefined);

const commaList = (text: string) =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(Boolean);

const wordOrList = (list: readonly string[] | undefined) =>
  list?.length === 1 && list[0] === 'all-enabled' ? 'all-enabled' : list;
