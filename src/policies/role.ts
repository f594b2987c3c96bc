import { policyDocument, type PolicyDocument } from './document.ts';

export interface RoleTrust {
  /** The only principals that may assume the role: users, never accounts. */
  readonly userArns: readonly string[];
  readonly requireMfa: boolean;
  /** Seconds since the MFA sign-in after which a new one is asked for; a Terraform reference only as text. */
  readonly maxMfaAgeSeconds: number | string;
}

/**
 * Trust policy of a break glass role.
 *
 * `Bool` and `NumericLessThan` without `IfExists`: both keys are absent for long-term keys, and an absent key must
 * fail an Allow. No `aws:SourceIp` and no external id: each makes switching in the console impossible.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function roleTrustPolicy(trust: RoleTrust): PolicyDocument {
  const mfa = {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': String(trust.maxMfaAgeSeconds) },
  };
  return policyDocument({
    Sid: trust.requireMfa ? 'BreakGlassUsersWithRecentMfa' : 'BreakGlassUsers',
    Effect: 'Allow',
    Principal: { AWS: trust.userArns },
    Action: 'sts:AssumeRole',
    ...(trust.requireMfa ? { Condition: mfa } : {}),
  });
}
