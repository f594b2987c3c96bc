/**
 * What every pattern is made of: EventBridge patterns as plain objects.
 *
 * Values may be literals or Terraform references (tokens), lists included; the shape is always known here.
 * Facts and sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 * and https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */

export type EventPattern = { readonly [field: string]: unknown };

/** The people to watch, by the two ways in which CloudTrail names them. */
export interface WatchedUsers {
  /** IAM user names. Failed sign-ins carry a name but no ARN, so names are what most patterns match. */
  readonly names: readonly string[];
  /** The same users' ARNs, as `SwitchFrom` names them. */
  readonly arns: readonly string[];
}

/**
 * Read-only management events match **only** rules in this state, and AssumeRole is read-only. When an event is
 * forwarded, the forwarding rule and the rule on the destination bus need it both.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const RULE_STATE = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** AWS documents the quota as 2,048 characters. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MAX_PATTERN_LENGTH = 2048;

/** AWS's own pages spell the sign-in detail-type in two ways; list both, as a pattern matches exactly. */
export const CONSOLE_SIGN_IN = ['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'];
export const API_CALL = 'AWS API Call via CloudTrail';

/** Console events that change the role; AWS names the first, public models of CloudTrail the other two. */
export const SWITCHES = ['SwitchRole', 'RenewRole', 'ExitRole'];

/**
 * Everybody but the root user acting by itself, which has a rule of its own: no event may alert twice. Root by way of a
 * service is not in that rule, so it is left in here. The key may be absent, and an absent key must not hide an act.
 */
export const NOT_ROOT_ITSELF = {
  $or: [{ type: [{ 'anything-but': ['Root'] }, { exists: false }] }, { invokedBy: [{ exists: true }] }],
};
