import type { BreakGlassConfig } from '../config/schema.ts';
import type { StackNode } from '../rollout/types.ts';
import { forwarderStackId, PRIMARY_STACK_ID, roleStackId } from '../stacks/ids.ts';

/**
 * The stacks of a deployment: the primary first, as roles trust its users and forwarders send to its bus; then all
 * others side by side.
 */
export function stackGraph(
  config: BreakGlassConfig,
  account: string,
  secondaryRegions: readonly string[],
): StackNode[] {
  const dependsOn = [PRIMARY_STACK_ID];
  return [
    { id: PRIMARY_STACK_ID, account, region: config.primaryRegion, dependsOn: [] },
    ...secondaryRegions.map(region => ({ id: forwarderStackId(region), account, region, dependsOn })),
    ...config.roles.map(role => ({
      id: roleStackId(role.accountId),
      account: role.accountId,
      region: 'global',
      dependsOn,
    })),
  ];
}

/** The region that nobody watches without this stack; null for a stack that watches nothing. */
export function watchedRegion(node: StackNode): string | null {
  return node.region === 'global' ? null : node.region;
}
