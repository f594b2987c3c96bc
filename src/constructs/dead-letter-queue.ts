import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { DEAD_LETTER_QUEUE } from '../detection/delivery.ts';
import { deadLetterQueuePolicy } from '../policies/queue.ts';
import { ruleArns, type Place } from './place.ts';

/** Seconds: 14 days, the longest that SQS keeps a message. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/**
 * Keeps the events that the region's rules could not deliver. A dead-letter queue must be in the region of its rule.
 *
 * Not encrypted by SQS: "queues encrypted with an AWS owned key" are no targets for EventBridge, and no page says
 * whether that means SSE-SQS; a key of our own in every region would cost more than the rest together.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 */
export class DeadLetterQueue extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { place }: { readonly place: Place }) {
    super(scope, id);
    const arn = `arn:${place.partition}:sqs:${place.region}:${place.accountId}:${DEAD_LETTER_QUEUE}`;
    // The policy comes with the queue: one without it would turn away what it is there for.
    const queue = new SqsQueue(this, 'Default', {
      name: DEAD_LETTER_QUEUE,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: false,
      policy: Fn.jsonencode(deadLetterQueuePolicy(arn, ruleArns(place))),
    });
    this.arn = queue.arn;
    this.name = queue.name;
  }
}
