import { Construct } from 'constructs';
import { forwardingFrom, securityDetections } from '../detection/detections.ts';
import { AlertPath, type AlertPathProps } from './alert-path.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { DeliveryAlarms } from './delivery-alarms.ts';
import type { DetectionRule } from './detection-rule.ts';
import { forwardingRules } from './forwarding.ts';

export interface AlertRegionProps extends Omit<AlertPathProps, 'deadLetterQueueArn'> {
  /** Region that records IAM's events. */
  readonly iamRegion: string;
}

/** How many rules of a kind the alarm on failures counts: those of the users, which come first. */
const COUNTED_RULES = 5;

/**
 * A region with an alert path: the primary, and the standby. With two of them each sends its own events to the other, by
 * rules beside those that alert: an event that came from elsewhere has made its one hop.
 */
export class AlertRegion extends Construct {
  readonly path: AlertPath;
  readonly rules: readonly DetectionRule[];

  constructor(scope: Construct, id: string, props: AlertRegionProps) {
    super(scope, id);
    const { place, other, watch, iamRegion } = props;
    const keeps = watch.switches.deadLetterQueues;
    const deadLetters = keeps ? new DeadLetterQueue(this, 'dead-letters', { place }) : null;
    this.path = new AlertPath(this, 'Default', { ...props, deadLetterQueueArn: deadLetters?.arn });
    const own = securityDetections(watch, { iam: place.region === iamRegion, alertPath: this.path.resources });
    const forwarding =
      other === undefined
        ? null
        : forwardingRules(this, {
            place,
            buses: [{ path: props.path === 'primary' ? 'standby' : 'primary', place: other }],
            detections: own.map(detection => forwardingFrom(place.region, detection)),
            deadLetterQueueArn: deadLetters?.arn,
          });
    this.rules = [...this.path.rules, ...(forwarding?.rules ?? [])];
    if (deadLetters !== null) {
      const counted = [this.path.rules, forwarding?.rules ?? []].flatMap(rules => rules.slice(0, COUNTED_RULES));
      new DeliveryAlarms(this, 'alarm', {
        queueName: deadLetters.name,
        ruleNames: counted.map(rule => rule.name),
        topicName: props.names.topic,
      });
    }
  }
}
