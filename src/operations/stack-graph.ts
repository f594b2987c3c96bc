import { monitoredRoles } from '../config/watch.ts';
import { partitionOf } from '../config/regions.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import type { StackNode } from '../rollout/types.ts';
import type { RoleRegions } from '../stacks/app.ts';
import {
  accountForwarderStackId,
  forwarderStackId,
  isAccountForwarder,
  PRIMARY_STACK_ID,
  roleStackId,
} from '../stacks/ids.ts';

/**
 * The stacks of a deployment: the primary first, as roles trust its users and forwarders send to its bus; then all
 * others side by side, but forwarders of other accounts after the standby region too: before its bus knows an account,
 * it turns its events away.
 *
 * @param roleRegions regions of each account with a monitored role. @default - no such account
 */
export function stackGraph(
  config: BreakGlassConfig,
  account: string,
  secondaryRegions: readonly string[],
  roleRegions: RoleRegions = {},
): StackNode[] {
  const dependsOn = [PRIMARY_STACK_ID];
  const { standbyRegion } = config;
  const afterBoth = standbyRegion === null ? dependsOn : [...dependsOn, forwarderStackId(standbyRegion)];
  const { elsewhere } = monitoredRoles(config, partitionOf(config.primaryRegion) ?? 'aws');
  return [
    { id: PRIMARY_STACK_ID, account, region: config.primaryRegion, dependsOn: [] },
    ...secondaryRegions.map(region => ({ id: forwarderStackId(region), account, region, dependsOn })),
    ...config.roles.map(role => ({
      id: roleStackId(role.accountId),
      account: role.accountId,
      region: 'global',
      dependsOn,
    })),
    ...elsewhere.flatMap(({ accountId }) =>
      (roleRegions[accountId] ?? []).map(region => ({
        id: accountForwarderStackId(accountId, region),
        account: accountId,
        region,
        dependsOn: afterBoth,
      })),
    ),
  ];
}

/**
 * The region of the security account that nobody watches without this stack; null for a stack that watches nothing, or
 * another account.
 */
export function watchedRegion(node: StackNode): string | null {
  return node.region === 'global' || isAccountForwarder(node.id) ? null : node.region;
}
