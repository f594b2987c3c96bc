import type { Construct } from 'constructs';
import { TerraformOutput } from '../cdktf.ts';
import type { BreakGlassConfig, RoleConfig } from '../config/schema.ts';
import { iamArn } from '../constructs/place.ts';
import { RegionalForwarder } from '../constructs/regional-forwarder.ts';
import { otherPrimaryAccountIdVariable, primaryRegionVariable } from '../constructs/variables.ts';
import { accountDetections } from '../detection/detections.ts';
import { AccountStack } from './account-stack.ts';
import { iamRegionOf } from '../config/watch.ts';

/** `regional-forwarder-<accountId>-<region>`: a role's own account in one region, straight to the security account's buses. */
export class AccountForwarderStack extends AccountStack {
  constructor(
    scope: Construct,
    id: string,
    config: BreakGlassConfig,
    partition: string,
    role: RoleConfig,
    region: string,
  ) {
    const { accountId, deploymentRoleArn, name } = role;
    super(scope, id, { config, region, accountId, deploymentRoleArn });
    const primaryRegion = primaryRegionVariable(this, config.primaryRegion);
    const security = otherPrimaryAccountIdVariable(this, config.securityAccountId).stringValue;
    const primary = { partition, region: primaryRegion.stringValue, accountId: security };
    const names = config.users.map(user => user.name);
    const { standbyRegion, monitoring } = config;
    const forwarder = new RegionalForwarder(this, 'Default', {
      place: { partition, region, accountId },
      detections: accountDetections(
        [{ partition, accountId, name }],
        { names, arns: names.map(user => iamArn({ partition }, security, 'user', user)) },
        monitoring,
        { iam: region === iamRegionOf(partition) },
      ),
      primary,
      standby: standbyRegion === null ? undefined : { ...primary, region: standbyRegion },
      deadLetterQueue: monitoring.deadLetterQueues,
    });
    new TerraformOutput(this, 'forwarder_role_arn', {
      value: forwarder.role.arn,
      description: 'Role of the forwarding rules',
    });
    new TerraformOutput(this, 'rule_arns', {
      value: forwarder.rules.map(rule => rule.arn),
      description: 'Rules on the use of the break glass role in this region',
    });
  }
}
