import { callerIdentity, type CallerIdentity } from '../aws/identity.ts';
import { accountRegions, type AccountRegion } from '../aws/regions.ts';
import { settingsInRole } from '../aws/assume-role.ts';
import { settingsFrom } from '../aws/settings.ts';
import { planRegions, planRoleRegions, type RegionPlan } from '../config/region-plan.ts';
import { globalRegion, partitionOf } from '../config/regions.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { monitoredRoles } from '../config/watch.ts';
import { allOf, noForwarding, noRecipients, UserError, wrongAccount, wrongPartition } from '../errors.ts';
import type { RoleRegions } from '../stacks/app.ts';

/** What is known before the first change. */
export interface Preflight {
  /** The configuration with the account filled in, so that every stack refuses other credentials. */
  readonly config: BreakGlassConfig;
  readonly identity: CallerIdentity;
  readonly regions: readonly AccountRegion[];
  readonly plan: RegionPlan;
  /** Regions of each account with a monitored role, from that account's own list. */
  readonly roleRegions: RoleRegions;
}

/**
 * Asks AWS who we are and which regions there are, and compares both with the configuration. Changes nothing.
 *
 * @param alertsNeeded whether a deployment without any recipient is an error (a teardown needs none)
 * @throws UserError with exit code 2 for everything that should stop a run before its first change
 */
export async function preflight(
  config: BreakGlassConfig,
  env: NodeJS.ProcessEnv,
  alertsNeeded: boolean,
): Promise<Preflight> {
  if (alertsNeeded && config.alerts.emails.length === 0 && config.alerts.httpsEndpoints.length === 0)
    throw noRecipients();
  const partition = partitionOf(config.primaryRegion) ?? 'aws';
  // IAM's own region first: it can't be disabled, while the primary may turn out not to be enabled.
  const askIn = [...new Set([globalRegion(partition), config.primaryRegion])];
  const identity = await firstAnswer(askIn, region => callerIdentity(settingsFrom(env, region)));
  if (identity.partition !== partition) throw wrongPartition(identity.partition, config.primaryRegion);
  if (config.securityAccountId !== null && config.securityAccountId !== identity.accountId) {
    throw wrongAccount(identity.accountId, identity.arn, config.securityAccountId);
  }
  const regions = await firstAnswer(askIn, region => accountRegions(settingsFrom(env, region)));
  const plan = planRegions(config, regions);
  if (alertsNeeded && partition !== 'aws' && plan.secondaries.length > 0)
    throw noForwarding(partition, plan.secondaries);
  // A teardown goes on: what can't be reached is said by its own stack.
  if (alertsNeeded && plan.problems.length > 0) throw allOf(plan.problems);
  const known = { ...config, securityAccountId: identity.accountId };
  const roleRegions = await regionsOfRoles(known, partition, askIn, env, alertsNeeded);
  return { config: known, identity, regions, plan, roleRegions };
}

/**
 * Every account is asked by the role that deploys there, all at the same time; all refusals are told together. A teardown
 * goes on with the security account's regions: what can't be reached is said by its own stack.
 */
async function regionsOfRoles(
  config: BreakGlassConfig,
  partition: string,
  askIn: readonly string[],
  env: NodeJS.ProcessEnv,
  mustKnow: boolean,
): Promise<RoleRegions> {
  const { elsewhere } = monitoredRoles(config, partition);
  const roles = config.roles.filter(role => elsewhere.some(({ accountId }) => accountId === role.accountId));
  const asked = await Promise.allSettled(
    roles.map(async ({ accountId, deploymentRoleArn }) => {
      const asking = firstAnswer(askIn, async region =>
        accountRegions(await settingsInRole(settingsFrom(env, region), deploymentRoleArn)),
      );
      const list = await (mustKnow ? asking : asking.catch(() => null));
      return [accountId, planRoleRegions(config, list)] as const;
    }),
  );
  const failures = asked.flatMap(answer => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const unknown = failures.find(failure => !(failure instanceof UserError));
  if (unknown !== undefined) throw unknown;
  if (failures.length > 0) throw allOf(failures.filter(failure => failure instanceof UserError));
  return Object.fromEntries(asked.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : [])));
}

/** When one region can't be reached the next one is asked: an outage must not stop the people who prepare for it. */
async function firstAnswer<T>(regions: readonly string[], ask: (region: string) => Promise<T>): Promise<T> {
  let first: unknown;
  for (const region of regions) {
    try {
      return await ask(region);
    } catch (error) {
      first ??= error;
      if (!(error instanceof UserError) || error.code === 'no-credentials' || error.code === 'credentials-refused')
        throw error;
    }
  }
  throw first;
}
