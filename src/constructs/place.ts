import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import type { Construct } from 'constructs';

export { defaultBusArn, iamArn, ruleArns, topicArn, type Place } from '../policies/arns.ts';

/** The account whose credentials terraform uses. */
export function callerAccountId(scope: Construct): string {
  return new DataAwsCallerIdentity(scope, 'current').accountId;
}
