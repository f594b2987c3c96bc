import { denyWithoutTls, EVENTBRIDGE, policyDocument, type PolicyDocument } from './document.ts';

/**
 * Key of the topic. EventBridge's statement bears no source condition: "Adding aws:SourceAccount, aws:SourceArn, and
 * aws:SourceOrgID to a KMS policy is not supported for EventBridge-to-encrypted topics"; with one, alerts are lost.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 *
 * @param accountRootArn such as `arn:aws:iam::123456789012:root`: without it nobody could ever change the key again
 */
export function alertKeyPolicy(accountRootArn: string): PolicyDocument {
  return policyDocument(
    {
      Sid: 'AccountAdministration',
      Effect: 'Allow',
      Principal: { AWS: accountRootArn },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'EventBridgeToEncryptedTopic',
      Effect: 'Allow',
      Principal: { Service: EVENTBRIDGE },
      Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      Resource: '*',
    },
  );
}

/**
 * The topic lets EventBridge publish, and nobody without TLS. AWS's pages disagree on whether a condition is allowed here, so it is a switch,
 * off by default: turn it on only with a live test alert at hand.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 *
 * @param sourceAccount when given, publishing is limited to rules of this account
 */
export function alertTopicPolicy(topicArn: string, sourceAccount?: string): PolicyDocument {
  return policyDocument(
    {
      Sid: 'EventBridgePublishes',
      Effect: 'Allow',
      Principal: { Service: EVENTBRIDGE },
      Action: 'sns:Publish',
      Resource: topicArn,
      ...(sourceAccount === undefined ? {} : { Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } } }),
    },
    denyWithoutTls('sns:Publish', topicArn),
  );
}

/**
 * CloudWatch Logs takes events from EventBridge by a resource policy, not by a role.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 *
 * @param logGroupArn ARN without the trailing `:*`
 */
export function auditLogPolicy(logGroupArn: string): PolicyDocument {
  return policyDocument({
    Sid: 'EventBridgeWritesAuditLog',
    Effect: 'Allow',
    Principal: { Service: [EVENTBRIDGE, 'delivery.logs.amazonaws.com'] },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${logGroupArn}:*`,
  });
}
