import type { Construct } from 'constructs';
import { TerraformOutput } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { BgUser, DEFAULT_NAMES } from '../constructs/bg-user.ts';
import { callerAccountId, iamArn } from '../constructs/place.ts';
import { AccountStack } from './account-stack.ts';
import { alertSettings } from './alert-settings.ts';
import { iamRegionOf, monitoredRoles } from '../config/watch.ts';

/** `bg-user`: the security account in the primary region. */
export class BgUserStack extends AccountStack {
  constructor(scope: Construct, id: string, config: BreakGlassConfig, partition: string) {
    super(scope, id, {
      config,
      region: config.primaryRegion,
      ...(config.securityAccountId === null ? {} : { accountId: config.securityAccountId }),
    });
    const place = { partition, region: config.primaryRegion, accountId: callerAccountId(this) };
    const { standbyRegion } = config;
    const user = new BgUser(this, 'Default', {
      place,
      users: config.users.map(({ name, permissions, permissionsBoundaryArn }) => ({
        id: `user-${name}`,
        name,
        permissions,
        ...(permissionsBoundaryArn === null ? {} : { permissionsBoundaryArn }),
      })),
      roleArns:
        config.roles.length === 0
          ? [iamArn(place, '*', 'role', DEFAULT_NAMES.role)]
          : config.roles.map(role => iamArn(place, role.accountId, 'role', role.name)),
      ...alertSettings(this, config),
      switches: config.monitoring,
      iamRegion: iamRegionOf(partition),
      roles: monitoredRoles(config, partition),
      standby: standbyRegion === null ? undefined : { ...place, region: standbyRegion },
    });
    new TerraformOutput(this, 'user_arns', { value: user.userArns, description: 'Break glass users' });
    new TerraformOutput(this, 'topic_arn', { value: user.topic.topicArn, description: 'Topic of the alerts' });
    new TerraformOutput(this, 'key_arn', { value: user.topic.keyArn, description: 'Key of the topic' });
    new TerraformOutput(this, 'audit_log_group', { value: user.auditLog.name, description: 'Every matched event' });
    new TerraformOutput(this, 'rule_arns', { value: user.rules.map(rule => rule.arn), description: 'Detection rules' });
  }
}
