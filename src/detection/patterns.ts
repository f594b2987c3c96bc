/**
 * What is watched: EventBridge patterns as plain objects.
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
const CONSOLE_SIGN_IN = ['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'];
const API_CALL = 'AWS API Call via CloudTrail';

/**
 * Console sign-in (success and failure), the MFA check between password and entry, and the `aws login` flow, which
 * turns console credentials into CLI credentials and is recorded as an API call of AWS Sign-In.
 * https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html
 */
export function signInPattern(users: WatchedUsers): EventPattern {
  return {
    source: ['aws.signin'],
    'detail-type': [...CONSOLE_SIGN_IN, API_CALL],
    detail: {
      eventName: ['ConsoleLogin', 'CheckMfa', 'GetSigninToken', 'AuthorizeOAuth2Access', 'CreateOAuth2Token'],
      userIdentity: { userName: users.names },
    },
  };
}

/**
 * A switch of role in the console. The event belongs to the role's account and names the person only in
 * `additionalEventData.SwitchFrom`; the form with `userName`, which the original matched, is kept beside it.
 */
export function switchRolePattern(users: WatchedUsers): EventPattern {
  return {
    source: ['aws.signin'],
    'detail-type': [...CONSOLE_SIGN_IN, API_CALL],
    detail: {
      eventName: ['SwitchRole', 'RenewRole', 'ExitRole'],
      $or: [{ additionalEventData: { SwitchFrom: users.arns } }, { userIdentity: { userName: users.names } }],
    },
  };
}

/**
 * A role taken by CLI or API, and the caller's side of every console switch. Denied attempts are recorded only in
 * the caller's account, so the pattern must not ask for `responseElements`. The two calls that hand out a session of
 * the user itself are here too.
 */
export function assumeRolePattern(users: WatchedUsers): EventPattern {
  return {
    source: ['aws.sts'],
    'detail-type': [API_CALL],
    detail: {
      eventName: ['AssumeRole', 'GetSessionToken', 'GetFederationToken'],
      userIdentity: { userName: users.names },
    },
  };
}
