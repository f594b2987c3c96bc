/**
 * Rules between values. They read the input as a person wrote it and skip what isn't readable, so that one pass
 * reports them beside the values that are wrong by themselves. Pure.
 */
import { DEFAULT_NAMES } from '../names.ts';
import { receivedText, pathText, valueAt } from './problems.ts';
import type { Path, Problem } from './problems.ts';
import { globalRegion, partitionOf } from './regions.ts';
import { policyArn, roleArn, userArn } from './rules.ts';
import { defaultPrimaryRegion } from './shape.ts';

interface Entry {
  readonly path: Path;
  readonly value: string;
}

/** Finds every broken relation in an unchecked configuration. */
export function relationProblems(input: unknown): Problem[] {
  return [...regionProblems(input), ...duplicateProblems(input), ...arnProblems(input)];
}

function entryAt(input: unknown, ...path: Path): Entry[] {
  const value = valueAt(input, path);
  return typeof value === 'string' ? [{ path, value }] : [];
}

/** The texts of a list; with `key`, that key of each of its objects. */
function entries(input: unknown, path: Path, key?: string): Entry[] {
  const list = valueAt(input, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, index) => entryAt(input, ...path, index, ...(key === undefined ? [] : [key])));
}

const problem = ({ path, value }: Entry, rule: string, fix = ''): Problem => ({
  path,
  received: receivedText(value),
  rule,
  fix,
});

function regionProblems(input: unknown): Problem[] {
  const primary = valueAt(input, ['primaryRegion']) ?? defaultPrimaryRegion;
  const partition = typeof primary === 'string' ? partitionOf(primary) : null;
  if (typeof primary !== 'string' || partition === null) return [];
  const global = globalRegion(partition);
  const globalReason = 'IAM, root and global-endpoint events are recorded there';
  const reasons = new Map([
    [primary, 'it is the primary region'],
    [global, globalReason],
  ]);

  const standby = entryAt(input, 'standbyRegion');
  for (const { value } of standby) if (!reasons.has(value)) reasons.set(value, 'it is the standby region');
  const listed = entries(input, ['regions']);
  const excluded = entries(input, ['excludeRegions']);
  const foreign = [...standby, ...listed, ...excluded, ...entryAt(input, 'backend', 'region')]
    .filter(({ value }) => ![partition, null].includes(partitionOf(value)))
    .map(entry => problem(entry, `must be in partition ${partition}, like the primary region ${primary}`));
  const same = standby
    .filter(({ value }) => value === primary)
    .map(entry => problem(entry, 'must differ from the primary region: one outage would take both'));
  const alone = standby
    .filter(({ value }) => partition !== 'aws' && partitionOf(value) === partition)
    .map(entry => problem(entry, `must be null: EventBridge does not forward between regions of ${partition}`));
  const left = Array.isArray(valueAt(input, ['regions']))
    ? [...reasons]
        .filter(([name]) => !listed.some(({ value }) => value === name))
        .map(([name, reason]) => ({
          path: ['regions'],
          received: receivedText(valueAt(input, ['regions'])),
          rule: `must contain ${name}: ${reason}`,
          fix: `add "${name}"`,
        }))
    : [];
  const shut = excluded
    .filter(({ value }) => reasons.has(value))
    .map(entry => problem(entry, `must not hold ${entry.value}: ${reasons.get(entry.value)}`, 'remove it'));
  return [...same, ...foreign, ...alone, ...left, ...shut];
}

/** What may stand only once. IAM and mail don't tell upper from lower case. */
function duplicateProblems(input: unknown): Problem[] {
  const roles = entries(input, ['roles'], 'accountId');
  const perRole = roleIndexes(input).flatMap(index => [
    entries(input, ['roles', index, 'managedPolicyArns']),
    entries(input, ['roles', index, 'trustedUserArns']),
  ]);
  return [
    ...repeats(entries(input, ['regions'])),
    ...repeats(entries(input, ['excludeRegions'])),
    ...repeats(entries(input, ['alerts', 'emails']), value => value.toLowerCase()),
    ...repeats(entries(input, ['alerts', 'httpsEndpoints'])),
    ...entryAt(input, 'alerts', 'chat', 'topicName')
      .filter(({ value }) => value === DEFAULT_NAMES.topic)
      .map(entry => problem(entry, 'must not be the name of the topic of the mails', 'choose another')),
    ...repeats(entries(input, ['users'], 'name'), value => value.toLowerCase()),
    ...repeats(roles, value => value, 'one role per account'),
    ...perRole.flatMap(list => repeats(list)),
  ];
}

function repeats(list: readonly Entry[], same = (value: string) => value, fix = 'remove one'): Problem[] {
  return list.flatMap((entry, index) => {
    const first = list.findIndex(other => same(other.value) === same(entry.value));
    return first === index ? [] : [problem(entry, `repeats ${pathText(list[first]!.path)}`, fix)];
  });
}

function roleIndexes(input: unknown): number[] {
  const roles = valueAt(input, ['roles']);
  return Array.isArray(roles) ? roles.map((_, index) => index) : [];
}

/** ARNs that are well formed but point into another partition or account. */
function arnProblems(input: unknown): Problem[] {
  const primary = valueAt(input, ['primaryRegion']) ?? defaultPrimaryRegion;
  const partition = typeof primary === 'string' ? partitionOf(primary) : null;
  const elsewhere = (entry: Entry) =>
    partition === null || entry.value.split(':')[1] === partition
      ? []
      : [problem(entry, `must be in partition ${partition}, like the primary region ${primary}`)];
  const outside = (entry: Entry, account: unknown, rule: string) =>
    typeof account !== 'string' || ['aws', account].includes(entry.value.split(':')[4]!) ? [] : [problem(entry, rule)];

  const boundaries = entries(input, ['users'], 'permissionsBoundaryArn').filter(({ value }) =>
    policyArn.accepts(value),
  );
  const security = valueAt(input, ['securityAccountId']) ?? null;
  const ofUsers = boundaries.flatMap(entry => [
    ...elsewhere(entry),
    ...outside(entry, security, `must be a policy of AWS or of account ${String(security)} (securityAccountId)`),
  ]);
  const ofRoles = roleIndexes(input).flatMap(index => {
    const account = valueAt(input, ['roles', index, 'accountId']);
    const policies = entries(input, ['roles', index, 'managedPolicyArns']).filter(({ value }) =>
      policyArn.accepts(value),
    );
    const users = entries(input, ['roles', index, 'trustedUserArns']).filter(({ value }) => userArn.accepts(value));
    const deployers = entryAt(input, 'roles', index, 'deploymentRoleArn').filter(({ value }) => roleArn.accepts(value));
    return [
      ...[...policies, ...users, ...deployers].flatMap(elsewhere),
      ...policies.flatMap(entry => outside(entry, account, `must be a policy of AWS or of account ${String(account)}`)),
      ...deployers.flatMap(entry => outside(entry, account, `must be a role of account ${String(account)}`)),
    ];
  });
  return [...ofUsers, ...ofRoles];
}
