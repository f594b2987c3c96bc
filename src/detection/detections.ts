import { deliveryDetections } from './delivery.ts';
import { fromAccounts, RULE_PREFIX, type Detection } from './detection.ts';
import type { WatchedUsers } from './patterns.ts';
import { regionOptInDetections } from './region-opt-in.ts';
import { ownRoleUseDetections, roleChangeDetection, roleUseDetections, type WatchedRole } from './role-use.ts';
import { rootDetections } from './root.ts';
import {
  alertPathTampering,
  deadLetterTampering,
  eventsTampering,
  iamTampering,
  otherKeyTampering,
  trailTampering,
  type AlertPathResources,
  type WatchedIdentities,
} from './tamper.ts';
import { userDetections } from './user.ts';

export { forwardingFrom, fromAccounts, RULE_PREFIX, type Detection } from './detection.ts';
export { userDetections } from './user.ts';

/** Which groups are watched, as `monitoring` of the configuration says. */
export interface Switches {
  readonly tamper: boolean;
  readonly rootUser: boolean;
  readonly regionOptIn: boolean;
  readonly deadLetterQueues: boolean;
}

/** Nothing but the users themselves. */
export const USERS_ONLY: Switches = { tamper: false, rootUser: false, regionOptIn: false, deadLetterQueues: false };

/** What the security account watches, the same in every region. */
export interface Watch {
  readonly accountId: string;
  readonly users: WatchedUsers;
  readonly switches: Switches;
  readonly identities: WatchedIdentities;
  /** Monitored roles that stand in the security account itself. */
  readonly ownRoles: readonly WatchedRole[];
}

/** What is recorded at, or arrives at, one region beside what every region has. */
export interface Reach {
  /** IAM's events: the region that records them, and those that get them forwarded. */
  readonly iam: boolean;
  /** @default - no topic here */
  readonly alertPath?: AlertPathResources;
  /** Region of the other alert path, where its events arrive. @default - there is one path, or they don't arrive here */
  readonly otherPath?: string;
}

/** Acts in the security account. Each is seen by at most one of these. */
export function securityDetections(watch: Watch, reach: Reach): readonly Detection[] {
  const { switches, users, ownRoles, identities } = watch;
  const tamper = { rootIsWatched: switches.rootUser };
  const tampering = [
    eventsTampering(tamper),
    trailTampering(tamper),
    ...(switches.deadLetterQueues ? [deadLetterTampering(tamper)] : []),
    ...(reach.alertPath ? [alertPathTampering(tamper, reach.alertPath)] : []),
    ...(reach.otherPath ? [otherKeyTampering(tamper, reach.otherPath)] : []),
    ...(reach.iam ? iamTampering(tamper, identities) : []),
  ];
  return [
    ...userDetections(users),
    ...(switches.rootUser ? rootDetections() : []),
    ...(switches.regionOptIn ? regionOptInDetections() : []),
    ...(switches.deadLetterQueues ? deliveryDetections() : []),
    ...(switches.tamper ? tampering : []),
    ...(ownRoles.length > 0 ? ownRoleUseDetections(ownRoles, users) : []),
  ].map(detection => fromAccounts([watch.accountId], detection));
}

/** Acts in the accounts of these roles. Each is seen by at most one of these. */
export function accountDetections(
  roles: readonly WatchedRole[],
  users: WatchedUsers,
  switches: Switches,
  reach: Pick<Reach, 'iam'>,
): readonly Detection[] {
  // Nobody watches root in those accounts, so its tampering is told as anybody's.
  const tamper = { rootIsWatched: false };
  const own = [
    ...(switches.deadLetterQueues ? deliveryDetections() : []),
    ...(switches.tamper ? [eventsTampering(tamper)] : []),
    ...(switches.tamper && switches.deadLetterQueues ? [deadLetterTampering(tamper)] : []),
  ].map(detection => renamed(detection, 'account-'));
  const seen = [...roleUseDetections(roles, users), ...(reach.iam ? [roleChangeDetection(roles)] : []), ...own];
  const accounts = roles.map(role => role.accountId);
  return seen.map(detection => fromAccounts(accounts, detection));
}

/** Roles whose detections fit into one set of patterns with room to spare. */
const ROLES_PER_GROUP = 10;

/**
 * The same for every monitored account, where their events arrive: one set of rules per ten roles, as a pattern has 2,048
 * characters at most. The sets share no account, so no event is in two of them.
 */
export function arrivingAccountDetections(
  roles: readonly WatchedRole[],
  users: WatchedUsers,
  switches: Switches,
): readonly Detection[] {
  const count = Math.ceil(roles.length / ROLES_PER_GROUP);
  return Array.from({ length: count }, (_, group) => {
    const members = roles.slice(group * ROLES_PER_GROUP, (group + 1) * ROLES_PER_GROUP);
    const detections = accountDetections(members, users, switches, { iam: true });
    return group === 0 ? detections : detections.map(detection => renamed(detection, '', `-${group + 1}`));
  }).flat();
}

function renamed(detection: Detection, prefix: string, suffix = ''): Detection {
  const { id, ruleName } = detection;
  const name = ruleName.slice(RULE_PREFIX.length);
  return { ...detection, id: `${prefix}${id}${suffix}`, ruleName: `${RULE_PREFIX}${prefix}${name}${suffix}` };
}
