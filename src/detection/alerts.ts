/**
 * What an alert says: input transformers for the topic.
 *
 * EventBridge does not escape values, so a value that a person could choose might forge a line. Only fields that AWS
 * fills itself, or whose characters AWS restricts, are used: no user agent, no request parameters, no error message
 * (it quotes the request). https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 *
 * A path that an event lacks leaves nothing behind, so each line reads well with its values absent.
 */

export interface AlertText {
  /** Variable name to JSON path. At most 100. */
  readonly paths: Readonly<Record<string, string>>;
  /** One double-quoted string per line, as EventBridge wants multi-line text. */
  readonly template: string;
}

/** Where an alert came from and on which path: literals or Terraform references. */
export interface AlertContext {
  /** Region of the bus and topic that send this alert. */
  readonly region: string;
}

const COMMON_PATHS = {
  action: '$.detail.eventName',
  account: '$.account',
  region: '$.region',
  time: '$.time',
  source: '$.detail.sourceIPAddress',
  error: '$.detail.errorCode',
  event: '$.detail.eventID',
  delivery: '$.id',
};

function text(headline: string, body: readonly string[], context: AlertContext): string {
  return [
    `BREAK GLASS: ${headline}`,
    '-',
    ...body,
    'Where     region <region>, account <account>, from <source>',
    'When      <time>',
    `Event     <event> (delivery <delivery>), path: primary (${context.region})`,
    '-',
    "If nobody declared an emergency, treat this as an attack: follow 'Revoke' in the break-glass procedure now.",
  ]
    .map(line => `"${line}"`)
    .join('\n');
}

/** Console sign-in, MFA check and `aws login`. Each of them reports its outcome in a field of its own. */
export function signInAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      user: '$.detail.userIdentity.userName',
      userType: '$.detail.userIdentity.type',
      home: '$.detail.userIdentity.accountId',
      mfa: '$.detail.additionalEventData.MFAUsed',
      login: '$.detail.responseElements.ConsoleLogin',
      check: '$.detail.responseElements.CheckMfa',
      granted: '$.detail.additionalEventData.success',
    },
    template: text(
      'sign-in by <user>, <action> <login><check>',
      [
        'Who       <userType> <user> in account <home> (MFA used: <mfa>)',
        'What      <action>',
        'Outcome   <login><check><granted> <error>',
      ],
      context,
    ),
  };
}

/** A console switch of role: the event knows the assumed role and, as `SwitchFrom`, the person. */
export function switchRoleAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      user: '$.detail.additionalEventData.SwitchFrom',
      name: '$.detail.userIdentity.userName',
      identity: '$.detail.userIdentity.arn',
      outcome: '$.detail.responseElements.SwitchRole',
    },
    template: text(
      'role switched in the console by <user> <name>, <action> <outcome>',
      ['Who       <user> <name>', 'What      <action> to <identity>', 'Outcome   <outcome> <error>'],
      context,
    ),
  };
}

/** A role assumed, or a session of the user itself. Success leaves no error code; a denied try leaves no role. */
export function assumeRoleAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      user: '$.detail.userIdentity.userName',
      userType: '$.detail.userIdentity.type',
      home: '$.detail.userIdentity.accountId',
      mfa: '$.detail.userIdentity.sessionContext.attributes.mfaAuthenticated',
      role: '$.detail.resources[0].ARN',
      session: '$.detail.responseElements.assumedRoleUser.arn',
    },
    template: text(
      '<action> by <user> <error>',
      [
        'Who       <userType> <user> in account <home> (MFA: <mfa>)',
        'What      <action> of <role> (session: <session>)',
        'Outcome   error code: <error> (no code: it succeeded)',
      ],
      context,
    ),
  };
}
