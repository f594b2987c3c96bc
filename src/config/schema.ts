/** The configuration's types, and the way from anything to a checked configuration: every problem in one pass. Pure. */
import type { z } from 'zod';
import { configurationError, receivedText, valueAt } from './problems.ts';
import type { Origins, Path, Problem } from './problems.ts';
import { patternProblems } from './pattern-limits.ts';
import { relationProblems } from './relations.ts';
import { configSchema, inputPartition } from './shape.ts';
import { suggest } from './suggest.ts';

type Schema = ReturnType<typeof configSchema>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** What a team writes: every key may be left out. */
export type BreakGlassConfigInput = z.input<Schema>;

/** The checked configuration: every key is present, nothing can be changed. */
export type BreakGlassConfig = DeepReadonly<z.output<Schema>>;

export type UserConfig = BreakGlassConfig['users'][number];
export type RoleConfig = BreakGlassConfig['roles'][number];
export type BackendConfig = BreakGlassConfig['backend'];
export type ContactConfig = BreakGlassConfig['contacts'][number];

/** Gives `break-glass.config.ts` its types; returns its argument. */
export function defineConfig(input: BreakGlassConfigInput): BreakGlassConfigInput {
  return input;
}

/** Keys that people look for at the top, with the object that holds them. */
const nestedKeys = ['alerts', 'monitoring'] as const;

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param input what a file, the environment and flags gave together
 * @param source the file's name, for the message
 * @param origins where values come from that don't stand in the file; default: all stand in the file
 * @throws UserError `configuration`, exit code 2, listing every problem
 */
export function parseConfig(input: unknown, source: string, origins: Origins = new Map()): BreakGlassConfig {
  const schema = configSchema(inputPartition(input));
  const parsed = schema.safeParse(input);
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap(issue => issueProblems(issue, input, schema)),
    ...relationProblems(input),
  ];
  if (!parsed.success || problems.length > 0) {
    throw configurationError(inOrder(problems, Object.keys(schema.shape)), source, origins);
  }
  const tooLong = patternProblems(parsed.data);
  if (tooLong.length > 0) throw configurationError(tooLong, source, origins);
  // A copy: freezing must not reach into the object that the file exported.
  return deepFreeze(structuredClone(parsed.data));
}

function issueProblems(issue: z.core.$ZodIssue, input: unknown, schema: Schema): Problem[] {
  const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map(key => unknownKey([...path, key], key, known, path.length === 0 ? nestedPaths(schema) : []));
  }
  const fix: unknown = issue.code === 'custom' ? issue.params?.fix : '';
  const received = receivedText(valueAt(input, path));
  return [{ path, received, rule: issue.message, fix: typeof fix === 'string' ? fix : '' }];
}

function unknownKey(path: Path, key: string, known: readonly string[], elsewhere: readonly string[]): Problem {
  const names = elsewhere.map(place => place.split('.')[1]!);
  const home = suggest(key, names);
  const near = suggest(key, known) ?? (home === null ? null : elsewhere[names.indexOf(home)]);
  const fix = near ? `did you mean "${near}"?` : `known here: ${known.join(', ')}`;
  return { path, received: 'unknown key', rule: '', fix };
}

/** `alerts.emails` and the like. */
function nestedPaths({ shape }: Schema): string[] {
  return nestedKeys.flatMap(key => Object.keys(shape[key].unwrap().shape).map(name => `${key}.${name}`));
}

/** In the order of the schema, unknown keys last. */
function inOrder(problems: readonly Problem[], keys: readonly string[]): Problem[] {
  const rank = ({ path }: Problem) => {
    const index = keys.indexOf(String(path[0]));
    return index < 0 ? keys.length : index;
  };
  return [...problems].sort((a, b) => rank(a) - rank(b));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
