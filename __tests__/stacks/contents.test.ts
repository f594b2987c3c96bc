import { describe, expect, it } from '@jest/globals';
import { userDetections } from '../../src/detection/detections.ts';
import { decoded, IN_THREE_REGIONS as EXAMPLE, stack, synthesize, type SynthesizedStack } from '../support/stacks.ts';

const files = synthesize(EXAMPLE);
const user = stack(files, 'bg-user');
const forwarder = stack(files, 'regional-forwarder-eu-west-1');
const account = '${data.aws_caller_identity.current.account_id}';
const all = [...files.keys()].filter(path => path.endsWith('cdk.tf.json')).map(path => files.get(path) ?? '');

describe('rules', () => {
  it('are in the state that sees read-only events, in every region and account', () => {
    const states = all.flatMap(text => {
      const { aws_cloudwatch_event_rule: rules = {} } = (JSON.parse(text) as SynthesizedStack).resource;
      return Object.values(rules).map(rule => rule.state);
    });
    expect(states).toHaveLength(21 + 2 * 11 + 5 * 2 + 6);
    expect(new Set(states)).toEqual(new Set(['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']));
  });

  it('match the same in the primary and in a secondary region, for events of the security account', () => {
    const patterns = userDetections({
      names: ['BreakglassUser'],
      arns: [`arn:aws:iam::${account}:user/BreakglassUser`],
    });
    for (const made of [user, forwarder]) {
      const rules = made.resource.aws_cloudwatch_event_rule ?? {};
      for (const { id, pattern } of patterns) {
        expect(decoded(rules[id.replaceAll('-', '_')]?.event_pattern)).toEqual({
          account: ['data.aws_caller_identity.current.account_id'],
          ...pattern,
        });
      }
    }
  });

  it('have targets that keep what they could not deliver, in a queue of their region', () => {
    for (const made of [user, forwarder]) {
      const targets = Object.values(made.resource.aws_cloudwatch_event_target ?? {});
      for (const target of targets) {
        expect(target).toMatchObject({
          dead_letter_config: { arn: '${aws_sqs_queue.dead_letters.arn}' },
          retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
        });
      }
    }
    expect(forwarder.resource.aws_sqs_queue?.dead_letters).toMatchObject({
      name: 'break-glass-dead-letters',
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: false,
    });
  });

  it('are counted by an alarm when they fail, those of the users at least', () => {
    const alarm = forwarder.resource.aws_cloudwatch_metric_alarm?.alarm_failed_invocations as {
      metric_query: { metric?: { dimensions: { RuleName: string } } }[];
    };
    expect(alarm.metric_query.flatMap(query => query.metric?.dimensions.RuleName ?? [])).toEqual([
      'capture-breakglass-user-sign-in',
      'capture-breakglass-user-aws-login',
      'capture-breakglass-unknown-user-sign-in',
      'capture-breakglass-user-switch-role',
      'capture-breakglass-user-assume-role',
    ]);
    // Ten metrics are what one alarm takes, and what each costs is as much as an alarm.
    const both = stack(synthesize({ ...EXAMPLE, standbyRegion: 'eu-west-1' }), 'bg-user');
    const most = both.resource.aws_cloudwatch_metric_alarm?.alarm_failed_invocations as { metric_query: unknown[] };
    expect(most.metric_query).toHaveLength(11);
  });

  it('of the primary send to the topic as text and to the audit log whole', () => {
    const targets = user.resource.aws_cloudwatch_event_target ?? {};
    expect(targets.sign_in_alert_topic).toMatchObject({
      arn: '${aws_sns_topic.topic.arn}',
      depends_on: ['aws_sns_topic_policy.topic_policy'],
      input_transformer: { input_template: expect.stringContaining('BREAK GLASS: sign-in by <user>') },
    });
    expect(targets.sign_in_audit_log).toMatchObject({
      arn: `arn:aws:logs:us-east-1:${account}:log-group:\${aws_cloudwatch_log_group.audit_log.name}`,
      depends_on: ['aws_cloudwatch_log_resource_policy.audit_log_policy'],
    });
    expect(targets.sign_in_audit_log).not.toHaveProperty('input_transformer');
  });

  it('of a secondary send to the primary bus by the role, and to nothing else', () => {
    const targets = Object.values(forwarder.resource.aws_cloudwatch_event_target ?? {});
    const bus =
      'arn:aws:events:${var.primary_region}:${coalesce(var.primary_account_id, data.aws_caller_identity.current.account_id)}:event-bus/default';
    expect(targets).toHaveLength(11);
    for (const target of targets) expect(target).toMatchObject({ arn: bus, role_arn: '${aws_iam_role.forwarder.arn}' });
    expect(forwarder.resource).not.toHaveProperty('aws_sns_topic');
  });
});

describe('the break glass user', () => {
  it('has no password, no access key and no login profile in any stack', () => {
    for (const text of all) expect(text).not.toMatch(/login_profile|access_key|password"/i);
  });

  it('is denied before it is allowed', () => {
    const policies = { ...user.resource.aws_iam_user_policy, ...user.resource.aws_iam_user_policy_attachment };
    for (const [name, policy] of Object.entries(policies)) {
      if (name.endsWith('require_mfa')) continue;
      expect(policy.depends_on).toEqual(['aws_iam_user_policy.user_BreakglassUser_require_mfa']);
    }
  });

  it('has IAMFullAccess only when asked for', () => {
    const roleOnly = stack(
      synthesize({ ...EXAMPLE, users: [{ name: 'BreakglassUser', permissions: 'assume-role-only' }] }),
      'bg-user',
    );
    expect(Object.keys(user.resource.aws_iam_user_policy_attachment ?? {})).toHaveLength(2);
    expect(Object.keys(roleOnly.resource.aws_iam_user_policy_attachment ?? {})).toEqual([
      'user_BreakglassUser_assume_role',
    ]);
  });

  it('may assume the configured roles, or roles of the default name where none is configured', () => {
    const allowed = (made: typeof user) =>
      decoded(made.resource.aws_iam_policy?.role_access?.policy) as { Statement: [{ Resource: string[] }] };
    expect(allowed(user).Statement[0].Resource).toEqual(['arn:aws:iam::111122223333:role/BreakGlassRole']);
    const none = stack(synthesize({ ...EXAMPLE, roles: [] }), 'bg-user');
    expect(allowed(none).Statement[0].Resource).toEqual(['arn:aws:iam::*:role/BreakGlassRole']);
  });

  it('gets a permissions boundary when one is configured', () => {
    const arn = 'arn:aws:iam::123456789012:policy/Boundary';
    const bounded = stack(
      synthesize({ ...EXAMPLE, users: [{ name: 'BreakglassUser', permissionsBoundaryArn: arn }] }),
      'bg-user',
    );
    expect(bounded.resource.aws_iam_user?.user_BreakglassUser).toMatchObject({ permissions_boundary: arn });
    expect(user.resource.aws_iam_user?.user_BreakglassUser).not.toHaveProperty('permissions_boundary');
  });
});

describe('the role', () => {
  it('lasts an hour and trusts the users of the security account', () => {
    const role = stack(files, 'bg-role-111122223333').resource.aws_iam_role?.role;
    expect(role).toMatchObject({ name: 'BreakGlassRole', max_session_duration: 3600 });
    expect(decoded(role?.assume_role_policy)).toMatchObject({
      Statement: [{ Principal: { AWS: ['arn:aws:iam::${var.AccountID}:user/BreakglassUser'] } }],
    });
  });

  it('can be the administrator role of one account, as the procedure describes it', () => {
    const made = stack(
      synthesize({
        ...EXAMPLE,
        roles: [
          {
            accountId: '444455556666',
            name: 'BreakGlassAdminRole',
            managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
            trustedUserArns: ['arn:aws:iam::444455556666:user/ana'],
          },
        ],
      }),
      'bg-role-444455556666',
    );
    expect(made.resource.aws_iam_role?.role?.name).toBe('BreakGlassAdminRole');
    expect(made.resource.aws_iam_role_policy_attachment?.role_policy?.for_each).toBe(
      '${toset(["arn:aws:iam::aws:policy/AdministratorAccess"])}',
    );
    expect(decoded(made.resource.aws_iam_role?.role?.assume_role_policy)).toMatchObject({
      Statement: [{ Principal: { AWS: ['arn:aws:iam::444455556666:user/ana'] } }],
    });
  });
});

describe('the alert path', () => {
  it('is encrypted by a rotated key of our own, named by reference', () => {
    expect(user.resource.aws_kms_key?.topic_key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
    expect(user.resource.aws_sns_topic?.topic).toMatchObject({
      name: 'breakglassuser-console-logins',
      kms_master_key_id: '${aws_kms_key.topic_key.arn}',
    });
    expect(user.resource.aws_kms_alias?.topic_alias).toMatchObject({ name: 'alias/breakglassSNS' });
  });

  it('keeps the audit log for the configured days', () => {
    const kept = stack(synthesize({ ...EXAMPLE, monitoring: { auditLogRetentionDays: 3653 } }), 'bg-user');
    expect(kept.resource.aws_cloudwatch_log_group?.audit_log).toEqual(
      expect.objectContaining({ name: '/aws/events/break-glass', retention_in_days: 3653 }),
    );
  });

  it('tells nobody the path of an https endpoint in a resource address', () => {
    const https = user.resource.aws_sns_topic_subscription?.subscription_https;
    expect(https?.for_each).toMatch(/^\$\{\{ for url in toset\(.*\) : substr\(sha256\(url\), 0, 8\) => url \}\}$/);
  });
});

describe('two alert paths', () => {
  const both = synthesize({
    ...EXAMPLE,
    standbyRegion: 'eu-west-1',
    alerts: { ...EXAMPLE.alerts, chat: { topicName: 'chat' } },
  });
  const primary = stack(both, 'bg-user');
  const standby = stack(both, 'regional-forwarder-eu-west-1');
  const patternsOf = (made: SynthesizedStack) =>
    Object.entries(made.resource.aws_cloudwatch_event_rule ?? {}).map(
      ([name, rule]) => [name, decoded(rule.event_pattern) as Record<string, unknown>] as const,
    );

  it('each have a topic, a key, subscriptions, an audit log and every rule that alerts', () => {
    for (const type of ['aws_sns_topic', 'aws_kms_key', 'aws_sns_topic_subscription', 'aws_cloudwatch_log_group']) {
      expect(Object.keys(standby.resource[type] ?? {})).toEqual(Object.keys(primary.resource[type] ?? {}));
    }
    const alerting = (made: SynthesizedStack) =>
      patternsOf(made)
        .map(([name]) => name)
        .filter(name => !name.startsWith('forward_'));
    expect(alerting(standby)).toEqual(alerting(primary));
  });

  it('send each other only what was recorded in their own region, as events hop once', () => {
    for (const [made, region] of [
      [primary, 'us-east-1'],
      [standby, 'eu-west-1'],
    ] as const) {
      const forwarding = patternsOf(made).filter(([name]) => name.startsWith('forward_'));
      expect(forwarding.length).toBeGreaterThanOrEqual(12);
      for (const [, pattern] of forwarding) expect(pattern.region).toEqual([region]);
      const targets = Object.entries(made.resource.aws_cloudwatch_event_target ?? {});
      for (const [name, { arn }] of targets) {
        expect(/_(standby|primary)_bus$/.test(name)).toBe(name.startsWith('forward_'));
        expect(String(arn).endsWith(':event-bus/default')).toBe(name.startsWith('forward_'));
      }
    }
  });

  it('both get the events of every other region and account', () => {
    for (const id of ['regional-forwarder-eu-west-2', 'regional-forwarder-111122223333-eu-west-2']) {
      const targets = Object.keys(stack(both, id).resource.aws_cloudwatch_event_target ?? {});
      expect(targets.filter(name => name.endsWith('_primary_bus')).length).toBe(targets.length / 2);
      expect(targets.filter(name => name.endsWith('_standby_bus')).length).toBe(targets.length / 2);
    }
  });

  it('let exactly the accounts of monitored roles onto their buses', () => {
    for (const made of [primary, standby]) {
      expect(Object.values(made.resource.aws_cloudwatch_event_permission ?? {})).toEqual([
        expect.objectContaining({
          action: 'events:PutEvents',
          principal: '111122223333',
          statement_id: 'break-glass-111122223333',
        }),
      ]);
    }
  });

  it('give chat the event as it is, by a topic of its own', () => {
    expect(primary.resource.aws_sns_topic?.topic_chat).toMatchObject({
      name: 'chat',
      kms_master_key_id: '${aws_kms_key.topic_key.arn}',
    });
    const target = primary.resource.aws_cloudwatch_event_target?.sign_in_chat_topic;
    expect(target).toMatchObject({ arn: '${aws_sns_topic.topic_chat.arn}' });
    expect(target).not.toHaveProperty('input_transformer');
  });

  it('give https endpoints the alert itself', () => {
    expect(primary.resource.aws_sns_topic_subscription?.subscription_https).toMatchObject({
      raw_message_delivery: true,
    });
  });
});

describe('variables', () => {
  it('keep the names of the original, each typed, described and validated', () => {
    const variables = ['bg-user', 'regional-forwarder-eu-west-1', 'bg-role'].flatMap(id =>
      Object.entries(stack(files, id).variable ?? {}),
    );
    expect(variables.map(([name]) => name).sort()).toEqual([
      'AccountID',
      'emailAddress',
      'primary_account_id',
      'primary_region',
    ]);
    for (const [, variable] of variables) {
      expect(variable).toEqual(
        expect.objectContaining({ type: 'string', description: expect.any(String), validation: [expect.anything()] }),
      );
    }
  });

  it('have no preset while nobody would get the alerts, so that terraform asks', () => {
    const nobody = stack(synthesize({ ...EXAMPLE, alerts: { emails: [] } }), 'bg-user');
    expect(nobody.variable?.emailAddress).not.toHaveProperty('default');
    expect(user.variable?.emailAddress).toMatchObject({ default: 'security@example.com' });
  });

  it('have no preset for the account that a role trusts, unless the configuration names it', () => {
    expect(stack(files, 'bg-role').variable?.AccountID).not.toHaveProperty('default');
    const known = stack(synthesize({ ...EXAMPLE, securityAccountId: '123456789012' }), 'bg-role');
    expect(known.variable?.AccountID).toMatchObject({ default: '123456789012' });
  });
});
