import type { Construct } from 'constructs';
import type { Detection } from '../detection/detections.ts';
import { FORWARDER_ROLE_PREFIX } from '../detection/tamper.ts';
import { DetectionRule } from './detection-rule.ts';
import { ForwarderRole } from './forwarder-role.ts';
import { defaultBusArn, type Place } from './place.ts';

/** An alert path's bus. */
interface Bus {
  readonly path: 'primary' | 'standby';
  /** Account and region of the bus. Events hop once, so it must be the last one. */
  readonly place: Place;
}

export interface ForwardingProps {
  readonly place: Place;
  readonly buses: readonly Bus[];
  readonly detections: readonly Detection[];
  readonly deadLetterQueueArn?: string | undefined;
}

export interface Forwarding {
  readonly role: ForwarderRole;
  readonly rules: readonly DetectionRule[];
}

/** Rules that send what they see to other buses, and the role by which they may. Directly in `scope`, which names them. */
export function forwardingRules(scope: Construct, props: ForwardingProps): Forwarding {
  const { place, buses, detections, deadLetterQueueArn } = props;
  const arns = buses.map(bus => defaultBusArn(bus.place));
  const role = new ForwarderRole(scope, 'forwarder', {
    place,
    name: `${FORWARDER_ROLE_PREFIX}${place.region}`,
    busArns: arns,
  });
  const targets = buses.map(({ path }, index) => ({
    id: `${path}-bus`,
    arn: arns[index] ?? '',
    roleArn: role.arn,
    dependsOn: [role.policy],
  }));
  const rules = detections.map(
    detection => new DetectionRule(scope, detection.id, { detection, targets, deadLetterQueueArn }),
  );
  return { role, rules };
}
