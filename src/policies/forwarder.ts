import { EVENTBRIDGE, policyDocument, type PolicyDocument } from './document.ts';

/**
 * Who may take the forwarding role: EventBridge, for our rules of this account and region only.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 *
 * @param ruleArnPattern such as `arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-*`
 */
export function forwarderTrustPolicy(accountId: string, ruleArnPattern: string): PolicyDocument {
  return policyDocument({
    Sid: 'EventBridgeForOurRules',
    Effect: 'Allow',
    Principal: { Service: EVENTBRIDGE },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnLike: { 'aws:SourceArn': ruleArnPattern },
    },
  });
}

/** May put events on these buses and nothing else. */
export function forwarderPolicy(busArns: readonly string[]): PolicyDocument {
  return policyDocument({ Sid: 'ForwardToPrimary', Effect: 'Allow', Action: ['events:PutEvents'], Resource: busArns });
}
