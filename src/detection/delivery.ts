import { deliveryAlert } from './alerts.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';

/** Queue that keeps what EventBridge could not deliver, one per region. */
export const DEAD_LETTER_QUEUE = 'break-glass-dead-letters';

/** Alarms of a region. Matched by their exact names: others may call theirs whatever they like, quotes included. */
export const ALARMS = {
  deadLetters: 'break-glass-dead-letters',
  failedInvocations: 'break-glass-failed-invocations',
  undeliveredNotifications: 'break-glass-undelivered-notifications',
} as const;

/**
 * One of our alarms went off: an alert was on its way and did not arrive. CloudWatch tells only topics of its own
 * region, but sends this event to EventBridge whatever the alarm's actions are.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function deliveryDetections(): readonly Detection[] {
  return [
    {
      id: 'delivery-alarm',
      ruleName: `${RULE_PREFIX}delivery-alarm`,
      description: 'An alert could not be delivered',
      pattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: Object.values(ALARMS), state: { value: ['ALARM'] } },
      },
      alert: deliveryAlert,
    },
  ];
}
