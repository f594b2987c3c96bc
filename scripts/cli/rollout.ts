import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type ConfigOverrides } from '../../src/config/load.ts';
import { notYet } from '../../src/config/not-yet.ts';
import { confirmationNeeded, reportNotWritable, UserError } from '../../src/errors.ts';
import { formerStacks } from '../../src/operations/former-stacks.ts';
import { preflight } from '../../src/operations/preflight.ts';
import { rollOut } from '../../src/operations/rollout.ts';
import type { Concurrency } from '../../src/operations/rollout-request.ts';
import { stackGraph } from '../../src/operations/stack-graph.ts';
import { workspaceAt } from '../../src/operations/workspace.ts';
import { defaultConcurrency } from '../../src/rollout/concurrency.ts';
import { createInterrupt } from '../../src/rollout/interrupt.ts';
import type { RunMode } from '../../src/rollout/types.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { forwardInterrupt } from '../../src/terraform/run.ts';
import { parse, rolloutCommand, type RolloutFlags } from './flags.ts';
import { columnsOf, outputOf, rendererFor, say, type Output } from './output.ts';
import { overview } from './overview.ts';
import { askEmails, askPrimaryRegion, askToConfirm, Declined } from './prompts.ts';

export const PROJECT_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** deploy:all and destroy:all: flags, configuration, preflight, confirmation, one rollout, exit code. */
export async function rolloutScript(name: 'deploy:all' | 'destroy:all', argv: readonly string[]): Promise<number> {
  const flags = parse<RolloutFlags>(rolloutCommand(name), name, argv);
  if (flags === null) return 0;
  const output = outputOf(process.env, flags.json);
  try {
    return await rollout(name, flags, output);
  } catch (error) {
    if (error instanceof Declined) return error.exitCode;
    if (output.json && error instanceof UserError) {
      const { code, what, why, fix } = error;
      const line = {
        type: 'error',
        time: new Date().toISOString(),
        code,
        message: what,
        why,
        fix,
        exitCode: error.exitCode,
      };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
    throw error;
  }
}

async function rollout(name: 'deploy:all' | 'destroy:all', flags: RolloutFlags, output: Output): Promise<number> {
  const { env } = process;
  const mode: RunMode = flags.plan ? 'plan' : name === 'deploy:all' ? 'apply' : 'destroy';
  const asks = !flags.yes && mode !== 'plan';
  if (asks && (flags.json || !process.stdin.isTTY || !process.stdout.isTTY)) throw confirmationNeeded(name);
  if (flags.report !== undefined) assertWritable(flags.report);

  const { config, notices } = await loadForPerson(flags, env, asks, mode);
  const [terraform, checked] = await Promise.all([findTerraform(env), preflight(config, env, mode !== 'destroy')]);
  const workspace = workspaceAt(PROJECT_ROOT);
  const wanted = stackGraph(checked.config, checked.identity.accountId, checked.plan.secondaries, checked.roleRegions);
  const former = formerStacks(workspace, checked, wanted);
  const nodes = mode === 'destroy' ? [...wanted, ...former.nodes] : wanted;
  // A plan shows what is wanted; what would be pruned is in its notes.
  const pruned = flags.prune && mode === 'apply' ? former.nodes : [];

  for (const notice of [...notices, ...notYet(config), ...former.notices(mode, flags.prune === true)]) {
    say(output, `Note: ${notice}`);
  }
  say(output, `${overview(checked, nodes, mode, columnsOf(output))}\n`);
  if (asks) await askToConfirm(question(mode, checked.plan.covered.length));

  const interrupt = createInterrupt({ onFirst: () => renderer.handle(interrupted(1)), onSecond: passOn });
  const renderer = rendererFor(output);
  function passOn(times: number): void {
    renderer.handle(interrupted(times));
    forwardInterrupt();
  }
  try {
    const summary = await rollOut({
      command: name,
      mode,
      preflight: checked,
      workspace,
      terraform,
      nodes,
      formerRegions: mode === 'destroy' || pruned.length > 0 ? former.regions : [],
      pruned,
      env,
      concurrency: flags.concurrency ?? machineConcurrency(nodes.length + pruned.length),
      lockTimeoutSeconds: flags.lockTimeout,
      verifyProvider: flags.verifyProvider,
      signal: interrupt.signal,
      resume: flags.resume,
      onEvent: event => renderer.handle(event),
      onNotice: notice => say(output, `Using ${notice}`),
    });
    if (flags.report !== undefined) writeFileSync(flags.report, `${JSON.stringify(summary, null, 2)}\n`);
    return summary.exitCode;
  } finally {
    renderer.close();
    interrupt.dispose();
  }
}

async function loadForPerson(flags: RolloutFlags, env: NodeJS.ProcessEnv, asks: boolean, mode: RunMode) {
  const load = (overrides: ConfigOverrides) => loadConfig({ root: PROJECT_ROOT, file: flags.config, env, overrides });
  const given: ConfigOverrides = {
    emails: flags.email,
    primaryRegion: flags.primaryRegion,
    regions: flags.regions,
    excludeRegions: flags.excludeRegions,
  };
  const loaded = await load(given);
  if (!asks) return loaded;
  const { config } = loaded;
  const emails = flags.email ?? (mode === 'apply' ? await askEmails(config.alerts.emails) : config.alerts.emails);
  const primaryRegion = flags.primaryRegion ?? (await askPrimaryRegion(config.primaryRegion));
  return load({ ...given, emails, primaryRegion });
}

function question(mode: RunMode, regions: number): string {
  const plural = regions === 1 ? 'region' : 'regions';
  return mode === 'destroy' ? `Destroy everything in ${regions} ${plural}?` : `Deploy to ${regions} ${plural}?`;
}

function interrupted(times: number) {
  return { type: 'interrupt', time: new Date().toISOString(), times } as const;
}

/** From cores and free memory; with idle processors it rises to what memory allows. */
export function machineConcurrency(stacks: number): Concurrency {
  // A container's limit is lower than the machine's memory; Node knows it since 20.13.
  const freeMemoryBytes = process.availableMemory?.() ?? freemem();
  const machine = { freeMemoryBytes, stacks };
  return {
    base: defaultConcurrency({ ...machine, cores: availableParallelism() }),
    max: defaultConcurrency({ ...machine, cores: Infinity }),
  };
}

/** Found out before the first change, not after the last. */
function assertWritable(file: string): void {
  try {
    accessSync(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    throw reportNotWritable(file, error instanceof Error ? error.message : String(error));
  }
}
