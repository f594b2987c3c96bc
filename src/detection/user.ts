import { assumeRoleAlert, awsLoginAlert, signInAlert, switchRoleAlert, unknownUserAlert } from './alerts.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';
import { API_CALL, CONSOLE_SIGN_IN, SWITCHES, type EventPattern, type WatchedUsers } from './patterns.ts';

/** What CloudTrail writes instead of a user name that the account doesn't have: it may be a password typed too early. */
const HIDDEN_USER_NAME = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The use of a break glass user, as its own account sees it. No event matches two of them, so none alerts twice. */
export function userDetections(users: WatchedUsers): readonly Detection[] {
  return [
    {
      id: 'sign-in',
      ruleName: `${RULE_PREFIX}user-sign-in`,
      description: 'A break glass user signs in, fails to, passes MFA, or takes a sign-in token',
      pattern: signInPattern(users.names, ['ConsoleLogin', 'CheckMfa', 'GetSigninToken']),
      alert: signInAlert,
    },
    {
      id: 'aws-login',
      ruleName: `${RULE_PREFIX}user-aws-login`,
      description: 'A break glass user turns a console session into CLI credentials (aws login)',
      pattern: signInPattern(users.names, ['AuthorizeOAuth2Access', 'CreateOAuth2Token']),
      alert: awsLoginAlert,
    },
    {
      id: 'unknown-user',
      ruleName: `${RULE_PREFIX}unknown-user-sign-in`,
      description: 'Somebody tries to sign in by a user name that this account does not have',
      pattern: signInPattern([HIDDEN_USER_NAME], ['ConsoleLogin', 'CheckMfa', 'GetSigninToken']),
      alert: unknownUserAlert,
    },
    {
      id: 'switch-role',
      ruleName: `${RULE_PREFIX}user-switch-role`,
      description: 'A break glass user switches role in the console',
      pattern: switchRolePattern(users),
      alert: switchRoleAlert,
    },
    {
      id: 'assume-role',
      ruleName: `${RULE_PREFIX}user-assume-role`,
      description: 'A break glass user assumes a role or takes a session, or is denied it',
      pattern: assumeRolePattern(users),
      alert: assumeRoleAlert,
    },
  ];
}

/**
 * Console sign-in (success and failure), the MFA check between password and entry, and the `aws login` flow, which
 * turns console credentials into CLI credentials and is recorded as an API call of AWS Sign-In.
 * https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html
 */
function signInPattern(names: readonly string[], eventNames: readonly string[]): EventPattern {
  return {
    source: ['aws.signin'],
    'detail-type': [...CONSOLE_SIGN_IN, API_CALL],
    detail: { eventName: eventNames, userIdentity: { userName: names } },
  };
}

/**
 * A switch of role in the console. The event belongs to the role's account and names the person only in
 * `additionalEventData.SwitchFrom`; the form with `userName`, which the original matched, is kept beside it.
 */
function switchRolePattern(users: WatchedUsers): EventPattern {
  return {
    source: ['aws.signin'],
    'detail-type': [...CONSOLE_SIGN_IN, API_CALL],
    detail: {
      eventName: SWITCHES,
      $or: [{ additionalEventData: { SwitchFrom: users.arns } }, { userIdentity: { userName: users.names } }],
    },
  };
}

/**
 * A role taken by CLI or API, and the caller's side of every console switch. Denied attempts are recorded only in
 * the caller's account, so the pattern must not ask for `responseElements`. The two calls that hand out a session of
 * the user itself are here too.
 */
function assumeRolePattern(users: WatchedUsers): EventPattern {
  return {
    source: ['aws.sts'],
    'detail-type': [API_CALL],
    detail: {
      eventName: ['AssumeRole', 'GetSessionToken', 'GetFederationToken'],
      userIdentity: { userName: users.names },
    },
  };
}
