import { RULE_PREFIX } from '../detection/detection.ts';

/** Where a stack's resources live: literals where synthesis knows them, Terraform references where only AWS does. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
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

/** ARN of a customer managed policy. */
export function policyArn(place: Pick<Place, 'partition' | 'accountId'>, name: string): string {
  return `arn:${place.partition}:iam::${place.accountId}:policy/${name}`;
}

/** ARN of the default bus, where CloudTrail's events arrive. */
export function defaultBusArn(place: Place): string {
  return `arn:${place.partition}:events:${place.region}:${place.accountId}:event-bus/default`;
}

/** ARN of a topic by its name, where it is needed before or without the topic. */
export function topicArn(place: Place, name: string): string {
  return `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`;
}

/** ARN pattern of all our rules in one account and region. */
export function ruleArns(place: Place): string {
  return `arn:${place.partition}:events:${place.region}:${place.accountId}:rule/${RULE_PREFIX}*`;
}
