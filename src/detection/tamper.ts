import { tamperAlert, type AlertContext } from './alerts.ts';
import { ALARMS, DEAD_LETTER_QUEUE } from './delivery.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';
import { API_CALL, NOT_ROOT_ITSELF, type EventPattern } from './patterns.ts';

/**
 * Changes to the monitoring itself. The list of calls is that of CIS and Security Hub, and what else can silence a rule.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 *
 * A denied call often has no request parameters; then nobody can say whose resource was meant, and no rule sees it.
 */
export interface TamperWatch {
  /** Whether the root user has a rule of its own, which then tells root's tampering. */
  readonly rootIsWatched: boolean;
}

/** Statement ids in the bus's policy that are ours begin with this. */
export const BUS_STATEMENT_PREFIX = 'break-glass-';

/** Roles of forwarding rules begin with this. */
export const FORWARDER_ROLE_PREFIX = 'BreakGlassForwarder-';

interface Tampering {
  readonly id: string;
  readonly what: string;
  readonly pattern: EventPattern;
}

function detection({ id, what, pattern }: Tampering): Detection {
  return {
    id,
    ruleName: `${RULE_PREFIX}${id}`,
    description: `Somebody changes ${what}`,
    pattern,
    alert: (context: AlertContext) => tamperAlert(what, context),
  };
}

function apiCall({ rootIsWatched }: TamperWatch, source: readonly string[], detail: object): EventPattern {
  const identity = rootIsWatched ? { userIdentity: NOT_ROOT_ITSELF } : {};
  return { source, 'detail-type': [API_CALL], detail: { ...detail, ...identity } };
}

/** Our rules and targets, and what lets other accounts onto the bus. Everywhere. */
export function eventsTampering(watch: TamperWatch): Detection {
  return detection({
    id: 'tamper-events',
    what: 'a rule of the monitoring or the policy of its event bus',
    pattern: apiCall(watch, ['aws.events'], {
      eventName: [
        'DisableRule',
        'EnableRule',
        'DeleteRule',
        'PutRule',
        'RemoveTargets',
        'PutTargets',
        'PutPermission',
        'RemovePermission',
      ],
      $or: [
        { requestParameters: { name: [{ prefix: RULE_PREFIX }] } },
        { requestParameters: { rule: [{ prefix: RULE_PREFIX }] } },
        { requestParameters: { statementId: [{ prefix: BUS_STATEMENT_PREFIX }] } },
        // These replace or empty the whole policy, ours included.
        { requestParameters: { removeAllPermissions: [true], eventBusName: DEFAULT_BUS } },
        { requestParameters: { policy: [{ exists: true }], eventBusName: DEFAULT_BUS } },
      ],
    }),
  });
}

const DEFAULT_BUS = [{ exists: false }, 'default', { suffix: ':event-bus/default' }];

/** What keeps and reports undelivered alerts. Everywhere. A queue's host name may be spelled in several ways. */
export function deadLetterTampering(watch: TamperWatch): Detection {
  const alarms = Object.values(ALARMS);
  return detection({
    id: 'tamper-dead-letters',
    what: 'the dead-letter queue or an alarm of the monitoring',
    pattern: apiCall(watch, ['aws.sqs', 'aws.monitoring'], {
      eventName: [
        'DeleteQueue',
        'SetQueueAttributes',
        'PurgeQueue',
        'AddPermission',
        'RemovePermission',
        'DeleteAlarms',
        'DisableAlarmActions',
        'PutMetricAlarm',
        'SetAlarmState',
      ],
      $or: [
        { requestParameters: { queueUrl: [{ suffix: `/${DEAD_LETTER_QUEUE}` }] } },
        { requestParameters: { alarmNames: alarms } },
        { requestParameters: { alarmName: alarms } },
      ],
    }),
  });
}

/** Any trail: without one EventBridge gets nothing. A trail is changed in its home region, so everywhere. */
export function trailTampering(watch: TamperWatch): Detection {
  return detection({
    id: 'tamper-trail',
    what: 'a CloudTrail trail, without which nothing is seen',
    pattern: apiCall(watch, ['aws.cloudtrail'], {
      eventName: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'],
    }),
  });
}

export interface AlertPathResources {
  /** Topics of both paths. */
  readonly topicArns: readonly string[];
  /** The key of this path, as its id and as its ARN: callers may use either. */
  readonly keys: readonly string[];
  readonly keyAlias: string;
  readonly logGroup: string;
  readonly logPolicy: string;
}

const KEY_CALLS = ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation'];

/** The topic, its subscriptions, its key, and the audit log. Where there is a topic. */
export function alertPathTampering(watch: TamperWatch, path: AlertPathResources): Detection {
  const alias = { requestParameters: { aliasName: [path.keyAlias] } };
  return detection({
    id: 'tamper-alert-path',
    what: 'the topic, a subscription, the key or the audit log of the alerts',
    pattern: apiCall(watch, ['aws.sns', 'aws.kms', 'aws.logs'], {
      eventName: [
        ...['DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'],
        ...['Subscribe', 'Unsubscribe', 'SetSubscriptionAttributes', 'PutDataProtectionPolicy'],
        ...[...KEY_CALLS, 'UpdateAlias', 'DeleteAlias'],
        ...['DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
        ...['PutResourcePolicy', 'DeleteResourcePolicy', 'AssociateKmsKey', 'DisassociateKmsKey'],
      ],
      $or: [
        { requestParameters: { topicArn: path.topicArns } },
        { requestParameters: { subscriptionArn: path.topicArns.map(arn => ({ prefix: `${arn}:` })) } },
        { requestParameters: { keyId: path.keys } },
        alias,
        { requestParameters: { logGroupName: [path.logGroup] } },
        { requestParameters: { policyName: [path.logPolicy] } },
      ],
    }),
  });
}

/**
 * The key of the other path, of which only its own region knows the id: that region's rule has already chosen the event,
 * and nothing else of KMS comes from there.
 */
export function otherKeyTampering(watch: TamperWatch, otherRegion: string): Detection {
  const { pattern, ...rest } = detection({
    id: 'tamper-other-key',
    what: "the key of the other alert path's topic",
    pattern: apiCall(watch, ['aws.kms'], { eventName: KEY_CALLS }),
  });
  return { ...rest, pattern: { region: [otherRegion], ...pattern } };
}

export interface WatchedIdentities {
  readonly userNames: readonly string[];
  /** Roles of the security account that are ours, beside the forwarders. */
  readonly roleNames: readonly string[];
  /** Policies that the users depend on: the one with their roles, and their boundaries. */
  readonly policyArns: readonly string[];
}

/** Calls that, without a user name, change the caller's own credentials. */
const OWN_CREDENTIALS = [
  'ChangePassword',
  'CreateLoginProfile',
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'EnableMFADevice',
  'DeactivateMFADevice',
  'ResyncMFADevice',
  'UploadSigningCertificate',
  'UploadSSHPublicKey',
  'CreateServiceSpecificCredential',
  'ResetServiceSpecificCredential',
];

/**
 * Users, their credentials, devices, policies, boundary and name; the roles and policies they depend on. IAM is recorded
 * in one region of the partition only. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
 */
export function iamTampering(watch: TamperWatch, identities: WatchedIdentities): readonly Detection[] {
  const { userNames, roleNames, policyArns } = identities;
  return [
    detection({
      id: 'tamper-users',
      what: 'a break glass user: its credentials, MFA devices, policies, boundary or name',
      // Every write, so that no call is forgotten that IAM may get in the future.
      pattern: apiCall(watch, ['aws.iam'], { readOnly: [false], requestParameters: { userName: userNames } }),
    }),
    detection({
      id: 'tamper-own-credentials',
      what: 'the own credentials, as a break glass user',
      pattern: {
        source: ['aws.iam'],
        'detail-type': [API_CALL],
        detail: {
          eventName: OWN_CREDENTIALS,
          userIdentity: { userName: userNames },
          requestParameters: { userName: [{ exists: false }] },
        },
      },
    }),
    detection({
      id: 'tamper-roles',
      what: 'a role or policy of the break glass access',
      pattern: apiCall(watch, ['aws.iam'], {
        readOnly: [false],
        requestParameters: {
          userName: [{ exists: false }],
          $or: [{ roleName: [{ prefix: FORWARDER_ROLE_PREFIX }, ...roleNames] }, { policyArn: policyArns }],
        },
      }),
    }),
  ];
}
