import { describe, expect, it } from '@jest/globals';
import { userDetections } from '../../src/detection/detections.ts';
import { MAX_PATTERN_LENGTH } from '../../src/detection/patterns.ts';
import { innocentRecords, recordsOf, SECURITY_ACCOUNT, USER, type TrailRecord } from '../fixtures/records.ts';
import { matches } from '../support/match-pattern.ts';

const arn = (name: string) => `arn:aws:iam::${SECURITY_ACCOUNT}:user/${name}`;
const detections = userDetections({ names: [USER, 'SecondUser'], arns: [arn(USER), arn('SecondUser')] });

function seenBy(record: TrailRecord): string[] {
  const event = { source: record.source, 'detail-type': record.detailType, detail: record.detail };
  return detections.filter(detection => matches(detection.pattern, event)).map(detection => detection.id);
}

const EXPECTED: Record<string, string> = {
  'login with MFA': 'sign-in',
  'login under the other spelling of the detail-type': 'sign-in',
  'failed login, which has no arn': 'sign-in',
  'SwitchRole, named by SwitchFrom only': 'switch-role',
  'console switch into another account, as the own account sees it': 'assume-role',
  'AssumeRole in the same account over the global endpoint': 'assume-role',
  'denied AssumeRole, which has no responseElements and no resources': 'assume-role',
  'aws login': 'aws-login',
};

describe('patterns of the break glass users', () => {
  it.each([USER, 'SecondUser'])('see every record of %s, each by exactly one rule', user => {
    const seen = Object.fromEntries(recordsOf(user).map(record => [record.name, seenBy(record)]));
    expect(seen).toEqual(Object.fromEntries(Object.entries(EXPECTED).map(([name, id]) => [name, [id]])));
  });

  it.each(innocentRecords().map(record => [record.name, record] as const))('stay silent at: %s', (_name, record) => {
    expect(seenBy(record)).toEqual([]);
  });

  it.each([
    ['CheckMfa', USER, 'sign-in'],
    ['GetSigninToken', USER, 'sign-in'],
    ['AuthorizeOAuth2Access', USER, 'aws-login'],
    ['ConsoleLogin', 'HIDDEN_DUE_TO_SECURITY_REASONS', 'unknown-user'],
    ['CheckMfa', 'HIDDEN_DUE_TO_SECURITY_REASONS', 'unknown-user'],
  ])('see %s of %s', (eventName, userName, id) => {
    const detail = { eventName, userIdentity: { userName } };
    expect(seenBy({ name: '', source: 'aws.signin', detailType: 'AWS API Call via CloudTrail', detail })).toEqual([id]);
  });

  it.each(['GetSessionToken', 'GetFederationToken'])('see %s', eventName => {
    const detail = { eventName, userIdentity: { userName: USER } };
    expect(seenBy({ name: '', source: 'aws.sts', detailType: 'AWS API Call via CloudTrail', detail })).toEqual([
      'assume-role',
    ]);
  });

  it('leave room below the quota of EventBridge for ten users with the longest names', () => {
    const names = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(64));
    for (const { pattern } of userDetections({ names, arns: names.map(arn) })) {
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH);
    }
  });

  it('bear the rule names of the contract', () => {
    expect(detections.map(detection => detection.ruleName)).toEqual([
      'capture-breakglass-user-sign-in',
      'capture-breakglass-user-aws-login',
      'capture-breakglass-unknown-user-sign-in',
      'capture-breakglass-user-switch-role',
      'capture-breakglass-user-assume-role',
    ]);
  });
});
