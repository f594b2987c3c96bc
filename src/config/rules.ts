/** The rules for single values: what is accepted, how the rule reads, how to mend a value. Pure. */
import { z } from 'zod';
import { arn, matches } from './leaf.ts';
import type { Rule } from './leaf.ts';
import { allKnownRegions, partitionOf } from './regions.ts';
import { suggest } from './suggest.ts';

/** A text that Terraform would read as an expression: it must never get into a synthesized file. */
const isTemplate = (text: string) => /[$%]\{/.test(text);

function didYouMean(value: unknown, candidates: readonly string[]): string | null {
  const near = typeof value === 'string' ? suggest(value, candidates) : null;
  return near === null ? null : `did you mean "${near}"?`;
}

/** A near region, else all of the same geography, else two examples. */
function regionFix(value: unknown): string {
  const near = didYouMean(value, allKnownRegions);
  if (near) return near;
  const geography = typeof value === 'string' ? value.split('-')[0] : '';
  const siblings = allKnownRegions.filter(region => region.split('-')[0] === geography);
  return siblings.length > 0 ? `known here: ${siblings.join(', ')}` : 'for example us-east-1 or eu-west-1';
}

export const region: Rule = {
  accepts: value => typeof value === 'string' && partitionOf(value) !== null,
  rule: 'must be a region of a known partition',
  fix: regionFix,
};

export const accountId: Rule = {
  accepts: matches(/^\d{12}$/),
  rule: 'must be an account id of 12 digits',
  // A number loses its leading zeros, so it is refused and not converted.
  fix: value => (typeof value === 'number' ? `as text: "${String(value).padStart(12, '0')}"` : ''),
};

/** RFC 5321 section 4.5.3.1.3 allows 256 octets for a path, two of them being the angle brackets. */
const MAX_EMAIL = 254;

export const email: Rule = {
  accepts: value => typeof value === 'string' && value.length <= MAX_EMAIL && z.regexes.email.test(value),
  rule: 'must be an e-mail address',
  fix: value => (typeof value === 'string' && /[,;]/.test(value) ? 'one address per entry' : ''),
};

export const httpsEndpoint: Rule = {
  accepts: value => {
    if (typeof value !== 'string' || !/^https:\/\/[\x21-\x7e]+$/.test(value) || isTemplate(value)) return false;
    const url = URL.canParse(value) ? new URL(value) : null;
    return url !== null && url.username === '' && url.password === '';
  },
  rule: 'must be an https URL without user and password',
  fix: 'for example https://alerts.example.com/break-glass',
};

/** IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names */
export const iamName: Rule = {
  accepts: matches(/^[\w+=,.@-]{1,64}$/),
  rule: 'must be an IAM name: 1 to 64 letters, digits or any of _+=,.@-',
};

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html; chat takes no FIFO topic */
export const topicName: Rule = {
  accepts: matches(/^[\w-]{1,256}$/),
  rule: 'must be the name of an SNS topic: 1 to 256 letters, digits, - or _',
};

const IAM_PATH = '(?:[\\w+=,.@-]+/)*';

/** The ARN forms: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const policyArn: Rule = {
  accepts: matches(arn(`iam::(\\d{12}|aws):policy/${IAM_PATH}[\\w+=,.@-]{1,128}`)),
  rule: 'must be the ARN of an IAM policy',
  fix: 'for example arn:aws:iam::aws:policy/ReadOnlyAccess',
};

export const userArn: Rule = {
  accepts: matches(arn(`iam::(\\d{12}):user/${IAM_PATH}[\\w+=,.@-]{1,64}`)),
  rule: 'must be the ARN of an IAM user',
  fix: 'for example arn:aws:iam::111122223333:user/BreakglassUser',
};

export const roleArn: Rule = {
  accepts: matches(arn(`iam::(\\d{12}):role/${IAM_PATH}[\\w+=,.@-]{1,64}`)),
  rule: 'must be the ARN of an IAM role',
  fix: 'for example arn:aws:iam::111122223333:role/OrganizationAccountAccessRole',
};

export const flag: Rule = {
  accepts: value => typeof value === 'boolean',
  rule: 'must be true or false',
  fix: value => (value === 'true' || value === 'false' ? `${value} without quotes` : ''),
};

export function oneOf(words: readonly string[]): Rule {
  return {
    accepts: value => words.some(word => word === value),
    rule: `must be ${words.map(word => `"${word}"`).join(' or ')}`,
    fix: value => didYouMean(value, words) ?? '',
  };
}

/** A whole number of seconds from `min` to `max`, both included. */
export function seconds(min: number, max: number): Rule {
  return {
    accepts: value => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    rule: `must be a whole number of seconds from ${min} to ${max}`,
  };
}

/**
 * The days that CloudWatch Logs can keep events; 0 keeps them for ever, as in Terraform's `aws_cloudwatch_log_group`.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html and
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group#retention_in_days
 */
export const retentionDays: readonly number[] = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const retention: Rule = {
  accepts: value => typeof value === 'number' && retentionDays.includes(value),
  rule: 'must be a retention of CloudWatch Logs, in days (0: for ever)',
  fix: `one of ${retentionDays.join(', ')}`,
};

/** One line of text for the runbook. */
export const line: Rule = {
  accepts: value => typeof value === 'string' && /^[^\p{Cc}\u2028\u2029]{1,200}$/u.test(value) && value.trim() !== '',
  rule: 'must be one line of 1 to 200 characters',
};

/** AWS tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices */
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagKey: Rule = {
  accepts: key => matches(TAG_CHARACTERS)(key) && /^(?!aws:).{1,128}$/iu.test(key as string),
  rule: 'must be a tag key: 1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws:',
};

export const tagValue: Rule = {
  accepts: value => matches(TAG_CHARACTERS)(value) && (value as string).length <= 256,
  rule: 'must be a tag value: text of at most 256 letters, digits, spaces or _.:/=+-@',
};
