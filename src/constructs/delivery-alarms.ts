import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { ALARMS } from '../detection/delivery.ts';

export interface DeliveryAlarmsProps {
  readonly queueName: string;
  /** Rules whose failures are counted, at most 10: each costs as much as an alarm. */
  readonly ruleNames: readonly string[];
  /** @default - no topic in this region */
  readonly topicName?: string;
}

/** Seconds. */
const PERIOD = 60;

/** More than nothing, in any minute; no data is the good case, as AWS sends these metrics only when they are not zero. */
const MORE_THAN_NOTHING = {
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 0,
  evaluationPeriods: 1,
  treatMissingData: 'notBreaching',
};

/**
 * Says that alerts are being lost. The alarms have no actions: CloudWatch could only tell a topic of the same region.
 * A rule sees their events and takes them to people by every path there is.
 *
 * Metrics: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export class DeliveryAlarms extends Construct {
  constructor(scope: Construct, id: string, { queueName, ruleNames, topicName }: DeliveryAlarmsProps) {
    super(scope, id);
    new CloudwatchMetricAlarm(this, 'dead-letters', {
      alarmName: ALARMS.deadLetters,
      alarmDescription: 'Events that the break glass monitoring could not deliver wait in the dead-letter queue',
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queueName },
      statistic: 'Maximum',
      period: PERIOD,
      ...MORE_THAN_NOTHING,
    });
    new CloudwatchMetricAlarm(this, 'failed-invocations', {
      alarmName: ALARMS.failedInvocations,
      alarmDescription: 'Rules of the break glass monitoring fail, and their dead-letter queue may not get the events',
      metricQuery: [
        ...ruleNames.map((name, index) => ({
          id: `m${index + 1}`,
          metric: {
            namespace: 'AWS/Events',
            metricName: 'FailedInvocations',
            dimensions: { RuleName: name },
            stat: 'Sum',
            period: PERIOD,
          },
        })),
        { id: 'failed', expression: 'SUM(FILL(METRICS(), 0))', label: 'Failed invocations', returnData: true },
      ],
      ...MORE_THAN_NOTHING,
    });
    if (topicName !== undefined) {
      new CloudwatchMetricAlarm(this, 'undelivered-notifications', {
        alarmName: ALARMS.undeliveredNotifications,
        alarmDescription: 'The topic of the break glass alerts could not deliver to a subscriber',
        namespace: 'AWS/SNS',
        metricName: 'NumberOfNotificationsFailed',
        dimensions: { TopicName: topicName },
        statistic: 'Sum',
        period: PERIOD,
        ...MORE_THAN_NOTHING,
      });
    }
  }
}
