import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { Construct } from 'constructs';
import { Fn } from '../cdktf.ts';
import { alertKeyPolicy, alertTopicPolicy } from '../policies/alert-path.ts';
import type { Place } from './place.ts';

export interface AlertTopicProps {
  readonly place: Place;
  /** Topic name, 1-256 characters. */
  readonly name: string;
  /** Key alias with its `alias/` prefix. */
  readonly keyAlias: string;
  /**
   * Lets only rules of this account publish. AWS's pages disagree on whether alerts still arrive then: turn it on with a
   * live test alert at hand. @default false
   */
  readonly onlyFromOwnAccount?: boolean;
  /** A second topic under the same key, for chat. @default - none */
  readonly chatName?: string | undefined;
}

/**
 * The encrypted topic that tells people. The key is customer managed, because EventBridge can't be let into
 * `alias/aws/sns`. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class AlertTopic extends Construct {
  readonly topicArn: string;
  readonly keyArn: string;
  readonly keyId: string;
  /** @default - there is none */
  readonly chat?: { readonly topicArn: string; readonly policy: SnsTopicPolicy };
  /** What a rule's target must wait for: a topic whose policy is not there yet loses alerts. */
  readonly policy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { partition, accountId } = props.place;
    const key = new KmsKey(this, 'key', {
      description: 'Encrypts break glass alerts',
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: Fn.jsonencode(alertKeyPolicy(`arn:${partition}:iam::${accountId}:root`)),
    });
    new KmsAlias(this, 'alias', { name: props.keyAlias, targetKeyId: key.keyId });
    const sourceAccount = props.onlyFromOwnAccount ? accountId : undefined;
    const topic = new SnsTopic(this, 'Default', { name: props.name, kmsMasterKeyId: key.arn });
    this.policy = new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: Fn.jsonencode(alertTopicPolicy(topic.arn, sourceAccount)),
    });
    this.topicArn = topic.arn;
    this.keyArn = key.arn;
    this.keyId = key.keyId;
    if (props.chatName !== undefined) {
      const chat = new SnsTopic(this, 'chat', { name: props.chatName, kmsMasterKeyId: key.arn });
      const policy = new SnsTopicPolicy(this, 'chat-policy', {
        arn: chat.arn,
        policy: Fn.jsonencode(alertTopicPolicy(chat.arn, sourceAccount)),
      });
      this.chat = { topicArn: chat.arn, policy };
    }
  }
}
