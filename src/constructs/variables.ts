import type { Construct } from 'constructs';
import { TerraformVariable } from '../cdktf.ts';

/** Rules on inputs as Terraform checks them, each with a message that names the variable and the fix. */
export interface VariableProps {
  readonly type: string;
  readonly description: string;
  /** @default - none: terraform asks for it */
  readonly default?: unknown;
  /** Terraform expression over `var.<name>`, and what to say when it is false. @default - any value of the type */
  readonly validation?: { readonly condition: string; readonly errorMessage: string };
}

/** A Terraform variable under exactly this name. */
export function variable(scope: Construct, name: string, props: VariableProps): TerraformVariable {
  const { validation, ...rest } = props;
  const made = new TerraformVariable(scope, name, { nullable: false, ...rest });
  made.overrideLogicalId(name);
  if (validation) {
    made.addValidation({ condition: `\${${validation.condition}}`, errorMessage: validation.errorMessage });
  }
  return made;
}

/** Regions as AWS names them, of any partition. */
export const REGION_PATTERN = '^[a-z]{2}(-[a-z]+)+-[0-9]$';
const EMAIL_PATTERN = '^[^@[:space:],]+@[^@[:space:],]+\\\\.[^@[:space:],]+$';

const ACCOUNT_ID_PATTERN = '^[0-9]{12}$';

/** Comma separated, so that `-var="emailAddress=a@example.com,b@example.com"` and the original's single address both work. */
export function emailAddressVariable(scope: Construct, preset?: string): TerraformVariable {
  return variable(scope, 'emailAddress', {
    type: 'string',
    description: 'E-mail address that gets the alerts; several are separated by commas',
    ...(preset === undefined ? {} : { default: preset }),
    validation: {
      condition: `alltrue([for address in compact(split(",", var.emailAddress)) : can(regex("${EMAIL_PATTERN}", trimspace(address)))])`,
      errorMessage: 'emailAddress must be an e-mail address, or several separated by commas.',
    },
  });
}

/** Terraform expression: the addresses of `emailAddress` as a set. */
export const EMAIL_SET = 'toset([for address in compact(split(",", var.emailAddress)) : trimspace(address)])';

export function primaryRegionVariable(scope: Construct, preset?: string): TerraformVariable {
  return variable(scope, 'primary_region', {
    type: 'string',
    description: 'Region whose event bus gets the events, where the topic is',
    ...(preset === undefined ? {} : { default: preset }),
    validation: {
      condition: `can(regex("${REGION_PATTERN}", var.primary_region))`,
      errorMessage: 'primary_region must be an AWS region such as us-east-1.',
    },
  });
}

/** @param preset account id; null means the account of the credentials (as "", since cdktf 0.21 can't write a null default) */
export function primaryAccountIdVariable(scope: Construct, preset: string | null): TerraformVariable {
  return variable(scope, 'primary_account_id', {
    type: 'string',
    description: 'Security account that has the event bus; empty for the account of the credentials',
    default: preset ?? '',
    validation: {
      condition: `can(regex("${ACCOUNT_ID_PATTERN}|^$", var.primary_account_id))`,
      errorMessage: 'primary_account_id must be an AWS account id of 12 digits, or empty.',
    },
  });
}

/** The same where the credentials are another account's, so that nothing could stand in for it: terraform asks. */
export function otherPrimaryAccountIdVariable(scope: Construct, preset: string | null): TerraformVariable {
  return variable(scope, 'primary_account_id', {
    type: 'string',
    description: 'Security account that has the event bus',
    ...(preset === null ? {} : { default: preset }),
    validation: {
      condition: `can(regex("${ACCOUNT_ID_PATTERN}", var.primary_account_id))`,
      errorMessage: 'primary_account_id must be an AWS account id of 12 digits.',
    },
  });
}

/** @param preset account id; without it terraform asks, as it would be wrong to trust the caller's account silently */
export function accountIdVariable(scope: Construct, preset: string | null): TerraformVariable {
  return variable(scope, 'AccountID', {
    type: 'string',
    description: 'Security account, the one that has the break glass users whom the role trusts',
    ...(preset === null ? {} : { default: preset }),
    validation: {
      condition: `can(regex("${ACCOUNT_ID_PATTERN}", var.AccountID))`,
      errorMessage: 'AccountID must be an AWS account id of 12 digits.',
    },
  });
}
