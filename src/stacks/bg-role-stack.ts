import type { Construct } from 'constructs';
import { TerraformOutput } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { BreakGlassRole } from '../constructs/break-glass-role.ts';
import { DEFAULT_NAMES } from '../constructs/bg-user.ts';
import { callerAccountId, iamArn } from '../constructs/place.ts';
import { accountIdVariable } from '../constructs/variables.ts';
import { AccountStack } from './account-stack.ts';

type RoleConfig = BreakGlassConfig['roles'][number];

/** `bg-role-<accountId>` for an entry of `roles`, `bg-role` for the account of the caller's credentials. */
export class BgRoleStack extends AccountStack {
  constructor(scope: Construct, id: string, config: BreakGlassConfig, partition: string, role: RoleConfig | null) {
    super(scope, id, {
      config,
      region: config.primaryRegion,
      ...(role === null ? {} : { accountId: role.accountId }),
      ...(role === null || role.deploymentRoleArn === null ? {} : { deploymentRoleArn: role.deploymentRoleArn }),
    });
    const settings = role ?? defaultRole(partition);
    const securityAccount = accountIdVariable(this, config.securityAccountId).stringValue;
    const users = config.users.map(user => iamArn({ partition }, securityAccount, 'user', user.name));
    const made = new BreakGlassRole(this, 'role', {
      name: settings.name,
      userArns: settings.trustedUserArns.length === 0 ? users : settings.trustedUserArns,
      requireMfa: settings.requireMfa,
      maxMfaAgeSeconds: settings.maxMfaAgeSeconds,
      maxSessionSeconds: settings.maxSessionSeconds,
      managedPolicyArns: `toset(${JSON.stringify(settings.managedPolicyArns)})`,
    });
    const account = role?.accountId ?? callerAccountId(this);
    new TerraformOutput(this, 'role_arn', { value: made.arn, description: 'Role to assume in an emergency' });
    new TerraformOutput(this, 'switch_role_url', {
      value: `https://${consoleHost(partition)}/switchrole?account=${account}&roleName=${made.name}`,
      description: 'Link that switches to the role in the console',
    });
  }
}

/** `bg-role` for an account that the configuration doesn't list: the contract's defaults. */
function defaultRole(
  partition: string,
): Pick<
  RoleConfig,
  'name' | 'managedPolicyArns' | 'requireMfa' | 'maxMfaAgeSeconds' | 'maxSessionSeconds' | 'trustedUserArns'
> {
  return {
    name: DEFAULT_NAMES.role,
    managedPolicyArns: [`arn:${partition}:iam::aws:policy/IAMFullAccess`],
    requireMfa: true,
    maxMfaAgeSeconds: 3600,
    maxSessionSeconds: 3600,
    trustedUserArns: [],
  };
}

/** https://docs.aws.amazon.com/general/latest/gr/signin-service.html */
export function consoleHost(partition: string): string {
  if (partition === 'aws-us-gov') return 'signin.amazonaws-us-gov.com';
  if (partition === 'aws-cn') return 'signin.amazonaws.cn';
  return 'signin.aws.amazon.com';
}
