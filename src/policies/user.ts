import { policyDocument, type PolicyDocument } from './document.ts';

/**
 * Everything is denied without MFA but changing the own password and looking at the own MFA devices.
 *
 * `BoolIfExists` with `false` is met when the key says false **and when it is absent**, as it is for access keys.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 *
 * @param userArn the user whom the document is attached to
 */
export function requireMfaPolicy(userArn: string): PolicyDocument {
  const withoutMfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
  return policyDocument(
    {
      Sid: 'DenyAllButOwnPasswordAndMfaListWithoutMfa',
      Effect: 'Deny',
      NotAction: ['iam:ChangePassword', 'iam:GetAccountPasswordPolicy', 'iam:ListMFADevices'],
      Resource: '*',
      Condition: withoutMfa,
    },
    {
      Sid: 'DenyOtherUsersWithoutMfa',
      Effect: 'Deny',
      Action: ['iam:ChangePassword', 'iam:ListMFADevices'],
      NotResource: [userArn],
      Condition: withoutMfa,
    },
  );
}

/**
 * The limits that the user can't take off itself, MFA or not: its permissions boundary, and the inline policies of which
 * {@link requireMfaPolicy} is one. Whoever repairs an emergency needs neither.
 *
 * MFA devices are left out: a lost one must be replaceable with the other, and without MFA that is denied anyway.
 */
export function ownLimitsPolicy(userArn: string): PolicyDocument {
  return policyDocument({
    Sid: 'KeepOwnBoundaryAndPolicies',
    Effect: 'Deny',
    Action: [
      'iam:PutUserPermissionsBoundary',
      'iam:DeleteUserPermissionsBoundary',
      'iam:PutUserPolicy',
      'iam:DeleteUserPolicy',
    ],
    Resource: [userArn],
  });
}

/**
 * What each user may do for itself: change its password and see its MFA devices. The password page of the console
 * reads the account's password policy too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_enable-user-change.html
 */
export function selfServicePolicy(userArn: string): PolicyDocument {
  return policyDocument(
    {
      Sid: 'OwnPasswordAndMfaDevices',
      Effect: 'Allow',
      Action: ['iam:ChangePassword', 'iam:ListMFADevices'],
      Resource: [userArn],
    },
    { Sid: 'ReadPasswordRules', Effect: 'Allow', Action: ['iam:GetAccountPasswordPolicy'], Resource: '*' },
  );
}

/** May assume these roles and nothing else. @param roleArns role ARNs; an account may be `*` when none is known yet */
export function assumeRolePolicy(roleArns: readonly string[]): PolicyDocument {
  return policyDocument({
    Sid: 'AssumeBreakGlassRoles',
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Resource: roleArns,
  });
}
