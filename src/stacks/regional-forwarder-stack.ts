import type { Construct } from 'constructs';
import { Fn, TerraformOutput } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { callerAccountId } from '../constructs/place.ts';
import { RegionalForwarder } from '../constructs/regional-forwarder.ts';
import { primaryAccountIdVariable, primaryRegionVariable } from '../constructs/variables.ts';
import { securityDetections } from '../detection/detections.ts';
import { AccountStack } from './account-stack.ts';
import { iamRegionOf, watchOf } from '../config/watch.ts';

/** `regional-forwarder-<region>`: the security account in one more region. */
export class RegionalForwarderStack extends AccountStack {
  constructor(scope: Construct, id: string, config: BreakGlassConfig, partition: string, region: string) {
    super(scope, id, {
      config,
      region,
      ...(config.securityAccountId === null ? {} : { accountId: config.securityAccountId }),
    });
    const accountId = callerAccountId(this);
    const primaryRegion = primaryRegionVariable(this, config.primaryRegion);
    const primaryAccount = primaryAccountIdVariable(this, config.securityAccountId);
    const primary = {
      partition,
      region: primaryRegion.stringValue,
      accountId: Fn.coalesce([primaryAccount.stringValue, accountId]),
    };
    const { standbyRegion, monitoring } = config;
    const forwarder = new RegionalForwarder(this, 'Default', {
      place: { partition, region, accountId },
      detections: securityDetections(watchOf(config, partition, accountId), { iam: region === iamRegionOf(partition) }),
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
      description: 'Detection rules of this region',
    });
  }
}
