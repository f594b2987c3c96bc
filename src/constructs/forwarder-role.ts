import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { forwarderPolicy, forwarderTrustPolicy } from '../policies/forwarder.ts';
import { ruleArns, type Place } from './place.ts';

export interface ForwarderRoleProps {
  readonly place: Place;
  /** Roles are global in an account, so the name bears the region. At most 64 characters. */
  readonly name: string;
  readonly busArns: readonly string[];
}

/** The role by which one region's rules may put events on the buses of the alert paths. */
export class ForwarderRole extends Construct {
  readonly arn: string;
  /** What a rule's target must wait for: "permission errors are not retried", the event would be lost. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, { place, name, busArns }: ForwarderRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'Default', {
      name,
      description: 'Lets EventBridge forward break glass events to the primary region',
      assumeRolePolicy: Fn.jsonencode(forwarderTrustPolicy(place.accountId, ruleArns(place))),
    });
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'ForwardToPrimary',
      role: role.name,
      policy: Fn.jsonencode(forwarderPolicy(busArns)),
    });
    this.arn = role.arn;
  }
}
