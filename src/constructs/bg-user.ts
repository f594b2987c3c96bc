import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { userDetections } from '../detection/detections.ts';
import { assumeRolePolicy } from '../policies/user.ts';
import { AlertSubscriptions } from './alert-subscriptions.ts';
import { AlertTopic } from './alert-topic.ts';
import { AuditLog } from './audit-log.ts';
import { BreakGlassUser, type PermissionsByExpression, type UserPermissions } from './break-glass-user.ts';
import { DetectionRule } from './detection-rule.ts';
import { iamArn, type Place } from './place.ts';

/** AWS names, as the contract gives them. */
export const DEFAULT_NAMES = {
  user: 'BreakglassUser',
  assumeRolePolicy: 'BreakGlassAssumeRole',
  role: 'BreakGlassRole',
  topic: 'breakglassuser-console-logins',
  keyAlias: 'alias/breakglassSNS',
  auditLog: '/aws/events/break-glass',
} as const;

export interface UserProps {
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
    this.topic = new AlertTopic(this, 'topic', { place, name: names.topic, keyAlias: names.keyAlias });
    new AlertSubscriptions(this, 'subscription', {
      topicArn: this.topic.topicArn,
      emails: props.emails,
      httpsEndpoints: props.httpsEndpoints,
    });
    this.auditLog = new AuditLog(this, 'audit-log', {
      place,
      name: names.auditLog,
      retentionDays: props.auditLogRetentionDays,
    });
    const watched = {
      names: props.users.map(user => user.name),
      arns: props.users.map(user => iamArn(place, place.accountId, 'user', user.name)),
    };
    this.rules = userDetections(watched).map(
      detection =>
        new DetectionRule(this, detection.id, {
          detection,
          targets: [
            {
              id: 'alert-topic',
              arn: this.topic.topicArn,
              alert: seen => seen.alert({ region: place.region }),
              dependsOn: [this.topic.policy],
            },
            { id: 'audit-log', arn: this.auditLog.arn, dependsOn: [this.auditLog.policy] },
          ],
        }),
    );
  }
}
