/** The summary object of a run and its exit code: the part that scripts and CI believe. */
import type { RunMode, StackNode, StackResult, Summary } from './types.ts';

export interface SummaryInput {
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly account: string;
  readonly partition: string;
  readonly primaryRegion: string;
  readonly enabledRegions: readonly string[];
  /** Every stack that was wanted, also those that an earlier run had finished. */
  readonly wanted: readonly StackNode[];
  readonly results: readonly StackResult[];
  /** Stacks that this run left out because the resumed one had finished them. @default - none */
  readonly alreadyDone?: Iterable<string>;
  readonly interrupted: boolean;
  /** @default 'apply' */
  readonly mode?: RunMode;
  /** The region that isn't monitored without this stack; null for a stack that monitors nothing. */
  coverageOf(node: StackNode): string | null;
}

export function buildSummary(input: SummaryInput): Summary {
  return {
    schemaVersion: 1,
    command: input.command,
    startedAt: input.startedAt,
    finishedAt: input.finishedAt,
    account: input.account,
    partition: input.partition,
    primaryRegion: input.primaryRegion,
    exitCode: exitCode(input),
    enabledRegions: input.enabledRegions,
    coveredRegions: coveredRegions(input),
    stacks: input.results,
  };
}

/**
 * 130 interrupted, even if everything happened to finish; 1 if a wanted stack failed or wasn't attempted; 3 if a plan
 * found changes; else 0.
 */
export function exitCode(
  input: Pick<SummaryInput, 'wanted' | 'results' | 'alreadyDone' | 'interrupted' | 'mode'>,
): number {
  if (input.interrupted) return 130;
  const done = doneStacks(input);
  const allDone = input.wanted.every(node => done.has(node.id)) && input.results.every(isSucceeded);
  if (!allDone) return 1;
  return input.mode === 'plan' && input.results.some(hasChanges) ? 3 : 0;
}

/**
 * Enabled regions of which every wanted stack is done. A plan does nothing: with it, a region is covered if its stacks
 * need no change. A destroyed region is covered by nothing.
 */
export function coveredRegions(
  input: Pick<SummaryInput, 'wanted' | 'results' | 'alreadyDone' | 'mode' | 'enabledRegions' | 'coverageOf'>,
): string[] {
  if (input.mode === 'destroy') return [];
  const done = doneStacks(input);
  if (input.mode === 'plan') for (const result of input.results.filter(hasChanges)) done.delete(result.stack);
  const verdicts = new Map<string, boolean>();
  for (const node of input.wanted) {
    const region = input.coverageOf(node);
    if (region !== null) verdicts.set(region, (verdicts.get(region) ?? true) && done.has(node.id));
  }
  return input.enabledRegions.filter(region => verdicts.get(region) === true);
}

export const hasChanges = ({ changes }: StackResult): boolean => changes.add + changes.change + changes.remove > 0;

const isSucceeded = (result: StackResult): boolean => result.state === 'succeeded';

function doneStacks({ results, alreadyDone }: Pick<SummaryInput, 'results' | 'alreadyDone'>): Set<string> {
  const done = new Set(alreadyDone);
  // A stack that was run again counts by what happened now.
  for (const result of results)
    if (isSucceeded(result)) done.add(result.stack);
    else done.delete(result.stack);
  return done;
}
