import { roleAssumedAlert, roleSwitchedAlert, tamperAlert } from './alerts.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';
import { API_CALL, CONSOLE_SIGN_IN, SWITCHES, type WatchedUsers } from './patterns.ts';
import { FORWARDER_ROLE_PREFIX } from './tamper.ts';

/** A break glass role in the account that it stands in. */
export interface WatchedRole {
  readonly partition: string;
  readonly accountId: string;
  readonly name: string;
}

const arnOf = (role: WatchedRole) => `arn:${role.partition}:iam::${role.accountId}:role/${role.name}`;

/** Beginning of the identity of everybody who is in the role. */
const sessionsOf = (role: WatchedRole) => `arn:${role.partition}:sts::${role.accountId}:assumed-role/${role.name}/`;

/**
 * The use of roles as their own accounts see it. `SwitchRole` is recorded there alone; `AssumeRole` names the role but,
 * across accounts, no person, so it is told whoever does it.
 *
 * @param users whose switches are told even into another role of these accounts
 */
export function roleUseDetections(roles: readonly WatchedRole[], users: WatchedUsers): readonly Detection[] {
  return [
    {
      id: 'role-switched',
      ruleName: `${RULE_PREFIX}role-switched`,
      description: 'Somebody switches to a break glass role in the console, as the account of the role sees it',
      pattern: {
        source: ['aws.signin'],
        'detail-type': [...CONSOLE_SIGN_IN, API_CALL],
        detail: {
          eventName: SWITCHES,
          $or: [
            { additionalEventData: { SwitchFrom: users.arns } },
            { userIdentity: { arn: roles.map(role => ({ prefix: sessionsOf(role) })) } },
          ],
        },
      },
      alert: roleSwitchedAlert,
    },
    {
      id: 'role-assumed',
      ruleName: `${RULE_PREFIX}role-assumed`,
      description: 'Somebody assumes a break glass role, as the account of the role sees it',
      pattern: {
        source: ['aws.sts'],
        'detail-type': [API_CALL],
        detail: { eventName: ASSUMING, requestParameters: { roleArn: roles.map(arnOf) } },
      },
      alert: roleAssumedAlert,
    },
  ];
}

/** The trust names users only; the other two would show that somebody changed it. */
const ASSUMING = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'];

/** The same for a role in the security account itself, where the users' own acts already alert. */
export function ownRoleUseDetections(roles: readonly WatchedRole[], users: WatchedUsers): readonly Detection[] {
  const nobodyOfOurs = [{ exists: false }, { 'anything-but': users.names }];
  return roleUseDetections(roles, users).map(detection => {
    const detail =
      detection.id === 'role-assumed'
        ? {
            eventName: ASSUMING,
            requestParameters: { roleArn: roles.map(arnOf) },
            userIdentity: { userName: nobodyOfOurs },
          }
        : {
            eventName: SWITCHES,
            additionalEventData: { SwitchFrom: [{ exists: false }, { 'anything-but': users.arns }] },
            userIdentity: { arn: roles.map(role => ({ prefix: sessionsOf(role) })), userName: nobodyOfOurs },
          };
    return {
      ...detection,
      id: `own-${detection.id}`,
      ruleName: `${RULE_PREFIX}own-${detection.id}`,
      pattern: { ...detection.pattern, detail },
    };
  });
}

/** Changes to the roles themselves and to our forwarders' roles there. In IAM's region only. */
export function roleChangeDetection(roles: readonly WatchedRole[]): Detection {
  const names = [...new Set(roles.map(role => role.name))];
  return {
    id: 'role-changed',
    ruleName: `${RULE_PREFIX}role-changed`,
    description: 'Somebody changes a break glass role: its trust, policies or session',
    pattern: {
      source: ['aws.iam'],
      'detail-type': [API_CALL],
      detail: {
        readOnly: [false],
        requestParameters: { roleName: [...names, { prefix: FORWARDER_ROLE_PREFIX }] },
      },
    },
    alert: context => tamperAlert('a break glass role or a role of its monitoring', context),
  };
}
