import { Construct } from 'constructs';
import type { Detection } from '../detection/detections.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { DeliveryAlarms } from './delivery-alarms.ts';
import type { DetectionRule } from './detection-rule.ts';
import type { ForwarderRole } from './forwarder-role.ts';
import { forwardingRules } from './forwarding.ts';
import type { Place } from './place.ts';

export interface RegionalForwarderProps {
  readonly place: Place;
  /** What is recorded in this region. Most important first: an alarm counts the failures of the first five. */
  readonly detections: readonly Detection[];
  /** Account and region of the bus that gets the events. Events hop once, so it must be the last one. */
  readonly primary: Place;
  /** The bus of the second path. @default - there is one path */
  readonly standby?: Place | undefined;
  /** Keep what could not be delivered, and say so. @default false */
  readonly deadLetterQueue?: boolean;
}

const COUNTED_RULES = 5;

/** One region without a topic: rules with the buses of the alert paths as targets. No topic here, so no event alerts twice. */
export class RegionalForwarder extends Construct {
  readonly role: ForwarderRole;
  readonly rules: readonly DetectionRule[];

  constructor(scope: Construct, id: string, props: RegionalForwarderProps) {
    super(scope, id);
    const { place, detections, primary, standby, deadLetterQueue = false } = props;
    const deadLetters = deadLetterQueue ? new DeadLetterQueue(this, 'dead-letters', { place }) : null;
    const { role, rules } = forwardingRules(this, {
      place,
      buses: [{ path: 'primary', place: primary }, ...(standby ? [{ path: 'standby', place: standby } as const] : [])],
      detections,
      deadLetterQueueArn: deadLetters?.arn,
    });
    this.role = role;
    this.rules = rules;
    if (deadLetters !== null) {
      new DeliveryAlarms(this, 'alarm', {
        queueName: deadLetters.name,
        ruleNames: rules.slice(0, COUNTED_RULES).map(rule => rule.name),
      });
    }
  }
}
