/** Which regions get a stack, from the configuration and the account's own list. Pure. */
import { regionNotEnabled } from '../errors.ts';
import type { UserError } from '../errors.ts';
import { defaultRegions, globalRegion, partitionByPattern, partitionOf } from './regions.ts';
import type { BreakGlassConfig } from './schema.ts';

/** A region as the account lists it. */
export interface ListedRegion {
  readonly name: string;
  readonly status: 'enabled' | 'enabling' | 'disabling' | 'disabled';
}

/** Every list is sorted. */
export interface RegionPlan {
  readonly primary: string;
  /** Regions that forward to the primary: `covered` without it. */
  readonly secondaries: readonly string[];
  readonly covered: readonly string[];
  /** Enabled, but left out by `regions` or `excludeRegions`: nobody watches them. */
  readonly leftOut: readonly string[];
  readonly notEnabled: readonly string[];
  /** Being enabled or disabled right now: run again when that is done. */
  readonly pending: readonly string[];
  /** Why this plan must not be carried out; empty when it may. Exit code 2. */
  readonly problems: readonly UserError[];
}

/**
 * Plans the regions. The primary and the partition's global region are always covered.
 *
 * @param enabled the account's list; null when nobody asked (synthesis without a network): then `all-enabled` stands
 * for the regions that every account has enabled
 */
export function planRegions(config: BreakGlassConfig, enabled: readonly ListedRegion[] | null): RegionPlan {
  const primary = config.primaryRegion;
  const partition = partitionOf(primary) ?? 'aws';
  // A region newer than the catalogue is kept, and one that fits no pattern too: AWS listed it, so it can be used.
  const listed = (enabled ?? []).filter(({ name }) => [partition, null].includes(partitionOfListed(name)));
  const named = (...status: readonly ListedRegion['status'][]) =>
    sorted(listed.filter(region => status.includes(region.status)).map(region => region.name));

  const usable = enabled === null ? defaultRegions(partition) : named('enabled');
  const wanted = config.regions === 'all-enabled' ? usable : config.regions;
  const kept = wanted.filter(name => !config.excludeRegions.includes(name));
  const standby = config.standbyRegion === null ? [] : [config.standbyRegion];
  const covered = sorted([...kept, ...standby, primary, globalRegion(partition)]);

  const statusOf = (name: string) => listed.find(region => region.name === name)?.status ?? null;
  const problems =
    enabled === null
      ? []
      : covered
          .filter(name => statusOf(name) !== 'enabled' && [...kept, ...standby, primary].includes(name))
          .map(name => regionNotEnabled(name, placeOf(name, config), statusOf(name)));
  return {
    primary,
    secondaries: covered.filter(name => name !== primary),
    covered,
    leftOut: enabled === null ? [] : usable.filter(name => !covered.includes(name)),
    notEnabled: named('disabled'),
    pending: named('enabling', 'disabling'),
    problems,
  };
}

/** The key of the configuration that names a region. */
function placeOf(name: string, { primaryRegion, standbyRegion }: BreakGlassConfig): string {
  if (name === primaryRegion) return 'primaryRegion';
  return name === standbyRegion ? 'standbyRegion' : 'regions';
}

/**
 * Regions of another account in which a role's use is watched: the same choice, from that account's own list.
 *
 * @param enabled that account's list; null when nobody asked: then the regions of the security account stand for it
 */
export function planRoleRegions(config: BreakGlassConfig, enabled: readonly ListedRegion[] | null): readonly string[] {
  if (enabled === null) return planRegions(config, null).covered;
  const partition = partitionOf(config.primaryRegion) ?? 'aws';
  const usable = enabled.filter(({ status }) => status === 'enabled').map(({ name }) => name);
  const wanted = config.regions === 'all-enabled' ? usable : config.regions.filter(name => usable.includes(name));
  // Sign-ins over the global address and all of IAM are recorded there.
  return sorted([...wanted.filter(name => !config.excludeRegions.includes(name)), globalRegion(partition)]);
}

const partitionOfListed = (name: string) => partitionOf(name) ?? partitionByPattern(name);

const sorted = (names: readonly string[]) => [...new Set(names)].sort();
