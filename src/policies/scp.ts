import { policyDocument, type PolicyDocument } from './document.ts';

export interface ProtectedNames {
  readonly partition: string;
  /** Break glass users, wherever they are. */
  readonly userNames: readonly string[];
  /** Break glass roles, wherever they are. */
  readonly roleNames: readonly string[];
  /** Beginning of the forwarding roles' names. */
  readonly forwarderRolePrefix: string;
  /** Beginning of the rules' names. */
  readonly rulePrefix: string;
  readonly topicNames: readonly string[];
  readonly deadLetterQueue: string;
  readonly auditLogGroup: string;
  readonly alarmNames: readonly string[];
  /** Who may change all this: the roles that deploy, with `*` for any account. */
  readonly deployerArns: readonly string[];
}

/**
 * A service control policy that protects users, roles, rules and what keeps alerts, in every account it is attached to.
 * It denies only; nobody gets a right by it. It does not bind the management account, nor the root user's sign-in.
 * Attach it once the deployment works: a policy that names the wrong deployer stops the next one.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html, at most 5,120 characters
 */
export function protectionScp(names: ProtectedNames): PolicyDocument {
  const { partition, deployerArns } = names;
  const butDeployers = { ArnNotLike: { 'aws:PrincipalArn': deployerArns } };
  const iam = (kind: string, name: string) => `arn:${partition}:iam::*:${kind}/${name}`;
  return policyDocument(
    {
      Sid: 'BreakGlassIdentities',
      Effect: 'Deny',
      Action: [
        'iam:Attach*Policy',
        'iam:CreateAccessKey',
        'iam:*LoginProfile',
        'iam:DeactivateMFADevice',
        'iam:Delete*',
        'iam:Detach*Policy',
        'iam:Put*',
        'iam:Update*',
      ],
      Resource: [
        ...names.userNames.map(name => iam('user', name)),
        ...[...names.roleNames, `${names.forwarderRolePrefix}*`].map(name => iam('role', name)),
      ],
      Condition: butDeployers,
    },
    {
      Sid: 'BreakGlassRules',
      Effect: 'Deny',
      Action: [
        'events:DeleteRule',
        'events:DisableRule',
        'events:EnableRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
      ],
      Resource: [`arn:${partition}:events:*:*:rule/${names.rulePrefix}*`],
      Condition: butDeployers,
    },
    {
      Sid: 'BreakGlassAlertPath',
      Effect: 'Deny',
      Action: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DisableAlarmActions',
        'cloudwatch:PutMetricAlarm',
        'logs:Delete*',
        'logs:PutRetentionPolicy',
        'sns:AddPermission',
        'sns:DeleteTopic',
        'sns:RemovePermission',
        'sns:SetTopicAttributes',
        'sqs:DeleteQueue',
        'sqs:PurgeQueue',
        'sqs:SetQueueAttributes',
      ],
      Resource: [
        ...names.alarmNames.map(name => `arn:${partition}:cloudwatch:*:*:alarm:${name}`),
        `arn:${partition}:logs:*:*:log-group:${names.auditLogGroup}*`,
        ...names.topicNames.map(name => `arn:${partition}:sns:*:*:${name}`),
        `arn:${partition}:sqs:*:*:${names.deadLetterQueue}`,
      ],
      Condition: butDeployers,
    },
    {
      Sid: 'TrailsThatFeedIt',
      Effect: 'Deny',
      Action: [
        'cloudtrail:DeleteTrail',
        'cloudtrail:PutEventSelectors',
        'cloudtrail:StopLogging',
        'cloudtrail:UpdateTrail',
      ],
      Resource: '*',
      Condition: butDeployers,
    },
  );
}
