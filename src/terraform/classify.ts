import type { Diagnostic } from './events.ts';

export type FailureCode =
  | 'lock'
  | 'provider'
  | 'backend'
  | 'scp'
  | 'region-not-ready'
  | 'credentials'
  | 'permission'
  | 'quota'
  | 'exists'
  | 'throttling'
  | 'network'
  | 'invalid'
  | 'unknown';

export interface FailureContext {
  /** The stack's region must be switched on by the account: a refused credential then means "not ready yet". Default: no */
  readonly optInRegion?: boolean | undefined;
}

/**
 * The first that matches names the failure. Order matters: who was refused by a lock in S3 for want of permission has a
 * permission problem; a service control policy's refusal is also an AccessDenied; a registry out of reach is a provider
 * that can't be had. Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and each service's
 * "Common Errors"; wording of policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const PATTERNS: readonly (readonly [FailureCode, RegExp])[] = [
  ['lock', /Lock Info: ID: |Error (re)?leasing the state lock|Failed to unlock state/],
  [
    'provider',
    /does(n't| not) match any of the checksums|Required plugins are not installed|Failed to (instantiate|install|load|query available) (provider|plugin)|Plugin did not respond|plugin.{0,40} crashed|Unrecognized remote plugin message|Incompatible (API|provider) version|timeout while waiting for plugin|Inconsistent dependency lock file/i,
  ],
  [
    'backend',
    /Backend (initialization required|configuration changed)|HCP Terraform (configuration )?(initialization required|configuration changed)/i,
  ],
  ['scp', /explicit deny in a (service|resource) control policy/i],
  ['region-not-ready', /\bOptInRequired\b|not subscribed to this service|region .{0,30}(is not enabled|is disabled)/i],
  [
    'credentials',
    /\b(ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|InvalidGrantException|NoCredentialProviders)\b|No valid credential sources|failed to (refresh cached|get shared|retrieve) credentials|no EC2 IMDS role found|security token included in the request is|token (has )?expired|SSO session|failed to get shared config profile|AWS account ID not allowed|Required token could not be found/i,
  ],
  [
    'permission',
    /\b(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError(Exception)?|NotAuthorized(Exception)?)\b|not authorized to perform|StatusCode: 403/i,
  ],
  [
    'quota',
    /\b(LimitExceeded(Exception|Fault)?|ServiceQuotaExceeded(Exception)?|QuotaExceeded)\b|exceeds the (maximum number|quota)/i,
  ],
  [
    'exists',
    /already exists with different (attributes|tags)|\b(EntityAlreadyExists|\w*AlreadyExists(Exception|Fault)?|QueueNameExists|BucketAlreadyOwnedByYou)\b/i,
  ],
  [
    'throttling',
    /Throttl|TooManyRequests|Rate ?exceeded|RequestLimitExceeded|SlowDown|PriorRequestNotComplete|StatusCode: 429/i,
  ],
  [
    'network',
    /connection (refused|reset)|no such host|i\/o timeout|handshake timeout|deadline exceeded|Client\.Timeout|unexpected EOF|\bEOF$|network is unreachable|no route to host|broken pipe|StatusCode: 5\d\d|\b(InternalError|InternalFailure|InternalServerError|InternalException|ServiceUnavailable(Exception)?|RequestTimeout)\b|Bad Gateway|Gateway Time-?out|Service Unavailable/i,
  ],
  [
    'invalid',
    /\bValidation(Error|Exception)\b|\bInvalid\w*\b|\bMalformed\w*\b|Unsupported (argument|block|attribute)|Missing required argument|No value for required variable|Reference to undeclared|StatusCode: 400/i,
  ],
];

const TRANSIENT: ReadonlySet<string> = new Set<FailureCode>(['throttling', 'network']);

/** True for what may go away by itself: throttling, network faults and server errors. Nothing that was refused. */
export function isTransient(code: string): boolean {
  return TRANSIENT.has(code);
}

/** The class of one error text, of terraform, the provider or a backend. */
export function classify(text: string, context: FailureContext = {}): FailureCode {
  // Text for people is wrapped at 78 columns, so a phrase may lie across two lines.
  const flat = text.replace(/\s+/g, ' ').trim();
  const code = PATTERNS.find(([, pattern]) => pattern.test(flat))?.[0] ?? 'unknown';
  if (code === 'unknown' && /Error acquiring the state lock/.test(flat)) return 'lock';
  // A region that was just switched on refuses credentials that it doesn't know yet.
  // https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
  if (code === 'credentials' && context.optInRegion && !/expired/i.test(flat)) return 'region-not-ready';
  return code;
}

/**
 * The error that decides what happens next: one that a retry can't mend goes before one that it may,
 * or a denied request would be tried again because another was throttled.
 */
export function decisive(
  errors: readonly [Diagnostic, ...Diagnostic[]],
  context: FailureContext = {},
): { readonly code: FailureCode; readonly diagnostic: Diagnostic } {
  const classified = errors.map(diagnostic => ({
    code: classify(`${diagnostic.summary}\n${diagnostic.detail}`, context),
    diagnostic,
  }));
  return (
    classified.find(({ code }) => code !== 'unknown' && !isTransient(code)) ??
    classified.find(({ code }) => isTransient(code)) ?? { code: 'unknown', diagnostic: errors[0] }
  );
}

export interface LockHolder {
  readonly id: string;
  readonly who: string;
  readonly created: string;
  readonly operation: string;
  /** A lock of the operating system on a local state file: it ends with its process and can't be forced. */
  readonly local: boolean;
}

/** Who holds the state lock, from the "Lock Info" of terraform's message. */
export function lockHolder(text: string): LockHolder | null {
  const field = (name: string) => new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const id = field('ID');
  if (!id) return null;
  return {
    id,
    who: field('Who'),
    created: field('Created'),
    operation: field('Operation')
      .replace(/^OperationType/, '')
      .toLowerCase(),
    local: /resource temporarily unavailable|has locked a portion of the file/.test(text),
  };
}

const NEXT: Readonly<Record<Exclude<FailureCode, 'lock' | 'backend'>, string>> = {
  provider:
    'Run again: the provider is installed and checked anew. If it stays, look at .terraform.lock.hcl and the log.',
  scp: "Exempt the deploying identity from the organization's control policy for this region, or exclude the region, then run again with --resume.",
  'region-not-ready':
    'The region is not ready for this account yet: wait some minutes after it was enabled, then run again with --resume.',
  credentials:
    'Renew the AWS credentials (for SSO: aws sso login), check with: aws sts get-caller-identity, then run again with --resume.',
  permission: 'Allow the deploying identity the action that the message names, then run again with --resume.',
  quota: 'Ask for a higher quota in that region (Service Quotas console), then run again with --resume.',
  exists:
    'Something of that name exists outside this state: import it (terraform import) or remove it, then run again with --resume.',
  throttling: 'AWS asked to slow down: run again with --resume, with a lower --concurrency if it stays.',
  network:
    'AWS or the network failed: check the connection and https://health.aws.amazon.com, then run again with --resume.',
  invalid: 'AWS or terraform refused the configuration: correct what the message names, then run again.',
  unknown: 'Read the end of the log; when its cause is mended, run again with --resume.',
};

/** What to do about a failure: one sentence, or a command to copy. Nothing here is ever run for the user. */
export function nextStep(
  code: FailureCode,
  at: {
    readonly text: string;
    readonly folder: string;
    readonly program: string;
    readonly cliConfigFile?: string | null;
  },
): string {
  const inFolder = `cd ${shellWord(at.folder)} && `;
  if (code === 'backend') {
    const config = at.cliConfigFile ? `TF_CLI_CONFIG_FILE=${shellWord(at.cliConfigFile)} ` : '';
    return `If the state shall move to the new place: ${inFolder}${config}${shellWord(at.program)} init -migrate-state`;
  }
  if (code !== 'lock') return NEXT[code];
  const holder = lockHolder(at.text);
  if (!holder)
    return 'Wait until the other run has ended, or give a longer --lock-timeout, then run again with --resume.';
  const wait = `Wait until that run has ended (--lock-timeout waits for it), then run again with --resume.`;
  if (holder.local) return `${wait} The lock ends with the process that holds it.`;
  return `${wait} Only if it is certain that it died: ${inFolder}${shellWord(at.program)} force-unlock ${holder.id}`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
