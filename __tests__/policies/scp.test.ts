import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ALARMS, DEAD_LETTER_QUEUE } from '../../src/detection/delivery.ts';
import { RULE_PREFIX } from '../../src/detection/detections.ts';
import { FORWARDER_ROLE_PREFIX } from '../../src/detection/tamper.ts';
import { DEFAULT_NAMES } from '../../src/names.ts';
import { protectionScp } from '../../src/policies/scp.ts';
import { judge } from '../support/judge-policy.ts';
import { policyDocument } from '../../src/policies/document.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/scp-protect-break-glass.json', import.meta.url));
const DEPLOYER = 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole';

const scp = protectionScp({
  partition: 'aws',
  userNames: [DEFAULT_NAMES.user],
  roleNames: [DEFAULT_NAMES.role],
  forwarderRolePrefix: FORWARDER_ROLE_PREFIX,
  rulePrefix: RULE_PREFIX,
  topicNames: [DEFAULT_NAMES.topic],
  deadLetterQueue: DEAD_LETTER_QUEUE,
  auditLogGroup: DEFAULT_NAMES.auditLog,
  alarmNames: Object.values(ALARMS),
  deployerArns: ['arn:aws:iam::*:role/OrganizationAccountAccessRole'],
});

const administrator = policyDocument({ Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' });
const request = (action: string, resource: string, principal = 'arn:aws:iam::111122223333:role/Admin') => ({
  action,
  resource,
  context: { 'aws:PrincipalArn': principal },
});

describe('the service control policy of the examples', () => {
  it('is the one that this project makes', () => {
    expect(JSON.parse(readFileSync(EXAMPLE, 'utf8'))).toEqual(scp);
  });

  it('fits into a policy of Organizations', () => {
    expect(JSON.stringify(scp).length).toBeLessThanOrEqual(5120);
  });

  it.each([
    ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::111122223333:role/BreakGlassRole'],
    ['iam:AttachRolePolicy', 'arn:aws:iam::111122223333:role/BreakGlassRole'],
    ['iam:DeleteRolePolicy', 'arn:aws:iam::111122223333:role/BreakGlassForwarder-eu-west-1'],
    ['iam:DeleteUser', 'arn:aws:iam::111122223333:user/BreakglassUser'],
    ['iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/BreakglassUser'],
    ['events:DisableRule', 'arn:aws:events:eu-west-1:111122223333:rule/capture-breakglass-role-assumed'],
    ['sns:DeleteTopic', 'arn:aws:sns:us-east-1:111122223333:breakglassuser-console-logins'],
    ['sqs:PurgeQueue', 'arn:aws:sqs:us-east-1:111122223333:break-glass-dead-letters'],
    ['logs:DeleteLogGroup', 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/break-glass:*'],
    ['cloudtrail:StopLogging', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/any'],
  ])('denies %s on %s to an administrator, and not to the deployer', (action, resource) => {
    expect(judge([administrator, scp], request(action, resource))).toBe('denied');
    expect(judge([administrator, scp], request(action, resource, DEPLOYER))).toBe('allowed');
  });

  it.each([
    ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::111122223333:role/Other'],
    ['iam:ChangePassword', 'arn:aws:iam::111122223333:user/BreakglassUser'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/BreakGlassRole'],
    ['events:DisableRule', 'arn:aws:events:eu-west-1:111122223333:rule/other'],
    ['sqs:ReceiveMessage', 'arn:aws:sqs:us-east-1:111122223333:break-glass-dead-letters'],
    ['sns:DeleteTopic', 'arn:aws:sns:us-east-1:111122223333:orders'],
    ['cloudtrail:CreateTrail', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/any'],
  ])('leaves %s on %s alone', (action, resource) => {
    expect(judge([administrator, scp], request(action, resource))).toBe('allowed');
  });

  it('gives nobody a right', () => {
    expect(judge([scp], request('events:DisableRule', 'x', DEPLOYER))).toBe('denied');
  });
});
