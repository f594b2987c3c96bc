/** The rules for where state is kept: S3 and HCP Terraform. Pure. */
import { arn, matches } from './leaf.ts';
import type { Rule } from './leaf.ts';

/** S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName: Rule = {
  accepts: matches(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  rule: 'must be the name of an S3 bucket',
  fix: 'the name only, for example acme-tfstate',
};

/** Safe characters of https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html; Terraform refuses a slash at an end. */
export const keyPrefix: Rule = {
  accepts: matches(/^(?=.{1,512}$)[\w!.*'()-]+(?:\/[\w!.*'()-]+)*$/),
  rule: 'must be an S3 key without a slash at its ends',
  fix: 'for example break-glass',
};

/**
 * What Terraform's S3 backend takes: the id, the alias or the ARN of a key (measured with Terraform 1.11; ids are
 * version 1 to 5 UUIDs or begin with `mrk-`).
 */
export const kmsKey: Rule = {
  accepts: value => {
    const id = '(?:[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}|mrk-[a-f0-9]{32})';
    const alias = 'alias/[\\w/-]{1,250}';
    const name = `(?:${id}|${alias})`;
    return (
      matches(new RegExp(`^${name}$`))(value) || matches(arn(`kms:[a-z0-9-]+:\\d{12}:(?:key/${id}|${alias})`))(value)
    );
  },
  rule: 'must be the ARN, the id or the alias of a KMS key',
  fix: 'for example alias/terraform-state',
};

/** HCP Terraform: letters, digits, - and _; a workspace name has at most 90 characters, and our longest stack id 46. */
export const organization: Rule = {
  accepts: matches(/^[\w-]{1,40}$/),
  rule: 'must be an organization of HCP Terraform: 1 to 40 letters, digits, - or _',
};

export const workspacePrefix: Rule = {
  accepts: matches(/^[\w-]{0,40}$/),
  rule: 'must be at most 40 letters, digits, - or _',
};

export const project: Rule = {
  accepts: matches(/^[\w-](?:[\w -]{1,38})[\w-]$/),
  rule: 'must be a project name: 3 to 40 letters, digits, spaces, - or _',
};

export const hostname: Rule = {
  accepts: matches(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i),
  rule: 'must be a host name',
  fix: 'without https:// and path, for example app.terraform.io',
};
