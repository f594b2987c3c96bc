import { rootAlert } from './alerts.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';

/**
 * The root user at work: every sign-in event (password recovery included), every call that changes something, and every
 * call by a long-term key, which begins with AKIA. What a signed-in root only looks at stays silent: one page of the
 * console makes dozens of such calls, and SNS suspends a mailbox that gets more than ten messages a second.
 *
 * `invokedBy` and `AwsServiceEvent` are what services do in root's name; CIS leaves them out too.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-1,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export function rootDetections(): readonly Detection[] {
  return [
    {
      id: 'root-user',
      ruleName: `${RULE_PREFIX}root-user`,
      description: 'The root user signs in, changes something, or uses an access key',
      pattern: {
        detail: {
          userIdentity: { type: ['Root'], invokedBy: [{ exists: false }] },
          eventType: [{ 'anything-but': ['AwsServiceEvent'] }],
          $or: [
            { eventSource: ['signin.amazonaws.com'] },
            { readOnly: [false] },
            { userIdentity: { accessKeyId: [{ prefix: 'AKIA' }] } },
          ],
        },
      },
      alert: rootAlert,
    },
  ];
}
