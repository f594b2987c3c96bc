import { denyWithoutTls, EVENTBRIDGE, policyDocument, type PolicyDocument } from './document.ts';

/**
 * The dead-letter queue takes messages from EventBridge for our rules of this account and region, and from nobody else.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 *
 * @param ruleArnPattern such as `arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-*`
 */
export function deadLetterQueuePolicy(queueArn: string, ruleArnPattern: string): PolicyDocument {
  return policyDocument(
    {
      Sid: 'EventBridgeKeepsWhatOurRulesCouldNotDeliver',
      Effect: 'Allow',
      Principal: { Service: EVENTBRIDGE },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnLike: { 'aws:SourceArn': ruleArnPattern } },
    },
    denyWithoutTls('sqs:*', queueArn),
  );
}
