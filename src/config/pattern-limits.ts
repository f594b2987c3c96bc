/** Whether what is to be watched fits into event patterns, which have 2,048 characters at most. Pure. */
import { arrivingAccountDetections, securityDetections } from '../detection/detections.ts';
import { MAX_PATTERN_LENGTH } from '../detection/patterns.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { topicArn } from '../policies/arns.ts';
import type { Problem } from './problems.ts';
import { partitionOf } from './regions.ts';
import type { BreakGlassConfig } from './schema.ts';
import { monitoredRoles, watchOf } from './watch.ts';

/** Problems of a configuration that is right in all else. */
export function patternProblems(config: BreakGlassConfig): Problem[] {
  const partition = partitionOf(config.primaryRegion) ?? 'aws';
  // Any account has 12 digits.
  const watch = watchOf(config, partition, config.securityAccountId ?? '0'.repeat(12));
  const { elsewhere } = monitoredRoles(config, partition);
  const longest = (detections: readonly { readonly pattern: object }[]) =>
    Math.max(0, ...detections.map(({ pattern }) => JSON.stringify(pattern).length));
  const regions = [config.primaryRegion, config.standbyRegion ?? config.primaryRegion];
  const names = [DEFAULT_NAMES.topic, ...(config.alerts.chat === null ? [] : [config.alerts.chat.topicName])];
  const place = { partition, accountId: watch.accountId };
  const alertPath = {
    topicArns: [...new Set(regions)].flatMap(region => names.map(name => topicArn({ ...place, region }, name))),
    // A key's id is a UUID, or that long.
    keys: ['k'.repeat(36), `arn:${partition}:kms:${config.primaryRegion}:${watch.accountId}:key/${'k'.repeat(36)}`],
    keyAlias: DEFAULT_NAMES.keyAlias,
    logGroup: DEFAULT_NAMES.auditLog,
    logPolicy: DEFAULT_NAMES.auditLogPolicy,
  };
  const usersOnly = { iam: true, otherPath: config.primaryRegion };
  return [
    {
      path: ['users'],
      length: longest(securityDetections(watch, usersOnly)),
      what: 'names and boundaries of the users',
    },
    {
      path: ['alerts', 'chat', 'topicName'],
      length: longest(
        securityDetections(watch, { iam: false, alertPath }).filter(({ id }) => id === 'tamper-alert-path'),
      ),
      what: 'names of the topics',
    },
    {
      path: ['roles'],
      length: longest(arrivingAccountDetections(elsewhere, watch.users, config.monitoring)),
      what: 'names of the users and of the monitored roles',
    },
  ]
    .filter(({ length }) => length > FITTING)
    .map(({ path, length, what }) => ({
      path,
      received: `makes an event pattern of ${length} characters`,
      rule: `must fit into ${FITTING}: the ${what} are too long together`,
      fix: 'use fewer or shorter names',
    }));
}

/** Some characters are left for a forwarding rule's region. */
const FITTING = MAX_PATTERN_LENGTH - '"region":["ap-northeast-1"],'.length;
