import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';

export interface AlertSubscriptionsProps {
  readonly topicArn: string;
  /** Terraform expression of a set of e-mail addresses. */
  readonly emails: string;
  /** Terraform expression of a list of https addresses. */
  readonly httpsEndpoints: string;
}

/**
 * Who is told. Terraform repeats both resources, so that the addresses stay values: a plan names exactly the address
 * that comes or goes. An https address often bears a secret, so its key is a hash and no log line shows it.
 */
export class AlertSubscriptions extends Construct {
  constructor(scope: Construct, id: string, props: AlertSubscriptionsProps) {
    super(scope, id);
    const email = new SnsTopicSubscription(this, 'email', {
      topicArn: props.topicArn,
      protocol: 'email',
      endpoint: '${each.value}',
    });
    email.addOverride('for_each', `\${${props.emails}}`);
    const https = new SnsTopicSubscription(this, 'https', {
      topicArn: props.topicArn,
      protocol: 'https',
      endpoint: '${each.value}',
      // The alert itself, not wrapped in SNS's JSON: what pagers and chat hooks can show.
      // https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
      rawMessageDelivery: true,
    });
    https.addOverride('for_each', `\${{ for url in ${props.httpsEndpoints} : substr(sha256(url), 0, 8) => url }}`);
  }
}
