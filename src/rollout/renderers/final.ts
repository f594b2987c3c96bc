/** The last words of a run, for people: what is done, what isn't, what is watched, what to do. */
import pc from 'picocolors';
import { hasChanges } from '../summary.ts';
import type { RunMode, StackResult, Summary } from '../types.ts';
import type { Board } from './board.ts';
import { planTable } from './plan-table.ts';
import { clean, count, duration, oneLine, wrap } from './text.ts';

export interface FinalOptions {
  readonly columns: number;
  readonly colour: boolean;
  /** @default 'apply' */
  readonly mode?: RunMode;
  /** What to do next, by failed stack. @default - nothing is said */
  readonly next?: ReadonlyMap<string, string>;
  /** What was taken into the state after an earlier run was cut off, by stack. @default - nothing */
  readonly adopted?: ReadonlyMap<string, readonly string[]>;
  /** What an earlier run that was cut off may have left, by stack. @default - nothing */
  readonly perhapsLeft?: ReadonlyMap<string, readonly string[]>;
  /** What continues an unfinished run. @default - nothing is said */
  readonly resumeCommand?: string | null;
}

/** Everything after the table: for a plan its table first, then the summary. */
export function endText(board: Board, summary: Summary, { columns, colour }: FinalOptions): string[] {
  const { mode, next, resumeCommand, details, adopted, perhapsLeft } = board;
  const table = mode === 'plan' ? [...planTable({ results: summary.stacks, details, columns, colour }), ''] : [];
  return [...table, ...finalText(summary, { columns, colour, mode, next, adopted, perhapsLeft, resumeCommand })];
}

/** The summary in lines. `covered N/M regions` is a line of its own, word for word: people and scripts look for it. */
export function finalText(summary: Summary, options: FinalOptions): string[] {
  const { columns, colour, mode = 'apply', next, adopted = NOTHING, perhapsLeft = NOTHING, resumeCommand } = options;
  const paint = pc.createColors(colour);
  const { stacks } = summary;
  const failed = stacks.filter(({ state }) => state === 'failed');
  const stopped = stacks.filter(({ state, attempts }) => state === 'cancelled' && attempts > 0);
  const unfinished = stacks.some(({ state }) => state !== 'succeeded');
  const covered = `covered ${summary.coveredRegions.length}/${summary.enabledRegions.length} regions`;
  const complete = summary.coveredRegions.length === summary.enabledRegions.length;

  const lines = wrap(headline(summary, mode), columns);
  if (mode === 'apply') lines.push(...wrap(covered, columns).map(complete ? paint.green : paint.yellow));
  for (const result of failed) lines.push('', ...block('FAILED', result, columns, paint.red, next?.get(result.stack)));
  for (const result of stopped) {
    lines.push('', ...block('STOPPED MIDWAY', result, columns, paint.yellow, next?.get(result.stack)));
  }
  for (const [reason, names] of untouched(stacks)) {
    lines.push('', ...wrap(reason, columns, '  ').map(paint.yellow), ...wrap(names.join(', '), columns, '    '));
  }
  for (const [title, why, found] of [
    ['ADOPTED', BEGUN_AND_IN_STATE, adopted],
    ['PERHAPS LEFT', BEGUN_AND_UNKNOWN, perhapsLeft],
  ] as const) {
    for (const [stack, texts] of found) {
      const told = [why, texts.join(', ')].flatMap(text => wrap(text, columns, '    '));
      lines.push('', `  ${paint.yellow(title)}  ${stack}`, ...told);
    }
  }
  const closing = [
    ...(mode === 'apply' ? coverageGaps(summary) : []),
    ...(unfinished && mode !== 'plan' && resumeCommand ? [`Continue with  ${resumeCommand}`] : []),
    ...(summary.exitCode === 0 ? [] : [`Exit code ${summary.exitCode}.`]),
  ];
  if (closing.length > 0) lines.push('', ...closing.flatMap(sentence => wrap(sentence, columns)));
  return lines;
}

const NOTHING: ReadonlyMap<string, readonly string[]> = new Map();
const BEGUN_AND_IN_STATE = 'An earlier run had begun to create this and was cut off; it is in the state now:';
const BEGUN_AND_UNKNOWN =
  'An earlier run had begun to create this and was cut off; this run could not look for it, so please do:';

const DONE = { apply: 'done', destroy: 'destroyed', plan: 'planned' } as const;

function headline({ stacks, startedAt, finishedAt, exitCode }: Summary, mode: RunMode): string {
  const amount = (wanted: (result: StackResult) => boolean): number => stacks.filter(wanted).length;
  const done = amount(({ state }) => state === 'succeeded');
  const changed = amount(hasChanges);
  const parts: [number, string][] = [
    [amount(({ state }) => state === 'failed'), 'failed'],
    [amount(({ state }) => state === 'skipped'), 'skipped'],
    [amount(({ state, attempts }) => state === 'cancelled' && attempts > 0), 'stopped midway'],
    [amount(({ state, attempts }) => state === 'cancelled' && attempts === 0), 'not started'],
    [mode === 'plan' ? changed : 0, 'would change'],
  ];
  const time = duration(Date.parse(finishedAt) - Date.parse(startedAt));
  return [
    ...(exitCode === 130 ? ['Interrupted.'] : []),
    `${done} of ${count(stacks.length, 'stack')} ${DONE[mode]} in ${time}.`,
    ...parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}.`),
    ...(mode === 'plan' && changed === 0 && done === stacks.length ? ['Nothing would change.'] : []),
  ].join(' ');
}

/** One stack that went wrong: class, message, what to do, where to read on. */
function block(
  word: string,
  { stack, error, logFile }: StackResult,
  columns: number,
  paint: (text: string) => string,
  next: string | undefined,
): string[] {
  const [first = '', ...rest] = wrap(`${word}  ${stack}   ${oneLine(error?.code ?? '')}`, columns, '  ');
  // Painted after wrapping: escape sequences have no width.
  const title = first.startsWith(`  ${word}`) ? `  ${paint(word)}${first.slice(2 + word.length)}` : first;
  return [
    title,
    ...rest,
    ...wrap(clean(error?.message ?? '').trim(), columns, '    '),
    ...(next === undefined ? [] : wrap(`Next: ${oneLine(next)}`, columns, '    ')),
    ...(logFile === null ? [] : wrap(`Log:  ${logFile}`, columns, '    ')),
  ];
}

/** Stacks that nothing was done to, together by reason: one failure may skip all the others. */
function untouched(stacks: readonly StackResult[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { stack, state, attempts, error } of stacks) {
    if (state !== 'skipped' && !(state === 'cancelled' && attempts === 0)) continue;
    const reason = state === 'skipped' ? `SKIPPED, ${oneLine(error?.message ?? '')}:` : 'NOT STARTED:';
    groups.set(reason, [...(groups.get(reason) ?? []), stack]);
  }
  return groups;
}

/** Regions that this run was to cover and didn't, by name; and those that it says nothing about. */
function coverageGaps({ enabledRegions, coveredRegions, stacks }: Summary): string[] {
  const open = enabledRegions.filter(region => !coveredRegions.includes(region));
  const tried = new Set(stacks.map(({ region }) => region));
  const gaps = open.filter(region => tried.has(region));
  const others = open.filter(region => !tried.has(region));
  return [
    ...(gaps.length === 0 ? [] : [`${gaps.join(', ')} ${gaps.length === 1 ? 'is' : 'are'} NOT monitored.`]),
    ...(others.length === 0 ? [] : [`Not part of this run, so nothing is known of: ${others.join(', ')}.`]),
  ];
}
