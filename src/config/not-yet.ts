/**
 * Keys of the contract that this version doesn't act on yet. One table: delete a row when its feature lands.
 * Each is said aloud.
 */
import { partitionOf } from './regions.ts';
import type { BreakGlassConfig } from './schema.ts';

const announced: readonly { readonly on: (config: BreakGlassConfig) => boolean; readonly sentence: string }[] = [
  {
    // https://aws.amazon.com/blogs/compute/expanding-cross-region-event-routing-with-amazon-eventbridge/
    on: config => partitionOf(config.primaryRegion) !== 'aws',
    sentence:
      'EventBridge does not forward between regions of GovCloud or China: ' +
      'this version raises alerts for events of the primary region only.',
  },
];

/** One plain sentence for each setting that is on and not built yet, for the scripts to print. */
export function notYet(config: BreakGlassConfig): string[] {
  return announced.filter(({ on }) => on(config)).map(({ sentence }) => sentence);
}
