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
  /** Of the two independent paths. @default 'primary' */
  readonly path?: 'primary' | 'standby';
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

/** What to do about an alert when nobody expected it. */
const ATTACK =
  "If nobody declared an emergency, treat this as an attack: follow 'Revoke' in the break-glass procedure now.";

function text(headline: string, body: readonly string[], context: AlertContext, advice = ATTACK): string {
  return lines(
    [
      `BREAK GLASS: ${headline}`,
      '-',
      ...body,
      'Where     region <region>, account <account>, from <source>',
      'When      <time>',
      `Event     <event> (delivery <delivery>), ${pathOf(context)}`,
    ],
    advice,
  );
}

/** Events that no person's call made know neither an address nor an event id: EventBridge's own id stands for it. */
function serviceText(headline: string, body: readonly string[], context: AlertContext, advice: string): string {
  return lines(
    [
      `BREAK GLASS: ${headline}`,
      '-',
      ...body,
      'Where     region <region>, account <account>',
      'When      <time>',
      `Event     <event>, ${pathOf(context)}`,
    ],
    advice,
  );
}

function lines(report: readonly string[], advice: string): string {
  return [...report, '-', advice].map(line => `"${line}"`).join('\n');
}

function pathOf({ path = 'primary', region }: AlertContext): string {
  return `path: ${path} (${region})`;
}

const SERVICE_PATHS = { account: '$.account', region: '$.region', time: '$.time', event: '$.id' };

/** Console sign-in and MFA check. Each of them reports its outcome in a field of its own. */
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
      token: '$.detail.responseElements.GetSigninToken',
    },
    template: text(
      'sign-in by <user>, <action> <login><check><token>',
      [
        'Who       <userType> <user> in account <home> (MFA used: <mfa>)',
        'What      <action>',
        'Outcome   <login><check><token> <error>',
      ],
      context,
    ),
  };
}

/** `aws login`: says whether credentials were given out in `additionalEventData.success`. */
export function awsLoginAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      user: '$.detail.userIdentity.userName',
      userType: '$.detail.userIdentity.type',
      home: '$.detail.userIdentity.accountId',
      granted: '$.detail.additionalEventData.success',
    },
    template: text(
      'CLI credentials by aws login for <user>, <action>',
      [
        'Who       <userType> <user> in account <home>',
        'What      <action>: a console session becomes CLI credentials for up to 12 hours',
        'Outcome   granted: <granted> <error>',
      ],
      context,
    ),
  };
}

/** A sign-in by a name that the account doesn't have. What was typed is not recorded: it may be a password. */
export function unknownUserAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      userType: '$.detail.userIdentity.type',
      home: '$.detail.userIdentity.accountId',
      login: '$.detail.responseElements.ConsoleLogin',
    },
    template: text(
      'sign-in with an unknown user name, <action> <login>',
      [
        'Who       <userType> of an unknown user name, hidden by AWS, in account <home>',
        'What      <action>',
        'Outcome   <login> <error>',
      ],
      context,
      'Somebody mistyped a name, or tries names: ask the break glass users; block the address if it goes on.',
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
      renewed: '$.detail.responseElements.RenewRole',
      left: '$.detail.responseElements.ExitRole',
    },
    template: text(
      'role switched in the console by <user> <name>, <action> <outcome><renewed><left>',
      ['Who       <user> <name>', 'What      <action> to <identity>', 'Outcome   <outcome><renewed><left> <error>'],
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

/** A console switch into one of our roles, as the role's account sees it. */
export function roleSwitchedAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      user: '$.detail.additionalEventData.SwitchFrom',
      identity: '$.detail.userIdentity.arn',
      outcome: '$.detail.responseElements.SwitchRole',
      renewed: '$.detail.responseElements.RenewRole',
      left: '$.detail.responseElements.ExitRole',
    },
    template: text(
      'role switched in the console by <user>, as seen by account <account>, <action> <outcome><renewed><left>',
      ['Who       <user>', 'What      <action> to <identity>', 'Outcome   <outcome><renewed><left> <error>'],
      context,
    ),
  };
}

/** AssumeRole as the role's account sees it: across accounts the caller is an account and an id, without a name. */
export function roleAssumedAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      userType: '$.detail.userIdentity.type',
      user: '$.detail.userIdentity.arn',
      principal: '$.detail.userIdentity.principalId',
      home: '$.detail.userIdentity.accountId',
      role: '$.detail.resources[0].ARN',
      session: '$.detail.responseElements.assumedRoleUser.arn',
      shared: '$.detail.sharedEventID',
    },
    template: text(
      'break glass role assumed, as seen by account <account>, <action> <error>',
      [
        'Who       <userType> <user> <principal> of account <home>',
        'What      <action> of <role> (session: <session>)',
        'Outcome   error code: <error> (no code: it succeeded)',
        "Also      shared event <shared>: the caller's account may alert for the same act, with the name",
      ],
      context,
    ),
  };
}

/**
 * Somebody changed what watches. What exactly was asked for is not in the text, as the caller chose those words; the
 * audit log has it under the event's id.
 *
 * @param what our own words for the thing that was changed
 */
export function tamperAlert(what: string, context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      service: '$.detail.eventSource',
      userType: '$.detail.userIdentity.type',
      identity: '$.detail.userIdentity.arn',
      home: '$.detail.userIdentity.accountId',
    },
    template: text(
      `CHANGED: ${what}, <action> <error>`,
      [
        'Who       <userType> <identity> of account <home>',
        'What      <action> at <service>: the audit log has the details under the event below',
        'Outcome   error code: <error> (no code: it was done)',
      ],
      context,
      'Expected only while somebody deploys this project. Else treat it as an attack on the monitoring: find out who, and verify every region.',
    ),
  };
}

export function rootAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...COMMON_PATHS,
      service: '$.detail.eventSource',
      identity: '$.detail.userIdentity.arn',
      home: '$.detail.userIdentity.accountId',
      mfa: '$.detail.additionalEventData.MFAUsed',
      login: '$.detail.responseElements.ConsoleLogin',
      asked: '$.detail.responseElements.PasswordRecoveryRequested',
      recovered: '$.detail.responseElements.PasswordRecoveryCompleted',
    },
    template: text(
      'ROOT USER of account <account>, <action> <login><asked><recovered> <error>',
      [
        'Who       Root <identity> of account <home> (MFA used: <mfa>)',
        'What      <action> at <service>',
        'Outcome   sign-in: <login><asked><recovered>, error code of a call: <error> (neither: the call succeeded)',
      ],
      context,
      'Nobody needs the root user for daily work. If nobody planned this, change its password, remove its keys and call AWS.',
    ),
  };
}

export function regionOptInAlert(context: AlertContext): AlertText {
  return {
    paths: { ...SERVICE_PATHS, changed: '$.detail.regionName', status: '$.detail.status', home: '$.detail.accountId' },
    template: serviceText(
      'region <changed> is <status> in account <home>',
      [
        'Who       somebody who may change the regions of account <home>: CloudTrail has the name',
        'What      Region Opt-In Status Change of <changed>',
        'Outcome   <status>',
      ],
      context,
      'A region that was enabled is NOT monitored yet: run npm run deploy:all. One that was disabled needs it too.',
    ),
  };
}

export function deliveryAlert(context: AlertContext): AlertText {
  return {
    paths: {
      ...SERVICE_PATHS,
      alarm: '$.detail.alarmName',
      state: '$.detail.state.value',
      before: '$.detail.previousState.value',
    },
    template: serviceText(
      'ALERTS ARE BEING LOST in region <region>, alarm <alarm>',
      ['Who       the monitoring itself', 'What      alarm <alarm>', 'Outcome   <state>, before <before>'],
      context,
      "An event could not be delivered. Read the region's dead-letter queue: 'Redrive' in the break-glass procedure.",
    ),
  };
}
