import { describe, expect, it } from '@jest/globals';
import { addresses, IN_THREE_REGIONS as EXAMPLE, stack, synthesize } from '../support/stacks.ts';

// Addresses are what states hold: a change here is a move or a replacement in somebody's account.
const files = synthesize(EXAMPLE);

const USERS = ['sign_in', 'aws_login', 'unknown_user', 'switch_role', 'assume_role'];
const EVERYWHERE = [
  ...USERS,
  ...['root_user', 'region_opt_in', 'delivery_alarm', 'tamper_events', 'tamper_trail', 'tamper_dead_letters'],
];
const IAM = ['tamper_users', 'tamper_own_credentials', 'tamper_roles'];
const ACCOUNTS = [
  ...['role_switched', 'role_assumed', 'role_changed'],
  ...['account_tamper_events', 'account_tamper_dead_letters', 'account_delivery_alarm'],
];
const KEPT = [
  'aws_cloudwatch_metric_alarm.alarm_dead_letters',
  'aws_cloudwatch_metric_alarm.alarm_failed_invocations',
  'aws_sqs_queue.dead_letters',
];
const FORWARDER = ['aws_iam_role.forwarder', 'aws_iam_role_policy.forwarder_policy'];
const ALERT_PATH = [
  'aws_cloudwatch_event_permission.bus_111122223333',
  'aws_cloudwatch_log_group.audit_log',
  'aws_cloudwatch_log_resource_policy.audit_log_policy',
  'aws_cloudwatch_metric_alarm.alarm_undelivered_notifications',
  'aws_kms_alias.topic_alias',
  'aws_kms_key.topic_key',
  'aws_sns_topic.topic',
  'aws_sns_topic_policy.topic_policy',
  'aws_sns_topic_subscription.subscription_email',
  'aws_sns_topic_subscription.subscription_https',
];

function ruleAddresses(rules: readonly string[], targets: readonly string[]): string[] {
  return rules.flatMap(rule => [
    `aws_cloudwatch_event_rule.${rule}`,
    ...targets.map(target => `aws_cloudwatch_event_target.${rule}_${target}`),
  ]);
}

describe('resource addresses', () => {
  it('of bg-user are these', () => {
    expect(addresses(stack(files, 'bg-user'))).toEqual(
      [
        ...ruleAddresses([...EVERYWHERE, ...IAM, ...ACCOUNTS, 'tamper_alert_path'], ['alert_topic', 'audit_log']),
        ...KEPT,
        ...ALERT_PATH,
        'aws_iam_policy.role_access',
        'aws_iam_user.user_BreakglassUser',
        'aws_iam_user_policy.user_BreakglassUser_require_mfa',
        'aws_iam_user_policy.user_BreakglassUser_self_service',
        'aws_iam_user_policy_attachment.user_BreakglassUser_assume_role',
        'aws_iam_user_policy_attachment.user_BreakglassUser_iam_full_access',
      ].sort(),
    );
  });

  it('of a regional forwarder are these', () => {
    expect(addresses(stack(files, 'regional-forwarder-eu-west-1'))).toEqual(
      [...ruleAddresses(EVERYWHERE, ['primary_bus']), ...KEPT, ...FORWARDER].sort(),
    );
  });

  it('of a forwarder in the account of a role are these', () => {
    const uses = ['role_switched', 'role_assumed', 'account_tamper_events', 'account_tamper_dead_letters'];
    expect(addresses(stack(files, 'regional-forwarder-111122223333-eu-west-1'))).toEqual(
      [...ruleAddresses([...uses, 'account_delivery_alarm'], ['primary_bus']), ...KEPT, ...FORWARDER].sort(),
    );
  });

  it('of a plain deployment without the rest are those of the beginning', () => {
    const plain = synthesize({
      ...EXAMPLE,
      roles: [],
      monitoring: { tamper: false, rootUser: false, regionOptIn: false, deadLetterQueues: false },
    });
    expect(addresses(stack(plain, 'regional-forwarder-eu-west-1'))).toEqual(
      [...ruleAddresses(USERS, ['primary_bus']), ...FORWARDER].sort(),
    );
  });

  it('stay where they are when a region becomes the standby region, but for the targets', () => {
    const both = synthesize({ ...EXAMPLE, standbyRegion: 'eu-west-1' });
    const before = addresses(stack(files, 'regional-forwarder-eu-west-1'));
    const after = addresses(stack(both, 'regional-forwarder-eu-west-1'));
    expect(before.filter(address => !after.includes(address))).toEqual(
      EVERYWHERE.map(rule => `aws_cloudwatch_event_target.${rule}_primary_bus`).sort(),
    );
    expect(after).toEqual(expect.arrayContaining(ALERT_PATH));
    expect(addresses(stack(both, 'bg-user'))).toEqual(expect.arrayContaining(addresses(stack(files, 'bg-user'))));
  });

  it.each(['bg-role', 'bg-role-111122223333'])('of %s are these', id => {
    expect(addresses(stack(files, id))).toEqual(['aws_iam_role.role', 'aws_iam_role_policy_attachment.role_policy']);
  });

  it('of one user stay when another comes', () => {
    const one = addresses(stack(files, 'bg-user'));
    const two = addresses(
      stack(synthesize({ ...EXAMPLE, users: [{ name: 'Ana' }, { name: 'BreakglassUser' }] }), 'bg-user'),
    );
    expect(two).toEqual(expect.arrayContaining(one));
    expect(two).toHaveLength(one.length + 5);
  });

  it('are refused when two users would share one', () => {
    expect(() => synthesize({ ...EXAMPLE, users: [{ name: 'a.b' }, { name: 'a-b' }] })).toThrow(
      /would both be called 'user_a_b'/,
    );
  });
});
