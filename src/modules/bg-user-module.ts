import type { Construct } from 'constructs';
import { current, ModuleStack } from './module-stack.ts';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { retentionDays } from '../config/rules.ts';
import { BgUser, DEFAULT_NAMES } from '../constructs/bg-user.ts';
import { iamArn } from '../constructs/place.ts';
import { EMAIL_SET, emailAddressVariable, variable } from '../constructs/variables.ts';
import { allMatch, iamNameInput, matches, POLICY_ARN, ROLE_ARN_PATTERN } from './inputs.ts';

/** The security account's primary region, for one user. */
export class BgUserModule extends ModuleStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    emailAddressVariable(this);
    this.httpsEndpointsInput();
    const name = iamNameInput(this, 'user_name', DEFAULT_NAMES.user, 'Name of the break glass user');
    this.permissionsInputs();
    const retention = this.retentionInput();
    const names = this.nameInputs();

    // `id`: provider 5 has no `region`, and in 6 `name` is deprecated.
    const region = current(new DataAwsRegion(this, 'region')).id;
    const place = { partition: this.partition, region, accountId: this.accountId };
    const anyRole = iamArn({ partition: '${data.aws_partition.current.partition}' }, '*', 'role', DEFAULT_NAMES.role);
    const roles = this.local('role_arns', `length(var.role_arns) > 0 ? var.role_arns : tolist(["${anyRole}"])`);
    const made = new BgUser(this, 'Default', {
      place,
      users: [
        {
          id: 'user',
          name: name.stringValue,
          permissions: { iamFullAccessIf: 'var.permissions == "iam-full-access"' },
          permissionsBoundaryArn: '${var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn}',
        },
      ],
      roleArns: roles.asList,
      emails: EMAIL_SET,
      httpsEndpoints: 'toset(var.https_endpoints)',
      auditLogRetentionDays: retention.numberValue,
      names,
    });

    this.output('user_arn', 'Break glass user', made.userArns[0]);
    this.output('user_name', 'Name of the break glass user, for the other modules', name.stringValue);
    this.output('topic_arn', 'Topic of the alerts', made.topic.topicArn);
    this.output('key_arn', 'Key of the topic', made.topic.keyArn);
    this.output('audit_log_group', 'Log group that holds every matched event', made.auditLog.name);
    this.output(
      'rule_arns',
      'Detection rules',
      made.rules.map(rule => rule.arn),
    );
  }

  private httpsEndpointsInput(): void {
    variable(this, 'https_endpoints', {
      type: 'list(string)',
      description: 'https addresses that get the alerts too; they must be known when planning',
      default: [],
      validation: {
        condition: allMatch('var.https_endpoints', '^https://[^@/[:space:]]+(/[^[:space:]]*)?$'),
        errorMessage: 'https_endpoints must hold https:// addresses without user and password.',
      },
    });
  }

  private permissionsInputs(): void {
    variable(this, 'permissions', {
      type: 'string',
      description:
        '"iam-full-access": the user has IAMFullAccess once signed in with MFA. "assume-role-only": nothing but the roles',
      default: 'iam-full-access',
      validation: {
        condition: 'contains(["iam-full-access", "assume-role-only"], var.permissions)',
        errorMessage: 'permissions must be "iam-full-access" or "assume-role-only".',
      },
    });
    // Empty rather than null: cdktf 0.21 can't write a null default.
    variable(this, 'permissions_boundary_arn', {
      type: 'string',
      description: 'Policy that bounds what the user may do; empty for none',
      default: '',
      validation: {
        condition: `var.permissions_boundary_arn == "" || ${matches('var.permissions_boundary_arn', POLICY_ARN)}`,
        errorMessage: 'permissions_boundary_arn must be the ARN of an IAM policy, or empty.',
      },
    });
    variable(this, 'role_arns', {
      type: 'list(string)',
      description: `Roles that the user may assume; empty for ${DEFAULT_NAMES.role} in every account`,
      default: [],
      validation: {
        condition: allMatch('var.role_arns', ROLE_ARN_PATTERN),
        errorMessage: 'role_arns must hold ARNs of IAM roles, such as arn:aws:iam::111122223333:role/BreakGlassRole.',
      },
    });
  }

  private retentionInput() {
    return variable(this, 'audit_log_retention_days', {
      type: 'number',
      description: 'Days to keep the audit log; 0 keeps it for ever',
      default: 365,
      validation: {
        condition: `contains([${retentionDays.join(', ')}], var.audit_log_retention_days)`,
        errorMessage: `audit_log_retention_days must be one of ${retentionDays.join(', ')}.`,
      },
    });
  }

  /** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
  private nameInputs() {
    const topic = variable(this, 'topic_name', {
      type: 'string',
      description: 'Name of the topic',
      default: DEFAULT_NAMES.topic,
      validation: {
        condition: matches('var.topic_name', '^[A-Za-z0-9_-]{1,256}$'),
        errorMessage: "topic_name must be 1 to 256 letters, digits, _ or -; a FIFO topic can't send e-mail.",
      },
    });
    const keyAlias = variable(this, 'key_alias', {
      type: 'string',
      description: "Alias of the topic's key",
      default: DEFAULT_NAMES.keyAlias,
      validation: {
        condition: `${matches('var.key_alias', '^alias/[A-Za-z0-9/_-]{1,250}$')} && !startswith(var.key_alias, "alias/aws/")`,
        errorMessage: 'key_alias must be alias/ and letters, digits, /, _ or -, and not begin with alias/aws/.',
      },
    });
    const auditLog = variable(this, 'audit_log_group_name', {
      type: 'string',
      description: 'Name of the log group that holds every matched event',
      default: DEFAULT_NAMES.auditLog,
      validation: {
        // EventBridge writes to log groups below this name only.
        condition: matches('var.audit_log_group_name', '^/aws/events/[A-Za-z0-9_/.#-]{1,500}$'),
        errorMessage: 'audit_log_group_name must begin with /aws/events/, then letters, digits or any of _/.#-.',
      },
    });
    const assumeRolePolicy = iamNameInput(
      this,
      'assume_role_policy_name',
      DEFAULT_NAMES.assumeRolePolicy,
      'Name of the policy with the roles that the user may assume',
      128,
    );
    return {
      topic: topic.stringValue,
      keyAlias: keyAlias.stringValue,
      auditLog: auditLog.stringValue,
      assumeRolePolicy: assumeRolePolicy.stringValue,
    };
  }
}
