import { describe, expect, it } from '@jest/globals';
import { roleTrustPolicy } from '../../src/policies/role.ts';
import { judge } from '../support/judge-policy.ts';

const USER = 'arn:aws:iam::123456789012:user/BreakglassUser';
const action = 'sts:AssumeRole';
const resource = 'arn:aws:iam::111122223333:role/BreakGlassRole';
const fresh = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '10' };

describe('the trust of a break glass role', () => {
  const trust = roleTrustPolicy({ userArns: [USER], requireMfa: true, maxMfaAgeSeconds: 3600 });

  it.each([
    ['allowed', 'the user with fresh MFA', USER, fresh],
    ['denied', 'the user with an MFA as old as the limit', USER, { ...fresh, 'aws:MultiFactorAuthAge': '3600' }],
    ['denied', 'the user without MFA', USER, { 'aws:MultiFactorAuthPresent': 'false' }],
    ['denied', 'the user with long-term keys, whose requests lack both MFA keys', USER, {}],
    ['denied', 'a session that has MFA but no age', USER, { 'aws:MultiFactorAuthPresent': 'true' }],
    ['denied', 'another user of that account', 'arn:aws:iam::123456789012:user/Ana', fresh],
    ['denied', 'the account as a whole', 'arn:aws:iam::123456789012:root', fresh],
    ['denied', 'the same name in another account', 'arn:aws:iam::999999999999:user/BreakglassUser', fresh],
  ] as const)('has %s for %s', (verdict, _who, principal, context) => {
    expect(judge([trust], { action, resource, principal, context })).toBe(verdict);
  });

  it('says in one statement all that it says', () => {
    expect(trust).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'BreakGlassUsersWithRecentMfa',
          Effect: 'Allow',
          Principal: { AWS: [USER] },
          Action: 'sts:AssumeRole',
          Condition: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
          },
        },
      ],
    });
  });

  it('asks for no MFA only when told so', () => {
    const open = roleTrustPolicy({ userArns: [USER], requireMfa: false, maxMfaAgeSeconds: 3600 });
    expect(judge([open], { action, resource, principal: USER })).toBe('allowed');
    expect(judge([open], { action, resource, principal: 'arn:aws:iam::123456789012:user/Ana' })).toBe('denied');
  });
});
