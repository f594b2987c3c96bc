import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { Fn, type IResolvable } from '../cdktf.ts';
import { roleTrustPolicy, type RoleTrust } from '../policies/role.ts';

export interface BreakGlassRoleProps extends Omit<RoleTrust, 'requireMfa'> {
  /** A Terraform reference where only the caller of a module knows it; both documents are then written. */
  readonly requireMfa: boolean | IResolvable;
  readonly name: string;
  /** Terraform expression of a set of policy ARNs. IAM attaches at most 10 by default. */
  readonly managedPolicyArns: string;
  /** Seconds, 3600 to 43200. */
  readonly maxSessionSeconds: number;
}

/** The role that break glass users may take in one account. */
export class BreakGlassRole extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: BreakGlassRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'Default', {
      name: props.name,
      description: 'Emergency access for break glass users; every use raises an alert',
      assumeRolePolicy: trustPolicy(props),
      maxSessionDuration: props.maxSessionSeconds,
    });
    const attachment = new IamRolePolicyAttachment(this, 'policy', { role: role.name, policyArn: '${each.value}' });
    attachment.addOverride('for_each', `\${${props.managedPolicyArns}}`);
    this.arn = role.arn;
    this.name = role.name;
  }
}

function trustPolicy({ requireMfa, ...trust }: BreakGlassRoleProps): string {
  const document = (mfa: boolean): string => Fn.jsonencode(roleTrustPolicy({ ...trust, requireMfa: mfa }));
  if (typeof requireMfa === 'boolean') return document(requireMfa);
  return Fn.conditional(requireMfa, document(true), document(false));
}
