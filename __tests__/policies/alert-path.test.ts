import { describe, expect, it } from '@jest/globals';
import { alertKeyPolicy, alertTopicPolicy, auditLogPolicy } from '../../src/policies/alert-path.ts';
import { busPermission } from '../../src/policies/bus.ts';
import { policyDocument } from '../../src/policies/document.ts';
import { deadLetterQueuePolicy } from '../../src/policies/queue.ts';
import { forwarderPolicy, forwarderTrustPolicy } from '../../src/policies/forwarder.ts';
import { judge } from '../support/judge-policy.ts';

const EVENTS = 'events.amazonaws.com';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:breakglassuser-console-logins';
const GROUP = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/break-glass';
const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/default';

describe('the key', () => {
  const policy = alertKeyPolicy('arn:aws:iam::123456789012:root');

  it.each(['kms:GenerateDataKey', 'kms:Decrypt'])('lets EventBridge %s, whatever it says of its source', action => {
    expect(judge([policy], { action, resource: 'key', principal: EVENTS })).toBe('allowed');
  });

  it('gives EventBridge nothing else and other services nothing', () => {
    expect(judge([policy], { action: 'kms:ScheduleKeyDeletion', resource: 'key', principal: EVENTS })).toBe('denied');
    expect(judge([policy], { action: 'kms:Decrypt', resource: 'key', principal: 's3.amazonaws.com' })).toBe('denied');
  });

  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: with a source condition alerts are lost.
  it('has no condition on EventBridge', () => {
    expect(policy.Statement.filter(statement => statement.Condition)).toEqual([]);
  });
});

describe('the topic', () => {
  const publish = { action: 'sns:Publish', resource: TOPIC };

  it('lets EventBridge publish and nobody else', () => {
    expect(judge([alertTopicPolicy(TOPIC)], { ...publish, principal: EVENTS })).toBe('allowed');
    expect(judge([alertTopicPolicy(TOPIC)], { ...publish, principal: 'lambda.amazonaws.com' })).toBe('denied');
    expect(judge([alertTopicPolicy(TOPIC)], { ...publish, principal: EVENTS, action: 'sns:DeleteTopic' })).toBe(
      'denied',
    );
  });

  it('takes nothing without TLS', () => {
    const plain = { ...publish, principal: EVENTS, context: { 'aws:SecureTransport': 'false' } };
    expect(judge([alertTopicPolicy(TOPIC)], plain)).toBe('denied');
    expect(judge([alertTopicPolicy(TOPIC)], { ...plain, context: { 'aws:SecureTransport': 'true' } })).toBe('allowed');
  });

  it('asks for the source account only when the switch is on', () => {
    const policy = alertTopicPolicy(TOPIC, '123456789012');
    const context = { 'aws:SourceAccount': '123456789012' };
    expect(judge([policy], { ...publish, principal: EVENTS, context })).toBe('allowed');
    expect(judge([policy], { ...publish, principal: EVENTS, context: { 'aws:SourceAccount': '999999999999' } })).toBe(
      'denied',
    );
    expect(judge([policy], { ...publish, principal: EVENTS })).toBe('denied');
  });
});

describe('the audit log', () => {
  it('takes events from EventBridge into its own streams only', () => {
    const write = { action: 'logs:PutLogEvents', principal: EVENTS };
    expect(judge([auditLogPolicy(GROUP)], { ...write, resource: `${GROUP}:log-stream:x` })).toBe('allowed');
    expect(judge([auditLogPolicy(GROUP)], { ...write, resource: `${GROUP}-other:log-stream:x` })).toBe('denied');
  });
});

describe('the forwarder', () => {
  const rules = 'arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-*';
  const trust = forwarderTrustPolicy('123456789012', rules);
  const rule = (arn: string, account = '123456789012') => ({ 'aws:SourceArn': arn, 'aws:SourceAccount': account });
  const ours = 'arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-user-sign-in';

  it.each([
    ['allowed', 'for our rule', EVENTS, rule(ours)],
    ['denied', 'for another rule of the account', EVENTS, rule('arn:aws:events:eu-west-1:123456789012:rule/x')],
    ['denied', 'for our rule of another region', EVENTS, rule(ours.replace('eu-west-1', 'eu-west-2'))],
    ['denied', 'for another account', EVENTS, rule(ours, '999999999999')],
    ['denied', 'without a source', EVENTS, {}],
    ['denied', 'for another service', 'lambda.amazonaws.com', rule(ours)],
  ] as const)('is %s %s', (verdict, _what, principal, context) => {
    expect(judge([trust], { action: 'sts:AssumeRole', resource: 'role', principal, context })).toBe(verdict);
  });

  it('may put events on the primary bus and nothing else', () => {
    expect(judge([forwarderPolicy([BUS])], { action: 'events:PutEvents', resource: BUS })).toBe('allowed');
    expect(judge([forwarderPolicy([BUS])], { action: 'events:PutEvents', resource: `${BUS}2` })).toBe('denied');
    expect(judge([forwarderPolicy([BUS])], { action: 'events:PutRule', resource: BUS })).toBe('denied');
  });
});

describe('the dead-letter queue', () => {
  const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:break-glass-dead-letters';
  const policy = deadLetterQueuePolicy(QUEUE, 'arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-*');
  const ours = { 'aws:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/capture-breakglass-user-sign-in' };
  const send = { action: 'sqs:SendMessage', resource: QUEUE, principal: EVENTS };

  it.each([
    ['allowed', 'for our rule', send, ours],
    ['denied', 'for another rule', send, { 'aws:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/other' }],
    [
      'denied',
      'for our rule of another account',
      send,
      { 'aws:SourceArn': ours['aws:SourceArn'].replace('1234', '9999') },
    ],
    [
      'denied',
      'for our rule of another region',
      send,
      { 'aws:SourceArn': ours['aws:SourceArn'].replace('eu-west-1', 'eu-west-2') },
    ],
    ['denied', 'without a source', send, {}],
    ['denied', 'for another service', { ...send, principal: 's3.amazonaws.com' }, ours],
    ['denied', 'for another act of EventBridge', { ...send, action: 'sqs:PurgeQueue' }, ours],
    ['denied', 'without TLS', send, { ...ours, 'aws:SecureTransport': 'false' }],
  ] as const)('is %s %s', (verdict, _what, request, context) => {
    expect(judge([policy], { ...request, context })).toBe(verdict);
  });
});

describe('the bus', () => {
  // What PutPermission makes of it: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
  const { action, principal, statementId } = busPermission('break-glass-', '111122223333');
  const root = `arn:aws:iam::${principal}:root`;
  const policy = policyDocument({
    Sid: statementId,
    Effect: 'Allow',
    Principal: { AWS: root },
    Action: action,
    Resource: BUS,
  });

  it('takes events from the account of a monitored role, and nothing else from anybody', () => {
    const put = { action: 'events:PutEvents', resource: BUS };
    expect(judge([policy], { ...put, principal: 'arn:aws:iam::111122223333:root' })).toBe('allowed');
    expect(judge([policy], { ...put, principal: 'arn:aws:iam::999999999999:root' })).toBe('denied');
    expect(judge([policy], { ...put, principal: EVENTS })).toBe('denied');
    expect(judge([policy], { action: 'events:PutRule', resource: BUS, principal: root })).toBe('denied');
  });
});
