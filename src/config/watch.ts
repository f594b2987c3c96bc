import { globalRegion, type Partition } from './regions.ts';
import type { BreakGlassConfig } from './schema.ts';
import type { Watch } from '../detection/detections.ts';
import type { WatchedRole } from '../detection/role-use.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { iamArn, policyArn } from '../policies/arns.ts';

/** Monitored roles by where they stand: in the security account itself, or in accounts with stacks of their own. */
export interface MonitoredRoles {
  readonly own: readonly WatchedRole[];
  readonly elsewhere: readonly WatchedRole[];
}

export function monitoredRoles(config: BreakGlassConfig, partition: string): MonitoredRoles {
  const monitored = config.roles
    .filter(role => role.monitor)
    .map(({ accountId, name }) => ({ partition, accountId, name }));
  const isOwn = (role: WatchedRole) => role.accountId === config.securityAccountId;
  return { own: monitored.filter(isOwn), elsewhere: monitored.filter(role => !isOwn(role)) };
}

/** What the security account watches, in every region the same. @param accountId id or Terraform reference */
export function watchOf(config: BreakGlassConfig, partition: string, accountId: string): Watch {
  const names = config.users.map(user => user.name);
  const { own } = monitoredRoles(config, partition);
  const boundaries = config.users.flatMap(user => user.permissionsBoundaryArn ?? []);
  return {
    accountId,
    users: { names, arns: names.map(name => iamArn({ partition }, accountId, 'user', name)) },
    switches: config.monitoring,
    identities: {
      userNames: names,
      roleNames: own.map(role => role.name),
      policyArns: [policyArn({ partition, accountId }, DEFAULT_NAMES.assumeRolePolicy), ...new Set(boundaries)],
    },
    ownRoles: own,
  };
}

/** Region that records IAM's events. */
export function iamRegionOf(partition: string): string {
  return globalRegion(partition as Partition);
}
