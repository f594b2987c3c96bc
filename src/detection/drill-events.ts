/** Events that look like a break glass user at work, for drills. Pure; shapes as in the tests' records. */

export interface DrillEvent {
  readonly act: 'sign-in' | 'switch-role' | 'assume-role';
  readonly region: string;
  /** Bears the region and the act, so that the alert tells which event it is about. */
  readonly eventId: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface DrillSubject {
  readonly partition: string;
  readonly accountId: string;
  readonly userName: string;
  readonly roleName: string;
}

/** One event per detection, as the region would record it. @param drillId makes the event ids unique among drills */
export function drillEvents(subject: DrillSubject, region: string, drillId: string): readonly DrillEvent[] {
  const { partition, accountId, userName, roleName } = subject;
  const userArn = `arn:${partition}:iam::${accountId}:user/${userName}`;
  const roleArn = `arn:${partition}:iam::${accountId}:role/${roleName}`;
  const iamUser = { type: 'IAMUser', principalId: 'AIDADRILL', arn: userArn, accountId, userName };
  const event = (
    act: DrillEvent['act'],
    service: 'signin' | 'sts',
    detailType: string,
    detail: Record<string, unknown>,
  ): DrillEvent => {
    const eventId = `drill-${drillId}-${region}-${act}`;
    const common = {
      awsRegion: region,
      eventSource: `${service}.amazonaws.com`,
      eventID: eventId,
      managementEvent: true,
    };
    return { act, region, eventId, source: `aws.${service}`, detailType, detail: { ...common, ...detail } };
  };
  return [
    event('sign-in', 'signin', 'AWS Console Sign In via CloudTrail', {
      userIdentity: iamUser,
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
      sourceIPAddress: '192.0.2.1',
      responseElements: { ConsoleLogin: 'Success' },
      additionalEventData: { MobileVersion: 'No', MFAUsed: 'Yes' },
      readOnly: false,
    }),
    event('switch-role', 'signin', 'AWS Console Sign In via CloudTrail', {
      userIdentity: {
        type: 'AssumedRole',
        principalId: `AROADRILL:${userName}`,
        arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${userName}`,
        accountId,
      },
      eventName: 'SwitchRole',
      eventType: 'AwsConsoleSignIn',
      sourceIPAddress: '192.0.2.1',
      responseElements: { SwitchRole: 'Success' },
      additionalEventData: { SwitchFrom: userArn },
      readOnly: false,
    }),
    event('assume-role', 'sts', 'AWS API Call via CloudTrail', {
      userIdentity: { ...iamUser, sessionContext: { attributes: { mfaAuthenticated: 'true' } } },
      eventName: 'AssumeRole',
      eventType: 'AwsApiCall',
      sourceIPAddress: 'AWS Internal',
      requestParameters: { roleArn, roleSessionName: userName },
      resources: [{ ARN: roleArn, accountId, type: 'AWS::IAM::Role' }],
      readOnly: true,
    }),
  ];
}
