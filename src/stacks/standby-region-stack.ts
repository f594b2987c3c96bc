import type { Construct } from 'constructs';
import { TerraformOutput } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { AlertRegion } from '../constructs/alert-region.ts';
import { callerAccountId } from '../constructs/place.ts';
import { AccountStack } from './account-stack.ts';
import { alertSettings } from './alert-settings.ts';
import { iamRegionOf, monitoredRoles, watchOf } from '../config/watch.ts';

/** `regional-forwarder-<standby>`: forwards as every region does, and is an alert path of its own beside. */
export class StandbyRegionStack extends AccountStack {
  constructor(scope: Construct, id: string, config: BreakGlassConfig, partition: string, region: string) {
    super(scope, id, {
      config,
      region,
      ...(config.securityAccountId === null ? {} : { accountId: config.securityAccountId }),
    });
    const place = { partition, region, accountId: callerAccountId(this) };
    const made = new AlertRegion(this, 'Default', {
      path: 'standby',
      place,
      watch: watchOf(config, partition, place.accountId),
      roles: monitoredRoles(config, partition).elsewhere,
      other: { ...place, region: config.primaryRegion },
      iamRegion: iamRegionOf(partition),
      ...alertSettings(this, config),
    });
    const { topic, auditLog } = made.path;
    new TerraformOutput(this, 'topic_arn', { value: topic.topicArn, description: 'Topic of the alerts' });
    new TerraformOutput(this, 'key_arn', { value: topic.keyArn, description: 'Key of the topic' });
    new TerraformOutput(this, 'audit_log_group', { value: auditLog.name, description: 'Every matched event' });
    new TerraformOutput(this, 'rule_arns', { value: made.rules.map(rule => rule.arn), description: 'Detection rules' });
  }
}
