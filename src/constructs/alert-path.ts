import { CloudwatchEventPermission } from '@cdktf/provider-aws/lib/cloudwatch-event-permission/index.js';
import { Construct } from 'constructs';
import { arrivingAccountDetections, securityDetections, type Watch } from '../detection/detections.ts';
import type { WatchedRole } from '../detection/role-use.ts';
import { BUS_STATEMENT_PREFIX, type AlertPathResources } from '../detection/tamper.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { busPermission } from '../policies/bus.ts';
import { AlertSubscriptions } from './alert-subscriptions.ts';
import { AlertTopic } from './alert-topic.ts';
import { AuditLog } from './audit-log.ts';
import { DetectionRule, type RuleTarget } from './detection-rule.ts';
import { topicArn, type Place } from './place.ts';

/** What both alert paths are told. */
export interface AlertPathSettings {
  /** Terraform expression of a set of e-mail addresses. */
  readonly emails: string;
  /** Terraform expression of a list of https addresses. */
  readonly httpsEndpoints: string;
  /** Days, 0 for ever. */
  readonly auditLogRetentionDays: number;
  readonly names: Record<'topic' | 'keyAlias' | 'auditLog', string>;
  /** Topic that gets the events as they are, for chat. @default - none */
  readonly chatTopicName?: string | undefined;
}

export interface AlertPathProps extends AlertPathSettings {
  readonly path: 'primary' | 'standby';
  readonly place: Place;
  readonly watch: Watch;
  /** Monitored roles in other accounts, whose events arrive here. */
  readonly roles: readonly WatchedRole[];
  /** Where the other path is. @default - there is one path */
  readonly other?: Place | undefined;
  /** @default - events that a target turns away are lost */
  readonly deadLetterQueueArn?: string | undefined;
}

/** Topic, key, subscriptions, audit log, and the rules that alert: all that tells people, in one region. */
export class AlertPath extends Construct {
  readonly topic: AlertTopic;
  readonly auditLog: AuditLog;
  readonly rules: readonly DetectionRule[];
  /** What somebody would have to change to silence this path. */
  readonly resources: AlertPathResources;

  constructor(scope: Construct, id: string, props: AlertPathProps) {
    super(scope, id);
    const { place, path, names, watch, roles, other, deadLetterQueueArn } = props;
    const topic = new AlertTopic(this, 'topic', {
      place,
      name: names.topic,
      keyAlias: names.keyAlias,
      chatName: props.chatTopicName,
    });
    this.topic = topic;
    new AlertSubscriptions(this, 'subscription', {
      topicArn: topic.topicArn,
      emails: props.emails,
      httpsEndpoints: props.httpsEndpoints,
    });
    this.auditLog = new AuditLog(this, 'audit-log', {
      place,
      name: names.auditLog,
      retentionDays: props.auditLogRetentionDays,
    });
    for (const { accountId } of roles) {
      new CloudwatchEventPermission(this, `bus-${accountId}`, busPermission(BUS_STATEMENT_PREFIX, accountId));
    }
    const targets: RuleTarget[] = [
      {
        id: 'alert-topic',
        arn: topic.topicArn,
        alert: seen => seen.alert({ region: place.region, path }),
        dependsOn: [topic.policy],
      },
      { id: 'audit-log', arn: this.auditLog.arn, dependsOn: [this.auditLog.policy] },
      ...(topic.chat === undefined
        ? []
        : [{ id: 'chat-topic', arn: topic.chat.topicArn, dependsOn: [topic.chat.policy] }]),
    ];
    const topicNames = [names.topic, ...(props.chatTopicName === undefined ? [] : [props.chatTopicName])];
    const places = [place, ...(other === undefined ? [] : [other])];
    this.resources = {
      topicArns: places.flatMap(where => topicNames.map(name => topicArn(where, name))),
      keys: [topic.keyId, topic.keyArn],
      keyAlias: names.keyAlias,
      logGroup: names.auditLog,
      logPolicy: DEFAULT_NAMES.auditLogPolicy,
    };
    const detections = [
      ...securityDetections(watch, {
        iam: true,
        alertPath: this.resources,
        ...(other === undefined ? {} : { otherPath: other.region }),
      }),
      ...arrivingAccountDetections(roles, watch.users, watch.switches),
    ];
    this.rules = detections.map(
      detection => new DetectionRule(this, detection.id, { detection, targets, deadLetterQueueArn }),
    );
  }
}
