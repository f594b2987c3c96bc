/**
 * Keys of the contract that this version doesn't act on yet. One table: delete a row when its feature lands.
 * A value that would promise an alert path is refused; a default that is on is said aloud.
 */
import { receivedText, valueAt } from './problems.ts';
import type { Path, Problem } from './problems.ts';
import { partitionOf } from './regions.ts';
import type { BreakGlassConfig } from './schema.ts';

const refused: readonly { readonly path: Path; readonly what: string }[] = [
  { path: ['standbyRegion'], what: 'a second alert path comes with a later version' },
  { path: ['alerts', 'chat'], what: 'alerts in chat come with a later version' },
];

const announced: readonly { readonly on: (config: BreakGlassConfig) => boolean; readonly sentence: string }[] = [
  {
    on: config => config.monitoring.tamper,
    sentence: 'monitoring.tamper is on, but this version does not watch changes to the monitoring yet.',
  },
  {
    on: config => config.monitoring.rootUser,
    sentence: 'monitoring.rootUser is on, but this version does not watch the root user yet.',
  },
  {
    on: config => config.monitoring.regionOptIn,
    sentence: 'monitoring.regionOptIn is on, but this version does not watch for newly enabled regions yet.',
  },
  {
    on: config => config.monitoring.deadLetterQueues,
    sentence: 'monitoring.deadLetterQueues is on, but this version does not keep undelivered events yet.',
  },
  {
    on: config => config.roles.some(role => role.monitor),
    sentence: "roles[].monitor is on, but this version does not watch a role's use inside its own account yet.",
  },
  {
    // https://aws.amazon.com/blogs/compute/expanding-cross-region-event-routing-with-amazon-eventbridge/
    on: config => partitionOf(config.primaryRegion) !== 'aws',
    sentence:
      'EventBridge does not forward between regions of GovCloud or China: ' +
      'this version raises alerts for events of the primary region only.',
  },
];

/** Values that this version can't honour, as problems of an unchecked configuration. */
export function notYetProblems(input: unknown): Problem[] {
  return refused
    .map(({ path, what }) => ({ path, value: valueAt(input, path), what }))
    .filter(({ value }) => value !== undefined && value !== null)
    .map(({ path, value, what }) => ({ path, received: receivedText(value), rule: `must be null: ${what}`, fix: '' }));
}

/** One plain sentence for each setting that is on and not built yet, for the scripts to print. */
export function notYet(config: BreakGlassConfig): string[] {
  return announced.filter(({ on }) => on(config)).map(({ sentence }) => sentence);
}
