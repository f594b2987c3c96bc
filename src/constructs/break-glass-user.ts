import { IamUser } from '@cdktf/provider-aws/lib/iam-user/index.js';
import { IamUserPolicy } from '@cdktf/provider-aws/lib/iam-user-policy/index.js';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { policyDocument } from '../policies/document.ts';
import { ownLimitsPolicy, requireMfaPolicy, selfServicePolicy } from '../policies/user.ts';
import { iamArn, type Place } from './place.ts';

/** `iam-full-access` attaches AWS's IAMFullAccess, as the original did; `assume-role-only` attaches no more than the roles. */
export type UserPermissions = 'iam-full-access' | 'assume-role-only';

/** Permissions that are known only when terraform runs: IAMFullAccess where this Terraform expression is true. */
export interface PermissionsByExpression {
  readonly iamFullAccessIf: string;
}

export interface BreakGlassUserProps {
  readonly place: Place;
  readonly name: string;
  readonly permissions: UserPermissions | PermissionsByExpression;
  /** Customer managed policy with the roles that the user may assume. */
  readonly assumeRolePolicyArn: string;
  /** @default - no permissions boundary */
  readonly permissionsBoundaryArn?: string;
}

/**
 * One person's emergency user. It is made without password, access key or MFA device: those are set up by people after
 * the installation and never reach Terraform's state. Until MFA is there the user may do nothing of use.
 */
export class BreakGlassUser extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: BreakGlassUserProps) {
    super(scope, id);
    const { place, name } = props;
    const user = new IamUser(this, 'Default', {
      name,
      // Password, MFA devices and keys are made outside Terraform; without this a teardown stops at them.
      forceDestroy: true,
      ...(props.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    this.name = user.name;
    this.arn = user.arn;
    const ownArn = iamArn(place, place.accountId, 'user', name);
    // The Deny comes before every Allow: at no moment may the user do more than the finished set allows.
    const requireMfa = new IamUserPolicy(this, 'require-mfa', {
      name: 'RequireMfa',
      user: user.name,
      policy: Fn.jsonencode(
        policyDocument(...requireMfaPolicy(ownArn).Statement, ...ownLimitsPolicy(ownArn).Statement),
      ),
    });
    new IamUserPolicy(this, 'self-service', {
      name: 'OwnPasswordAndMfaDevices',
      user: user.name,
      policy: Fn.jsonencode(selfServicePolicy(ownArn)),
      dependsOn: [requireMfa],
    });
    new IamUserPolicyAttachment(this, 'assume-role', {
      user: user.name,
      policyArn: props.assumeRolePolicyArn,
      dependsOn: [requireMfa],
    });
    const { permissions } = props;
    if (permissions !== 'assume-role-only') {
      const attachment = new IamUserPolicyAttachment(this, 'iam-full-access', {
        user: user.name,
        policyArn: `arn:${place.partition}:iam::aws:policy/IAMFullAccess`,
        dependsOn: [requireMfa],
      });
      if (permissions !== 'iam-full-access') {
        attachment.addOverride('count', `\${${permissions.iamFullAccessIf} ? 1 : 0}`);
      }
    }
  }
}
