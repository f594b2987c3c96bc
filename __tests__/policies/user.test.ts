import { describe, expect, it } from '@jest/globals';
import { policyDocument } from '../../src/policies/document.ts';
import { assumeRolePolicy, ownLimitsPolicy, requireMfaPolicy, selfServicePolicy } from '../../src/policies/user.ts';
import { judge } from '../support/judge-policy.ts';

const OWN = 'arn:aws:iam::123456789012:user/BreakglassUser';
const OTHER = 'arn:aws:iam::123456789012:user/Ana';
const ROLE = 'arn:aws:iam::111122223333:role/BreakGlassRole';

const IAM_FULL_ACCESS = policyDocument({ Sid: 'IAMFullAccess', Effect: 'Allow', Action: ['iam:*'], Resource: '*' });
const roleOnly = [requireMfaPolicy(OWN), ownLimitsPolicy(OWN), selfServicePolicy(OWN), assumeRolePolicy([ROLE])];
const full = [...roleOnly, IAM_FULL_ACCESS];

const MFA = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' };
const NO_MFA = { 'aws:MultiFactorAuthPresent': 'false' };
const KEY_ABSENT = {};

describe('a user with iam-full-access', () => {
  it.each([
    ['allowed', 'with MFA', MFA, 'iam:CreateUser', OTHER],
    ['allowed', 'with MFA', MFA, 'sts:AssumeRole', ROLE],
    ['denied', 'with MFA', MFA, 'iam:DeleteUserPermissionsBoundary', OWN],
    ['denied', 'with MFA', MFA, 'iam:PutUserPermissionsBoundary', OWN],
    ['denied', 'with MFA', MFA, 'iam:DeleteUserPolicy', OWN],
    ['allowed', 'with MFA', MFA, 'iam:DeleteUserPermissionsBoundary', OTHER],
    ['allowed', 'with MFA', MFA, 'iam:EnableMFADevice', OWN],
    ['allowed', 'with MFA', MFA, 'iam:DeactivateMFADevice', OWN],
    ['denied', 'with an access key', KEY_ABSENT, 'iam:EnableMFADevice', OWN],
    ['denied', 'without MFA', NO_MFA, 'iam:DeleteUserPermissionsBoundary', OWN],
    ['denied', 'with MFA', MFA, 'ec2:RunInstances', 'arn:aws:ec2:us-east-1:123456789012:instance/i'],
    ['denied', 'without MFA', NO_MFA, 'iam:CreateUser', OTHER],
    ['denied', 'without MFA', NO_MFA, 'sts:AssumeRole', ROLE],
    ['denied', 'without MFA', NO_MFA, 'iam:EnableMFADevice', OWN],
    ['denied', 'without MFA', NO_MFA, 'iam:DeactivateMFADevice', OWN],
    ['denied', 'without MFA', NO_MFA, 'iam:ListMFADevices', OTHER],
    ['denied', 'without MFA', NO_MFA, 'iam:ChangePassword', OTHER],
    ['allowed', 'without MFA', NO_MFA, 'iam:ChangePassword', OWN],
    ['allowed', 'without MFA', NO_MFA, 'iam:ListMFADevices', OWN],
    ['denied', 'with an access key', KEY_ABSENT, 'iam:CreateUser', OTHER],
    ['denied', 'with an access key', KEY_ABSENT, 'iam:CreateAccessKey', OWN],
    ['denied', 'with an access key', KEY_ABSENT, 'sts:AssumeRole', ROLE],
    ['allowed', 'with an access key', KEY_ABSENT, 'iam:ChangePassword', OWN],
  ] as const)('is %s, %s: %j %s %s', (verdict, _when, context, action, resource) => {
    expect(judge(full, { action, resource, context })).toBe(verdict);
  });
});

describe('a user with assume-role-only', () => {
  it.each([
    ['allowed', MFA, 'sts:AssumeRole', ROLE],
    ['denied', MFA, 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin'],
    ['denied', MFA, 'iam:CreateUser', OTHER],
    ['denied', MFA, 'iam:DeleteUserPermissionsBoundary', OWN],
    ['allowed', MFA, 'iam:ChangePassword', OWN],
    ['denied', MFA, 'iam:ChangePassword', OTHER],
    ['denied', NO_MFA, 'sts:AssumeRole', ROLE],
    ['denied', KEY_ABSENT, 'sts:AssumeRole', ROLE],
    ['allowed', NO_MFA, 'iam:ListMFADevices', OWN],
  ] as const)('is %s with %j: %s %s', (verdict, context, action, resource) => {
    expect(judge(roleOnly, { action, resource, context })).toBe(verdict);
  });
});

describe('a permissions boundary', () => {
  const boundary = assumeRolePolicy([ROLE]);
  const within = (action: string, resource: string) => {
    const request = { action, resource, context: MFA };
    return judge([boundary], request) === 'allowed' && judge(full, request) === 'allowed';
  };

  it('leaves of the rights of the user what it allows too', () => {
    expect(within('sts:AssumeRole', ROLE)).toBe(true);
    expect(within('iam:CreateUser', OTHER)).toBe(false);
    expect(within('sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin')).toBe(false);
  });
});

describe('the inline policies together', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 2,048 characters for all of a user.
  it('fit into a user, also one with the longest name', () => {
    const arn = `arn:aws-us-gov:iam::123456789012:user/${'x'.repeat(64)}`;
    const documents = [requireMfaPolicy(arn), ownLimitsPolicy(arn), selfServicePolicy(arn)];
    expect(documents.map(document => JSON.stringify(document).length).reduce((a, b) => a + b)).toBeLessThanOrEqual(
      2048,
    );
  });
});
