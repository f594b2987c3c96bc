import type { Construct } from 'constructs';
import type { TerraformVariable } from '../cdktf.ts';
import { DEFAULT_NAMES } from '../constructs/bg-user.ts';
import { variable } from '../constructs/variables.ts';

/**
 * Rules that several inputs share, as Terraform expressions. Character classes rather than escapes: the pattern stands in
 * a string in an expression in JSON. Names: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const IAM_CHARACTERS = '[A-Za-z0-9_+=,.@-]';
const IAM_PATH = `(${IAM_CHARACTERS}+/)*`;
const PARTITION = 'aws(-[a-z]+)*';

export const USER_ARN = `^arn:${PARTITION}:iam::[0-9]{12}:user/${IAM_PATH}${IAM_CHARACTERS}{1,64}$`;
export const POLICY_ARN = `^arn:${PARTITION}:iam::([0-9]{12}|aws):policy/${IAM_PATH}${IAM_CHARACTERS}{1,128}$`;
/** Account and parts of the name may be `*`, as in a policy's resource. */
export const ROLE_ARN_PATTERN = `^arn:${PARTITION}:iam::([0-9]{12}|[*]):role/([A-Za-z0-9_+=,.@*-]+/)*[A-Za-z0-9_+=,.@*-]+$`;

export const matches = (value: string, pattern: string): string => `can(regex("${pattern}", ${value}))`;
export const allMatch = (list: string, pattern: string): string =>
  `alltrue([for value in ${list} : ${matches('value', pattern)}])`;
export const wholeNumber = (value: string, min: number, max: number): string =>
  `${value} >= ${min} && ${value} <= ${max} && floor(${value}) == ${value}`;

/** A name that IAM takes, with the contract's default. */
export function iamNameInput(
  scope: Construct,
  name: string,
  preset: string,
  description: string,
  maxLength = 64,
): TerraformVariable {
  return variable(scope, name, {
    type: 'string',
    description,
    default: preset,
    validation: {
      condition: matches(`var.${name}`, `^${IAM_CHARACTERS}{1,${maxLength}}$`),
      errorMessage: `${name} must be 1 to ${maxLength} letters, digits or any of _+=,.@-.`,
    },
  });
}

export function userNamesInput(scope: Construct, description: string): TerraformVariable {
  return variable(scope, 'user_names', {
    type: 'list(string)',
    description,
    default: [DEFAULT_NAMES.user],
    validation: {
      condition: `length(var.user_names) > 0 && ${allMatch('var.user_names', `^${IAM_CHARACTERS}{1,64}$`)}`,
      errorMessage: 'user_names must hold at least one IAM user name of 1 to 64 letters, digits or any of _+=,.@-.',
    },
  });
}
