/**
 * Every message a person can meet: what happened, why, what to do.
 * One factory per situation, grouped by room. Exit codes are those of the contract: 2 means that nothing was changed.
 */

/** An error that a person caused or can mend. Printed without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';

  /**
   * @param code stable, kebab-case, for scripts (`error.code` in the report)
   * @param what what happened, one sentence, naming the offending thing
   * @param fix what to do about it: a command or a setting
   * @param why the reason, when it isn't plain from `what`
   */
  constructor(
    readonly code: string,
    readonly what: string,
    readonly fix: string,
    readonly why?: string,
    readonly exitCode: number = 2,
  ) {
    super([what, why, fix && `Fix: ${fix}`].filter(Boolean).join('\n  '));
  }
}

// ---- configuration ---------------------------------------------------------------------------------------------

/** @param rows one line or two per problem, aligned */
export const configurationInvalid = (source: string, count: number, rows: readonly string[]): UserError =>
  new UserError(
    'configuration',
    [`${source} has ${count} ${count === 1 ? 'error' : 'errors'}; nothing was touched.`, '', ...rows].join('\n'),
    // Every row says what to do.
    '',
  );

/** @param chosenBy what named the file: `--config` or `BREAK_GLASS_CONFIG` */
export const configFileMissing = (file: string, chosenBy: string): UserError =>
  new UserError(
    'configuration-file',
    `The configuration file ${file} does not exist.`,
    'correct the path, or leave the choice out to use break-glass.config.ts.',
    `${chosenBy} names it.`,
  );

export const configFileKind = (file: string): UserError =>
  new UserError(
    'configuration-file',
    `The configuration file ${file} is neither TypeScript nor JSON.`,
    'give it a name that ends in .ts or .json.',
  );

export const configFileUnreadable = (file: string, reason: string): UserError =>
  new UserError('configuration-file', `The configuration file ${file} can't be read.`, 'make it readable.', reason);

export const configFileNoDefault = (file: string): UserError =>
  new UserError(
    'configuration-file',
    `The configuration file ${file} has no default export.`,
    'write `export default defineConfig({ ... })` in it.',
  );

export const configFileThrew = (file: string, reason: string): UserError =>
  new UserError(
    'configuration-file',
    `The configuration file ${file} can't be run.`,
    'correct the file; it should only export an object.',
    reason,
  );

/** @param line counted from 1 */
export const configFileNotJson = (file: string, line: number, column: number, reason: string): UserError =>
  new UserError(
    'configuration-file',
    `The configuration file ${file} is not JSON: line ${line}, column ${column}.`,
    'correct that line. Keys and texts need double quotes, and nothing may follow the last entry of a list.',
    reason,
  );

/** @param status what AWS says about the region: `disabled`, `enabling`, `disabling`; null when it isn't listed */
export const regionNotEnabled = (region: string, place: string, status: string | null): UserError =>
  new UserError(
    'region-not-enabled',
    `Region ${region} (${place}) is not enabled in this account${status === null ? '' : `: it is ${status}`}.`,
    status === 'enabling'
      ? `wait until ${region} is enabled, which takes minutes to hours, and run again.`
      : `enable it (aws account enable-region --region-name ${region}), or take it out of ${place}.`,
  );

// ---- terraform -------------------------------------------------------------------------------------------------

const installTerraform =
  'install Terraform 1.10 or later (brew install hashicorp/tap/terraform, or https://developer.hashicorp.com/terraform/install) or OpenTofu 1.10 or later (https://opentofu.org/docs/intro/install/)';

/** `wanted` is the value of TERRAFORM_BINARY_NAME, or null when `terraform` and `tofu` were looked for. */
export const terraformNotFound = (wanted: string | null) =>
  new UserError(
    'terraform-not-found',
    wanted
      ? `TERRAFORM_BINARY_NAME is "${wanted}", and no such program was found.`
      : 'Neither terraform nor tofu was found on PATH.',
    wanted ? `correct or unset TERRAFORM_BINARY_NAME, or ${installTerraform}` : installTerraform,
  );

export const terraformTooOld = (path: string, product: string, version: string, minimum: string) =>
  new UserError(
    'terraform-too-old',
    `${path} is ${product} ${version}; ${minimum} or later is needed.`,
    installTerraform,
    'Earlier ones cannot lock a state in S3 by a file.',
  );

export const terraformCannotRun = (path: string, reason: string) =>
  new UserError(
    'terraform-cannot-run',
    `${path} could not be run: ${reason}`,
    `check it by hand with: ${path} version; or ${installTerraform}`,
  );

/** @param lines terraform's own last lines */
export const providerUnavailable = (source: string, lines: string, log: string) =>
  new UserError(
    'provider-unavailable',
    `The AWS provider for Terraform could not be installed (${source}).`,
    'allow https://registry.terraform.io and https://releases.hashicorp.com, or put a provider mirror in ~/.terraform.d/plugins or TF_PLUGIN_CACHE_DIR (made by: terraform providers mirror DIR)',
    `${lines}\n  Log: ${log}`,
  );

export const providerChecksum = (dir: string, lockFile: string, found: string | null) =>
  new UserError(
    'provider-checksum',
    `The AWS provider in ${dir} is not the one that ${lockFile} records${found ? ` (found ${found})` : ''}.`,
    'find out who changed the package or the lock file. If the change is wanted: terraform providers lock -platform=<os_arch>, and commit the lock file',
    'Nothing is run with a provider whose checksum is wrong.',
  );

export const providerChanged = (dir: string) =>
  new UserError(
    'provider-changed',
    `The AWS provider in ${dir} changed while it was in use.`,
    'find out who changed it, then run again: it will be checked against the lock file',
    'It is checked once per run, and this is no longer the package that was checked.',
    1,
  );

// ---- aws -------------------------------------------------------------------------------------------------------

/** The line of an SDK error that a person can use, without its stack. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}

/** Whether AWS itself said no: only then an SDK error knows a status. */
function answered(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode !== undefined;
}

export function callerIdentityFailed(error: unknown, region: string): UserError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new UserError(
      'no-credentials',
      'No AWS credentials were found.',
      'sign in (aws sso login, aws login) or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      reasonOf(error),
    );
  }
  if (answered(error)) {
    return new UserError(
      'credentials-refused',
      `AWS refused the credentials in ${region}.`,
      'sign in again, or check AWS_PROFILE and the clock of this machine.',
      `${name}: ${reasonOf(error)}`,
    );
  }
  return awsUnreachable(error, region);
}

export function regionListFailed(error: unknown, region: string): UserError {
  return new UserError(
    'regions-unknown',
    `The account's list of regions could not be read in ${region}.`,
    'allow ec2:DescribeRegions to these credentials, or check the network, and run again.',
    `${error instanceof Error ? error.name : 'Error'}: ${reasonOf(error)}. Without the list nobody can say which regions need monitoring.`,
  );
}

export function assumeRoleFailed(error: unknown, roleArn: string, region: string): UserError {
  if (!answered(error)) return awsUnreachable(error, region);
  return new UserError(
    'role-refused',
    `The role ${roleArn} could not be assumed, so the regions of its account are unknown.`,
    'let these credentials assume it (roles[].deploymentRoleArn), or set roles[].monitor to false.',
    `${error instanceof Error ? error.name : 'Error'}: ${reasonOf(error)}`,
  );
}

function awsUnreachable(error: unknown, region: string): UserError {
  return new UserError(
    'aws-unreachable',
    `AWS could not be reached in ${region}.`,
    'check the network, the proxy and AWS_ENDPOINT_URL, and run again.',
    reasonOf(error),
  );
}

export function wrongAccount(actual: string, arn: string, wanted: string): UserError {
  return new UserError(
    'wrong-account',
    `These credentials belong to account ${actual} (${arn}), but securityAccountId is ${wanted}.`,
    `use credentials of account ${wanted}, or correct securityAccountId.`,
  );
}

export function wrongPartition(partition: string, region: string): UserError {
  return new UserError(
    'wrong-partition',
    `These credentials belong to partition ${partition}, but the primary region is ${region}.`,
    `use credentials of the right partition, or set primaryRegion to a region of ${partition}.`,
  );
}

// ---- emulator --------------------------------------------------------------------------------------------------

const INSTALL_MOTO = "python3 -m pip install 'moto[server]>=5.2,<6'";

export function pythonTooOld(wanted: string, found: string | undefined): UserError {
  return new UserError(
    'emulator-missing',
    `The AWS emulator needs Python ${wanted} or newer, ${found === undefined ? 'and none is on PATH' : `and PATH has only ${found}`}.`,
    `install Python ${wanted} or newer (https://www.python.org/downloads/), then: ${INSTALL_MOTO}`,
  );
}

export function emulatorInstallFailed(step: string, output: string): UserError {
  const lastLines = output.trim().split('\n').slice(-3).join('\n  ');
  return new UserError(
    'emulator-missing',
    'The AWS emulator (the Python package moto) is not installed, and could not be installed for this project.',
    `${INSTALL_MOTO}`,
    `"python -m ${step}" failed:\n  ${lastLines}`,
  );
}

export function emulatorPortTaken(port: number): UserError {
  return new UserError(
    'emulator-port-taken',
    `Port ${port} of 127.0.0.1 is in use, so the AWS emulator can't listen on it.`,
    'choose another port, or leave --port out to take any free one.',
  );
}

export function emulatorPortInvalid(value: string): UserError {
  return new UserError(
    'emulator-port-invalid',
    `--port must be a whole number from 0 to 65535, got: '${value}'.`,
    'for example: npm run emulator -- --port 5005',
  );
}

export function emulatorDidNotStart(output: string): UserError {
  const lastLines = output.trim().split('\n').slice(-5).join('\n  ');
  return new UserError(
    'emulator-did-not-start',
    'The AWS emulator ended before it was ready.',
    `check the Python it runs in, or install it anew: ${INSTALL_MOTO}`,
    lastLines || 'It said nothing.',
  );
}

export function emulatorStopped(): UserError {
  return new UserError(
    'emulator-stopped',
    'The AWS emulator ended by itself.',
    'start it again: npm run emulator',
    undefined,
    1,
  );
}

// ---- rollout ---------------------------------------------------------------------------------------------------

export const duplicateStack = (stack: string): UserError =>
  new UserError('duplicate-stack', `Stack "${stack}" is listed twice.`, 'give every stack its own id.');

export const unknownDependency = (stack: string, dependency: string): UserError =>
  new UserError(
    'unknown-dependency',
    `Stack "${stack}" depends on "${dependency}", which isn't part of this run.`,
    `add "${dependency}" to the run, or remove it from what "${stack}" depends on.`,
  );

/** @param path stack ids, the first repeated at the end */
export const dependencyCycle = (path: readonly string[]): UserError =>
  new UserError(
    'dependency-cycle',
    `The stacks wait for each other: ${path.join(' -> ')}.`,
    'remove one of these dependencies.',
  );

export const journalUnreadable = (file: string, why: string): UserError =>
  new UserError(
    'journal-unreadable',
    `The record of the last run, ${file}, can't be read.`,
    'run again without --resume: finished stacks are found unchanged.',
    why,
  );

export const noRunToResume = (): UserError =>
  new UserError('nothing-to-resume', 'There is no earlier run to resume.', 'run again without --resume.');

export const allDone = (command: string): UserError =>
  new UserError(
    'nothing-to-resume',
    `The last run of ${command} finished every stack: there is nothing to resume.`,
    'run again without --resume to check every stack.',
  );

export const workspaceInUse = (
  holder: { readonly command: string; readonly pid: number; readonly host: string; readonly since: string },
  file: string,
): UserError =>
  new UserError(
    'workspace-in-use',
    `npm run ${holder.command} is running in this folder: process ${holder.pid} on ${holder.host}, since ${holder.since}.`,
    `wait until it has ended (--lock-timeout 600 waits up to ten minutes). If ${holder.host} is certain to have died: rm ${file}`,
    'Two runs would write the same files.',
  );

/** @param difference what isn't as it was then, for example `account: 111122223333 then, 444455556666 now` */
export const resumeRefused = (difference: string): UserError =>
  new UserError(
    'resume-refused',
    "The last run can't be resumed: it isn't the same run any more.",
    'undo the difference, or run again without --resume.',
    difference,
  );

// ---- operations ------------------------------------------------------------------------------------------------

/** https://aws.amazon.com/blogs/compute/expanding-cross-region-event-routing-with-amazon-eventbridge/ */
export function noForwarding(partition: string, regions: readonly string[]): UserError {
  return new UserError(
    'no-forwarding',
    `EventBridge does not forward events between regions of ${partition}: ${regions.join(', ')} would look covered and alert nobody.`,
    'deploy to the primary region alone by listing only it in "regions", and watch the others by other means.',
  );
}

export function noRecipients(): UserError {
  return new UserError(
    'no-recipients',
    'Nobody would get the alerts: neither an e-mail address nor an https endpoint is configured.',
    'pass --email security@example.com, set EMAIL_ADDRESS, or fill alerts.emails in break-glass.config.ts.',
  );
}

export function confirmationNeeded(command: string): UserError {
  return new UserError(
    'confirmation-needed',
    'There is no terminal to ask for confirmation, so nothing was done.',
    `run "npm run ${command} -- --yes" to go ahead without questions, or "-- --plan" to see what would change.`,
  );
}

export function usage(problem: string, command: string): UserError {
  return new UserError('usage', problem, `see npm run ${command} -- --help.`);
}

export function reportNotWritable(file: string, reason: string): UserError {
  return new UserError(
    'report',
    `The report can't be written to ${file}.`,
    'name a file in an existing, writable folder.',
    reason,
  );
}

/** Several mistakes of one kind in one message, so that nobody has to find them one run after another. */
export function allOf(errors: readonly UserError[]): UserError {
  const [first, ...rest] = errors;
  if (first === undefined) throw new Error('allOf needs an error');
  if (rest.length === 0) return first;
  return new UserError(first.code, errors.map(error => error.message).join('\n'), '');
}

// ---- modules ---------------------------------------------------------------------------------------------------

export const moduleFileNotOurs = (file: string): UserError =>
  new UserError(
    'module-file',
    `${file} is in the way: no earlier run of npm run modules wrote it. Nothing was written.`,
    'choose another folder with --out, or move the file away.',
  );

// ---- benchmark -------------------------------------------------------------------------------------------------

export const benchNeedsLinux = (platform: string): UserError =>
  new UserError(
    'bench-platform',
    `The benchmark runs on Linux only, and this is ${platform}.`,
    'run it on Linux, or in a container on this machine.',
    'processor time and memory of whole process trees are read from /proc.',
  );

export const benchResultsUnreadable = (file: string, reason: string): UserError =>
  new UserError(
    'bench-results',
    `There are no results to draw in ${file}.`,
    'run npm run bench without --render first, or name its folder with --out.',
    reason,
  );

export const benchWithoutSha = (architecture: string): UserError =>
  new UserError(
    'bench-platform',
    `--without-sha works on x64 only, and this is ${architecture}.`,
    'leave --without-sha out.',
  );

export const benchNotComparable = (): UserError =>
  new UserError(
    'bench-not-comparable',
    'results.json was measured on another machine, with other versions, or with other resources.',
    'leave --add out, or name another folder with --out.',
  );
