/** What is wrong with a configuration, as data, and the page a person reads about it. Pure. */
import { configurationInvalid } from '../errors.ts';
import type { UserError } from '../errors.ts';

export type Path = readonly (string | number)[];

/** One thing wrong: where, with what, against which rule, and how to mend it. */
export interface Problem {
  readonly path: Path;
  /** The value as a person wrote it, ready to print: `got "x"`, `missing`, `unknown key`. */
  readonly received: string;
  readonly rule: string;
  /** What to do, when the rule alone doesn't say it. Printed in brackets behind the rule. */
  readonly fix: string;
}

/** Values that don't come from the file: dotted path -> `--email`, `EMAIL_ADDRESS`. */
export type Origins = ReadonlyMap<string, string>;

const MAX_VALUE = 48;

/** The most columns that a rule and its fix share; a longer pair takes two lines. */
const MAX_RULE = 72;

/** `['alerts', 'emails', 0]` as `alerts.emails[0]`. */
export function pathText(path: Path): string {
  const text = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.replace(/^\./, '') || '(the whole file)';
}

/** The value under a path, `undefined` where the path leads nowhere. */
export function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    input,
  );
}

/** The value as a person would recognise it: one line, shortened, without the password of a URL. */
export function receivedText(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = printed(value);
  const safe = text.replace(/\/\/[^\s"]*@/g, '//***@');
  return `got ${safe.length > MAX_VALUE ? `${safe.slice(0, MAX_VALUE - 1)}…` : safe}`;
}

function printed(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value that JSON cannot hold';
  }
}

/** The origin of the value at `path`, or of what holds it; null when it stands in the file. */
function originOf(path: Path, origins: Origins): string | null {
  const lengths = path.map((_, index) => path.length - index);
  return lengths.map(length => origins.get(pathText(path.slice(0, length)))).find(origin => origin) ?? null;
}

/** One error for all problems, in three aligned columns: path, value, rule with its fix. Exit code 2. */
export function configurationError(problems: readonly Problem[], source: string, origins: Origins): UserError {
  const rows = problems.map(problem => {
    const origin = originOf(problem.path, origins);
    const fix = problem.rule && problem.fix ? `(${problem.fix})` : problem.fix;
    const received = origin ? `${problem.received} from ${origin}` : problem.received;
    return { path: pathText(problem.path), received, rule: problem.rule, fix, foreign: origin !== null };
  });
  const pathWidth = Math.max(...rows.map(row => row.path.length)) + 3;
  const receivedWidth = Math.max(...rows.map(row => row.received.length)) + 3;
  const lines = rows.flatMap(row => {
    const indent = `  ${row.path.padEnd(pathWidth)}${row.received.padEnd(receivedWidth)}`;
    const oneLine = [row.rule, row.fix].filter(Boolean).join(' ');
    if (oneLine.length <= MAX_RULE || !row.rule || !row.fix) return [`${indent}${oneLine}`.trimEnd()];
    return [`${indent}${row.rule}`, `${' '.repeat(indent.length)}${row.fix}`];
  });
  // The file isn't to blame for what flags and variables brought in.
  const culprit = rows.every(row => row.foreign) ? 'The configuration' : source;
  return configurationInvalid(culprit, problems.length, lines);
}
