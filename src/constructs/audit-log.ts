import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { auditLogPolicy } from '../policies/alert-path.ts';
import type { Place } from './place.ts';

export interface AuditLogProps {
  readonly place: Place;
  /** Must start with `/aws/events/`, as EventBridge asks of its log groups. */
  readonly name: string;
  /** Days; one of the values that CloudWatch Logs allows, 0 for ever. */
  readonly retentionDays: number;
}

/** Every matched event, whole, in the region of an alert path: what an auditor reads. */
export class AuditLog extends Construct {
  readonly name: string;
  readonly arn: string;
  /** What a rule's target must wait for: without it CloudWatch Logs turns events away. */
  readonly policy: CloudwatchLogResourcePolicy;

  constructor(scope: Construct, id: string, props: AuditLogProps) {
    super(scope, id);
    const { partition, region, accountId } = props.place;
    const group = new CloudwatchLogGroup(this, 'Default', { name: props.name, retentionInDays: props.retentionDays });
    this.name = group.name;
    // Spelled out: whether the attribute `arn` ends in `:*` has changed between provider versions.
    this.arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${group.name}`;
    this.policy = new CloudwatchLogResourcePolicy(this, 'policy', {
      policyName: DEFAULT_NAMES.auditLogPolicy,
      policyDocument: Fn.jsonencode(auditLogPolicy(this.arn)),
    });
  }
}
