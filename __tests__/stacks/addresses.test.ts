import { describe, expect, it } from '@jest/globals';
import { addresses, EXAMPLE, stack, synthesize } from '../support/stacks.ts';

// Addresses are what states hold: a change here is a move or a replacement in somebody's account.
const files = synthesize(EXAMPLE);

describe('resource addresses', () => {
  it('of bg-user are these', () => {
    expect(addresses(stack(files, 'bg-user'))).toEqual([
      'aws_cloudwatch_event_rule.assume_role',
      'aws_cloudwatch_event_rule.sign_in',
      'aws_cloudwatch_event_rule.switch_role',
      'aws_cloudwatch_event_target.assume_role_alert_topic',
      'aws_cloudwatch_event_target.assume_role_audit_log',
      'aws_cloudwatch_event_target.sign_in_alert_topic',
      'aws_cloudwatch_event_target.sign_in_audit_log',
      'aws_cloudwatch_event_target.switch_role_alert_topic',
      'aws_cloudwatch_event_target.switch_role_audit_log',
      'aws_cloudwatch_log_group.audit_log',
      'aws_cloudwatch_log_resource_policy.audit_log_policy',
      'aws_iam_policy.role_access',
      'aws_iam_user.user_BreakglassUser',
      'aws_iam_user_policy.user_BreakglassUser_require_mfa',
      'aws_iam_user_policy.user_BreakglassUser_self_service',
      'aws_iam_user_policy_attachment.user_BreakglassUser_assume_role',
      'aws_iam_user_policy_attachment.user_BreakglassUser_iam_full_access',
      'aws_kms_alias.topic_alias',
      'aws_kms_key.topic_key',
      'aws_sns_topic.topic',
      'aws_sns_topic_policy.topic_policy',
      'aws_sns_topic_subscription.subscription_email',
      'aws_sns_topic_subscription.subscription_https',
    ]);
  });

  it('of a regional forwarder are these', () => {
    expect(addresses(stack(files, 'regional-forwarder-eu-west-1'))).toEqual([
      'aws_cloudwatch_event_rule.assume_role',
      'aws_cloudwatch_event_rule.sign_in',
      'aws_cloudwatch_event_rule.switch_role',
      'aws_cloudwatch_event_target.assume_role_primary_bus',
      'aws_cloudwatch_event_target.sign_in_primary_bus',
      'aws_cloudwatch_event_target.switch_role_primary_bus',
      'aws_iam_role.forwarder',
      'aws_iam_role_policy.forwarder_policy',
    ]);
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
