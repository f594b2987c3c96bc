/** The configuration of contract.md, section 2: every key with its meaning, default and rule. */
import { z } from 'zod';
import * as backend from './backend-rules.ts';
import { leaf, orNull, ruleIssue } from './leaf.ts';
import { partitionOf } from './regions.ts';
import type { Partition } from './regions.ts';
import * as rules from './rules.ts';

export const defaultPrimaryRegion = 'us-east-1';

/**
 * Unknown keys are errors. The message of that one error carries the known keys, from which the nearest is suggested.
 */
function object<S extends z.core.$ZodShape>(shape: S) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: issue => (issue.code === 'unrecognized_keys' ? known : 'must be an object') });
}

const listOf = <T extends z.ZodType>(element: T) => z.array(element, { error: 'must be a list' });

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const regions = z.custom<'all-enabled' | string[]>().check(context => {
  const { value, issues } = context;
  if (value === 'all-enabled') return;
  if (!Array.isArray(value)) {
    issues.push(ruleIssue({ accepts: () => false, rule: 'must be "all-enabled" or a list of regions' }, value, []));
    return;
  }
  value.forEach((name, index) => {
    if (!rules.region.accepts(name)) issues.push(ruleIssue(rules.region, name, [index]));
  });
});

/** https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html */
const MAX_TAGS = 50;

const tags = z.custom<Record<string, string>>().check(context => {
  const { value, issues } = context;
  if (!isPlainObject(value) || Object.keys(value).length > MAX_TAGS) {
    const rule = `must be an object of at most ${MAX_TAGS} tags`;
    issues.push(ruleIssue({ accepts: () => false, rule }, value, []));
    return;
  }
  for (const [key, text] of Object.entries(value as Record<string, unknown>)) {
    if (!rules.tagKey.accepts(key)) issues.push(ruleIssue(rules.tagKey, text, [key]));
    else if (!rules.tagValue.accepts(text)) issues.push(ruleIssue(rules.tagValue, text, [key]));
  }
});

const chat = object({ topicName: leaf<string>(rules.topicName) });

const alerts = object({
  /** Each gets every alert, after confirming its subscription. Environment: EMAIL_ADDRESS, comma separated. Default: none. */
  emails: listOf(leaf<string>(rules.email)).default([]),
  /** Each gets every alert by POST. https only. Default: none. */
  httpsEndpoints: listOf(leaf<string>(rules.httpsEndpoint)).default([]),
  /**
   * A second topic, which gets every event as it is, for Amazon Q Developer in chat applications (Slack, Teams): the mail's
   * text breaks it. Default: none.
   */
  chat: z.union([chat, z.null()], { error: 'must be null or { "topicName": "..." }' }).default(null),
});

const user = object({
  /** Default: `BreakglassUser`. */
  name: leaf<string>(rules.iamName).default('BreakglassUser'),
  /** `iam-full-access` (IAMFullAccess) or `assume-role-only`. Default: `iam-full-access`. Both need MFA. */
  permissions: leaf<'iam-full-access' | 'assume-role-only'>(
    rules.oneOf(['iam-full-access', 'assume-role-only']),
  ).default('iam-full-access'),
  /** Default: none. */
  permissionsBoundaryArn: leaf<string | null>(orNull(rules.policyArn)).default(null),
});

/**
 * IAM takes 1 to 12 hours (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html); an MFA session
 * lives at most 36 hours (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
 */
const sessionSeconds = rules.seconds(3600, 43_200);
const mfaAgeSeconds = rules.seconds(60, 129_600);

const role = (partition: Partition) =>
  object({
    /** The account that the role stands in, 12 digits. One role per account. Required. */
    accountId: leaf<string>(rules.accountId),
    /** Default: `BreakGlassRole`. */
    name: leaf<string>(rules.iamName).default('BreakGlassRole'),
    /** Default: IAMFullAccess of the primary region's partition. */
    managedPolicyArns: listOf(leaf<string>(rules.policyArn)).default([
      `arn:${partition}:iam::aws:policy/IAMFullAccess`,
    ]),
    /** Default: true. */
    requireMfa: leaf<boolean>(rules.flag).default(true),
    /** How old the MFA sign-in may be when the role is assumed, in seconds, 60 to 129,600. Default: 3600. */
    maxMfaAgeSeconds: leaf<number>(mfaAgeSeconds).default(3600),
    /** Longest session, in seconds, 3,600 to 43,200. Default: 3600. */
    maxSessionSeconds: leaf<number>(sessionSeconds).default(3600),
    /** Who may assume the role. Default: empty, which means the break glass users. */
    trustedUserArns: listOf(leaf<string>(rules.userArn)).default([]),
    /** The role in that account that deploys. Default: its OrganizationAccountAccessRole. */
    deploymentRoleArn: leaf<string>(rules.roleArn).optional(),
    /** Watch the role's use inside its own account too. Default: true. */
    monitor: leaf<boolean>(rules.flag).default(true),
  }).transform(({ deploymentRoleArn, ...rest }) => ({
    ...rest,
    deploymentRoleArn:
      deploymentRoleArn ?? `arn:${partition}:iam::${rest.accountId}:role/OrganizationAccountAccessRole`,
  }));

const monitoring = object({
  /** Alert when somebody touches the monitoring itself. Default: true. */
  tamper: leaf<boolean>(rules.flag).default(true),
  /** Alert on use of the root user. Default: true. */
  rootUser: leaf<boolean>(rules.flag).default(true),
  /** Alert when a region is enabled that nobody watches yet. Default: true. */
  regionOptIn: leaf<boolean>(rules.flag).default(true),
  /** Days that the audit log keeps events: a value of CloudWatch Logs, 0 for ever. Default: 365. */
  auditLogRetentionDays: leaf<number>(rules.retention).default(365),
  /** Keep events that could not be delivered, and raise an alarm. Default: true. */
  deadLetterQueues: leaf<boolean>(rules.flag).default(true),
});

const local = object({ type: z.literal('local') });

const s3 = object({
  type: z.literal('s3'),
  bucket: leaf<string>(backend.bucketName),
  region: leaf<string>(rules.region),
  /** Default: `break-glass`. */
  keyPrefix: leaf<string>(backend.keyPrefix).default('break-glass'),
  /** Default: the bucket's own encryption. */
  kmsKeyId: leaf<string | null>(orNull(backend.kmsKey)).default(null),
});

const cloud = object({
  type: z.literal('cloud'),
  organization: leaf<string>(backend.organization),
  /** Default: `app.terraform.io`. */
  hostname: leaf<string>(backend.hostname).default('app.terraform.io'),
  /** Default: `break-glass-`. */
  workspacePrefix: leaf<string>(backend.workspacePrefix).default('break-glass-'),
  /** Default: the organization's default project. */
  project: leaf<string | null>(orNull(backend.project)).default(null),
});

const contact = object({
  name: leaf<string>(rules.line),
  role: leaf<string>(rules.line),
  email: leaf<string | null>(orNull(rules.email)).default(null),
  phone: leaf<string | null>(orNull(rules.line)).default(null),
});

/** The schema for one partition: only defaults depend on it. */
export const configSchema = (partition: Partition) =>
  object({
    /** Where the user's monitoring, the topic and the audit log live. Environment: PRIMARY_REGION. Default: us-east-1. */
    primaryRegion: leaf<string>(rules.region).default(defaultPrimaryRegion),
    /** A second, independent alert path: topic, key, rules and audit log in another region. Default: none. */
    standbyRegion: leaf<string | null>(orNull(rules.region)).default(null),
    /** The account that may be deployed to, 12 digits: guards against the wrong credentials. Default: any. */
    securityAccountId: leaf<string | null>(orNull(rules.accountId)).default(null),
    /** Environment: BREAK_GLASS_REGIONS, comma separated. Default: every region that the account has enabled. */
    regions: regions.default('all-enabled'),
    /** Regions that nobody watches. Default: none. */
    excludeRegions: listOf(leaf<string>(rules.region)).default([]),
    alerts: alerts.prefault({}),
    /** Default: one user, `BreakglassUser`. */
    users: listOf(user).min(1, 'must hold at least one user').prefault([{}]),
    /** Roles in other accounts that the users may assume. Default: none. */
    roles: listOf(role(partition)).default([]),
    monitoring: monitoring.prefault({}),
    /** Where Terraform's state is kept. Default: local files below `state/`. */
    backend: z
      .discriminatedUnion('type', [local, s3, cloud], {
        error: issue => (issue.code === 'invalid_union' ? 'must be "local", "s3" or "cloud"' : 'must be an object'),
      })
      .default({ type: 'local' }),
    /** Whom the runbook names. Default: nobody. */
    contacts: listOf(contact).default([]),
    /** Tags on everything that can carry them. Default: none. */
    tags: tags.default({}),
  });

/** The partition that the input's primary region chooses; `aws` as long as that region is not valid. */
export function inputPartition(input: unknown): Partition {
  const name = isPlainObject(input) ? (input.primaryRegion ?? defaultPrimaryRegion) : defaultPrimaryRegion;
  return (typeof name === 'string' && partitionOf(name)) || 'aws';
}
