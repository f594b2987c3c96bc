import { Construct } from 'constructs';
import { userDetections, type Detection } from '../detection/detections.ts';
import type { WatchedUsers } from '../detection/patterns.ts';
import { DetectionRule } from './detection-rule.ts';
import { ForwarderRole } from './forwarder-role.ts';
import { defaultBusArn, type Place } from './place.ts';

export interface RegionalForwarderProps {
  readonly place: Place;
  readonly users: WatchedUsers;
  /** Account and region of the bus that gets the events. Events hop once, so it must be the last one. */
  readonly primary: Place;
}

/** One secondary region: the primary's rules, with the primary's bus as their target. No topic here, so no event alerts twice. */
export class RegionalForwarder extends Construct {
  readonly role: ForwarderRole;
  readonly rules: readonly DetectionRule[];

  constructor(scope: Construct, id: string, { place, users, primary }: RegionalForwarderProps) {
    super(scope, id);
    const busArn = defaultBusArn(primary);
    this.role = new ForwarderRole(this, 'forwarder', {
      place,
      name: `BreakGlassForwarder-${place.region}`,
      busArns: [busArn],
    });
    const primaryBus = { id: 'primary-bus', arn: busArn, roleArn: this.role.arn, dependsOn: [this.role.policy] };
    this.rules = userDetections(users).map(
      (detection: Detection) => new DetectionRule(this, detection.id, { detection, targets: [primaryBus] }),
    );
  }
}
