import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { USERS_ONLY, type Switches, type Watch } from '../detection/detections.ts';
import type { WatchedRole } from '../detection/role-use.ts';
import { policyArn } from '../policies/arns.ts';
import { assumeRolePolicy } from '../policies/user.ts';
import { AlertRegion } from './alert-region.ts';
import type { AlertTopic } from './alert-topic.ts';
import type { AuditLog } from './audit-log.ts';
import { BreakGlassUser, type PermissionsByExpression, type UserPermissions } from './break-glass-user.ts';
import type { DetectionRule } from './detection-rule.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { iamArn, type Place } from './place.ts';

export { DEFAULT_NAMES } from '../names.ts';

interface UserProps {
  /** Construct id, a literal: it makes the resource address, so that no user's change touches another's. */
  readonly id: string;
  readonly name: string;
  readonly permissions: UserPermissions | PermissionsByExpression;
  readonly permissionsBoundaryArn?: string;
}

export interface BgUserProps {
  readonly place: Place;
  readonly users: readonly UserProps[];
  /** Roles that the users may assume. */
  readonly roleArns: readonly string[];
  /** Terraform expression of a set of e-mail addresses. */
  readonly emails: string;
  /** Terraform expression of a list of https addresses. */
  readonly httpsEndpoints: string;
  /** Days, 0 for ever. */
  readonly auditLogRetentionDays: number;
  /** @default - the contract's names */
  readonly names?: Partial<Record<'assumeRolePolicy' | 'topic' | 'keyAlias' | 'auditLog', string>>;
  /** @default - nothing but the use of the users */
  readonly switches?: Switches;
  /** Region that records IAM's events. @default - this one */
  readonly iamRegion?: string;
  /** Monitored roles, in this account and in others. @default - none */
  readonly roles?: { readonly own: readonly WatchedRole[]; readonly elsewhere: readonly WatchedRole[] };
  /** Where the second alert path is. @default - there is none */
  readonly standby?: Place | undefined;
  /** Topic that gets the events as they are, for chat. @default - none */
  readonly chatTopicName?: string | undefined;
}

/** The security account's primary region: users, encrypted topic, audit log and the rules that see their use. */
export class BgUser extends Construct {
  readonly userArns: readonly string[];
  readonly topic: AlertTopic;
  readonly auditLog: AuditLog;
  readonly rules: readonly DetectionRule[];

  constructor(scope: Construct, id: string, props: BgUserProps) {
    super(scope, id);
    const { place } = props;
    const names = { ...DEFAULT_NAMES, ...props.names };
    const assumeRole = new IamPolicy(this, 'role-access', {
      name: names.assumeRolePolicy,
      description: 'Lets break glass users assume the break glass roles',
      policy: Fn.jsonencode(assumeRolePolicy(props.roleArns)),
    });
    const users = props.users.map(
      user => new BreakGlassUser(this, user.id, { place, assumeRolePolicyArn: assumeRole.arn, ...user }),
    );
    this.userArns = users.map(user => user.arn);
    const { own = [], elsewhere = [] } = props.roles ?? {};
    const watch: Watch = {
      accountId: place.accountId,
      users: {
        names: props.users.map(user => user.name),
        arns: props.users.map(user => iamArn(place, place.accountId, 'user', user.name)),
      },
      switches: props.switches ?? USERS_ONLY,
      identities: {
        userNames: props.users.map(user => user.name),
        roleNames: own.map(role => role.name),
        policyArns: [
          policyArn(place, names.assumeRolePolicy),
          ...new Set(props.users.flatMap(user => user.permissionsBoundaryArn ?? [])),
        ],
      },
      ownRoles: own,
    };
    const region = new AlertRegion(this, 'Default', {
      path: 'primary',
      place,
      watch,
      roles: elsewhere,
      other: props.standby,
      iamRegion: props.iamRegion ?? place.region,
      emails: props.emails,
      httpsEndpoints: props.httpsEndpoints,
      auditLogRetentionDays: props.auditLogRetentionDays,
      names,
      chatTopicName: props.chatTopicName,
    });
    this.topic = region.path.topic;
    this.auditLog = region.path.auditLog;
    this.rules = region.rules;
  }
}
