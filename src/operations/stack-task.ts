import { join } from 'node:path';
import { findKey } from '../aws/kms-keys.ts';
import { settingsFrom } from '../aws/settings.ts';
import { defaultRegions, partitionOf } from '../config/regions.ts';
import type { CutOff } from '../rollout/journal-state.ts';
import type { StackTask } from '../rollout/types.ts';
import { applyAdopting, destroyAdopting, type KeySearch } from '../terraform/adopt.ts';
import { applyStack, destroyStack, planStack } from '../terraform/commands.ts';
import type { ProviderPackage } from '../terraform/provider.ts';
import { prepareStackFolder } from '../terraform/stack-folder.ts';
import type { RolloutRequest } from './rollout-request.ts';
import { stackDir } from './workspace.ts';

const ADOPTING = { apply: applyAdopting, destroy: destroyAdopting } as const;
const COMMANDS = { apply: applyStack, destroy: destroyStack, plan: planStack } as const;

/**
 * What is done with one stack of a run.
 * @param cutOff what earlier runs began and didn't finish
 */
export function stackTask(
  request: RolloutRequest,
  provider: ProviderPackage,
  runId: string,
  cutOff: readonly CutOff[],
): StackTask {
  const { mode, preflight, workspace, terraform, lockTimeoutSeconds = 0 } = request;
  const { partition, accountId } = preflight.identity;
  const pruned = new Set(request.pruned?.map(node => node.id));
  // A teardown needs no recipients, but terraform insists on a value for every variable.
  const env =
    mode === 'destroy' && request.env.TF_VAR_emailAddress === undefined
      ? { ...request.env, ...(preflight.config.alerts.emails.length === 0 ? { TF_VAR_emailAddress: '' } : {}) }
      : request.env;
  const defaults = defaultRegions(partitionOf(preflight.plan.primary) ?? 'aws');
  return async (node, { signal, report }) => {
    const logOf = (run: string) => join(workspace.workDir, 'logs', run, `${node.id}.log`);
    const logFile = logOf(runId);
    const folder = stackDir(workspace, node.id);
    const optInRegion = node.region !== 'global' && !defaults.includes(node.region);
    const stack = { terraform, provider, stackDir: folder, env, logFile, signal, optInRegion, lockTimeoutSeconds };
    report({ phase: 'prepare', done: 0, total: null });
    await prepareStackFolder(stack);
    const phase = pruned.has(node.id) ? 'destroy' : mode;
    report({ phase, done: 0, total: null });
    const command = { ...stack, onProgress: report };
    const earlierLogs = cutOff.filter(({ stack }) => stack === node.id).map(({ runId }) => logOf(runId));
    if (phase === 'plan' || earlierLogs.length === 0) return COMMANDS[phase](command);
    const place = { partition, account: node.account ?? accountId, region: node.region };
    const search = (key: KeySearch) => findKey(settingsFrom(env, node.region), key);
    return ADOPTING[phase](command, { place, earlierLogs, findKey: search });
  };
}
