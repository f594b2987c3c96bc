import type { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { BreakGlassRole } from '../constructs/break-glass-role.ts';
import { DEFAULT_NAMES } from '../constructs/bg-user.ts';
import { iamArn } from '../constructs/place.ts';
import { accountIdVariable, variable } from '../constructs/variables.ts';
import { consoleHost } from '../stacks/bg-role-stack.ts';
import { allMatch, iamNameInput, POLICY_ARN, USER_ARN, userNamesInput, wholeNumber } from './inputs.ts';
import { ModuleStack } from './module-stack.ts';

const PARTITION = '${data.aws_partition.current.partition}';

/** The role in the account of the caller's provider. */
export class BgRoleModule extends ModuleStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    accountIdVariable(this, null);
    userNamesInput(this, 'Break glass users of the security account whom the role trusts');
    this.trustedUsersInput();
    const name = iamNameInput(this, 'role_name', DEFAULT_NAMES.role, 'Name of the role');
    this.policiesInput();
    const trust = this.mfaInputs();
    const maxSession = this.secondsInput('max_session_seconds', 'Longest session', 3600, 43_200);

    const userArn = iamArn({ partition: PARTITION }, '${var.AccountID}', 'user', '${name}');
    const users = this.local(
      'user_arns',
      `length(var.trusted_user_arns) > 0 ? var.trusted_user_arns : [for name in var.user_names : "${userArn}"]`,
    );
    const role = new BreakGlassRole(this, 'role', {
      name: name.stringValue,
      userArns: users.asList,
      ...trust,
      maxSessionSeconds: maxSession.numberValue,
      managedPolicyArns: 'var.managed_policy_arns',
    });

    const hosts = ['aws-us-gov', 'aws-cn'].map(partition => `"${partition}" = "${consoleHost(partition)}"`);
    const host = this.local(
      'console_host',
      `lookup({ ${hosts.join(', ')} }, data.aws_partition.current.partition, "${consoleHost('aws')}")`,
    );
    this.output('role_arn', 'Role to assume in an emergency', role.arn);
    this.output('role_name', 'Name of the role', role.name);
    this.output(
      'switch_role_url',
      'Link that switches to the role in the console',
      `https://${host.asString}/switchrole?account=${this.accountId}&roleName=${role.name}`,
    );
  }

  private trustedUsersInput(): void {
    variable(this, 'trusted_user_arns', {
      type: 'list(string)',
      description: 'Users whom the role trusts instead, where their ARNs are not those of AccountID and user_names',
      default: [],
      validation: {
        condition: allMatch('var.trusted_user_arns', USER_ARN),
        errorMessage: 'trusted_user_arns must hold ARNs of IAM users, such as arn:aws:iam::111122223333:user/ana.',
      },
    });
  }

  private policiesInput(): void {
    variable(this, 'managed_policy_arns', {
      type: 'set(string)',
      // They are keys of for_each.
      description: 'What the role may do: at most 10 policies, their ARNs known when planning',
      default: ['arn:aws:iam::aws:policy/IAMFullAccess'],
      validation: {
        condition: `length(var.managed_policy_arns) <= 10 && ${allMatch('var.managed_policy_arns', POLICY_ARN)}`,
        errorMessage:
          'managed_policy_arns must hold at most 10 ARNs of IAM policies, such as arn:aws:iam::aws:policy/ReadOnlyAccess.',
      },
    });
  }

  private mfaInputs() {
    const requireMfa = variable(this, 'require_mfa', {
      type: 'bool',
      description: 'Whether only users who signed in with MFA may assume the role',
      default: true,
    });
    const age = this.secondsInput(
      'max_mfa_age_seconds',
      'Age of the MFA sign-in after which a new one is asked for',
      60,
      129_600,
    );
    return { requireMfa: requireMfa.booleanValue, maxMfaAgeSeconds: Fn.tostring(age.value) };
  }

  private secondsInput(name: string, what: string, min: number, max: number) {
    return variable(this, name, {
      type: 'number',
      description: `${what}, in seconds, ${min} to ${max}`,
      default: 3600,
      validation: {
        condition: wholeNumber(`var.${name}`, min, max),
        errorMessage: `${name} must be a whole number of seconds from ${min} to ${max}.`,
      },
    });
  }
}
