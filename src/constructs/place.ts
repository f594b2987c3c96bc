import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import type { Construct } from 'constructs';

/** Where a stack's resources live: literals where synthesis knows them, Terraform references where only AWS does. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The account whose credentials terraform uses. */
export function callerAccountId(scope: Construct): string {
  return new DataAwsCallerIdentity(scope, 'current').accountId;
}

/** ARN of an IAM user or role; IAM is global, so it bears no region. */
export function iamArn(
  place: Pick<Place, 'partition'>,
  accountId: string,
  kind: 'user' | 'role',
  name: string,
): string {
  return `arn:${place.partition}:iam::${accountId}:${kind}/${name}`;
}

/** ARN of the default bus, where CloudTrail's events arrive. */
export function defaultBusArn(place: Place): string {
  return `arn:${place.partition}:events:${place.region}:${place.accountId}:event-bus/default`;
}
