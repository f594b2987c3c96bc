import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { Construct } from 'constructs';
import { Fn, type ITerraformDependable } from '../cdktf.ts';
import type { AlertText } from '../detection/alerts.ts';
import type { Detection } from '../detection/detections.ts';
import { RULE_STATE } from '../detection/patterns.ts';

/** Where a matched event goes. */
export interface RuleTarget {
  /** Construct id and EventBridge target id; never renamed. */
  readonly id: string;
  readonly arn: string;
  /** @default - none: the target's own resource policy lets EventBridge in */
  readonly roleArn?: string;
  /** Makes the target's text of the event. @default - the whole event as JSON */
  readonly alert?: (detection: Detection) => AlertText;
  /** Created before the target, so that no event meets a target that would turn it away. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

export interface DetectionRuleProps {
  readonly detection: Detection;
  /** At most 5, the quota of EventBridge. */
  readonly targets: readonly RuleTarget[];
  /** Queue of this region that keeps what a target turns away. @default - such events are lost */
  readonly deadLetterQueueArn?: string | undefined;
}

/**
 * How long EventBridge goes on trying: its own defaults, written down so that nobody has to know them. Errors of
 * permission and missing targets are not tried again at all.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
const RETRY_POLICY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** One thing that is watched, in one region: a rule on the default bus with its targets. */
export class DetectionRule extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { detection, targets, deadLetterQueueArn }: DetectionRuleProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'Default', {
      name: detection.ruleName,
      description: detection.description,
      eventPattern: Fn.jsonencode(detection.pattern),
      state: RULE_STATE,
    });
    this.arn = rule.arn;
    this.name = detection.ruleName;
    for (const target of targets) {
      const alert = target.alert?.(detection);
      new CloudwatchEventTarget(this, target.id, {
        rule: rule.name,
        targetId: target.id,
        arn: target.arn,
        retryPolicy: RETRY_POLICY,
        ...(deadLetterQueueArn === undefined ? {} : { deadLetterConfig: { arn: deadLetterQueueArn } }),
        ...(target.roleArn === undefined ? {} : { roleArn: target.roleArn }),
        ...(alert && { inputTransformer: { inputPaths: { ...alert.paths }, inputTemplate: alert.template } }),
        ...(target.dependsOn && { dependsOn: [...target.dependsOn] }),
      });
    }
  }
}
