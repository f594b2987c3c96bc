import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { parseConfig } from '../../src/config/schema.ts';
import { fireDrill, type DrillOutcome } from '../../src/operations/fire-drill.ts';
import { preflight, type Preflight } from '../../src/operations/preflight.ts';
import { rollOut } from '../../src/operations/rollout.ts';
import { stackGraph } from '../../src/operations/stack-graph.ts';
import { stackDir, workspaceAt, type Workspace } from '../../src/operations/workspace.ts';
import { createInterrupt } from '../../src/rollout/interrupt.ts';
import type { RunMode, StackNode, Summary } from '../../src/rollout/types.ts';
import { PRIMARY_STACK_ID } from '../../src/stacks/ids.ts';
import { findTerraform, type TerraformBinary } from '../../src/terraform/find-terraform.ts';
import { readOutputs } from '../../src/terraform/outputs.ts';
import { forwardInterrupt } from '../../src/terraform/run.ts';
import { outputOf, rendererFor, say, type Output } from './output.ts';
import { machineConcurrency, PROJECT_ROOT } from './rollout.ts';
import { alertsText, closingLines, keepText, stepLine } from './demo-screens.ts';

export interface DemoFlags {
  readonly regions?: string[];
  readonly keep: boolean;
}

/** The second account, which the break glass user may enter. The emulator has every account that somebody names. */
const TARGET_ACCOUNT = '111122223333';
const ROLE = 'BreakGlassRole';

/** What the demonstration leaves out, said where it leaves it out. */
const QUICKER =
  "             to be quick without dead-letter queues and the role's own monitoring; a real deployment has both";

interface Demo {
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly workspace: Workspace;
  readonly terraform: TerraformBinary;
  readonly checked: Preflight;
  readonly nodes: readonly StackNode[];
  readonly signal: AbortSignal;
}

/** The main job on a local AWS, by the same functions as deploy:all and destroy:all. */
export async function demonstrate(flags: DemoFlags): Promise<number> {
  const output = outputOf(process.env, false);
  const interrupt = createInterrupt({ onSecond: () => forwardInterrupt() });
  const config = parseConfig(
    {
      alerts: { emails: ['security@example.com'] },
      roles: [
        {
          accountId: TARGET_ACCOUNT,
          name: ROLE,
          deploymentRoleArn: `arn:aws:iam::${TARGET_ACCOUNT}:role/OrganizationAccountAccessRole`,
          // Another 17 stacks, to show the same again from the other side.
          monitor: false,
        },
      ],
      // Terraform's provider waits 25 seconds for each queue, and here nothing gets lost that would fill one.
      monitoring: { deadLetterQueues: false },
      ...(flags.regions === undefined ? {} : { regions: flags.regions }),
    },
    '--regions',
  );
  const workspace = workspaceAt(join(PROJECT_ROOT, '.break-glass', 'demo'));
  // What an earlier demonstration left belongs to an emulator that is gone.
  clear(workspace);
  mkdirSync(workspace.workDir, { recursive: true });
  say(output, 'Break glass access on a local AWS. Nothing leaves this machine.\n');

  let emulator: Emulator | undefined;
  let keep = false;
  try {
    const terraform = await findTerraform(process.env);
    const started = Date.now();
    emulator = await startEmulator({
      env: process.env,
      logFile: join(workspace.workDir, 'emulator.log'),
      exitWithParent: !flags.keep,
      onNotice: notice => say(output, notice),
    });
    say(output, stepLine(1, 'Emulator', `ready at ${emulator.endpoint}`, Date.now() - started));
    const env = emulatorEnv(emulator.endpoint, { env: withoutTerraformVariables(process.env) });
    const checked = await preflight(config, env, true);
    const enabled = checked.regions.filter(region => region.status === 'enabled');
    say(
      output,
      stepLine(
        2,
        'Discover',
        `${enabled.length} enabled regions of ${checked.regions.length}, account ${checked.identity.accountId}`,
      ),
    );
    const nodes = stackGraph(checked.config, checked.identity.accountId, checked.plan.secondaries, checked.roleRegions);
    say(
      output,
      stepLine(
        3,
        'Plan',
        `${nodes.length} stacks: ${PRIMARY_STACK_ID} in ${checked.plan.primary}, ${checked.plan.secondaries.length} forwarders, 1 role in account ${TARGET_ACCOUNT}`,
      ),
    );
    say(output, QUICKER);
    const demo: Demo = { output, env, workspace, terraform, checked, nodes, signal: interrupt.signal };

    say(output, stepLine(4, 'Deploy', 'real Terraform, real AWS provider'));
    const deployed = await rollout(demo, 'apply');
    if (deployed.exitCode !== 0) return deployed.exitCode;

    const outcomes = await drill(demo);
    for (const line of alertsText(outcomes, checked.plan.primary)) say(output, line);
    const delivered = outcomes.filter(outcome => outcome.deliveries === 1).length;
    const right = delivered === outcomes.length;

    if (flags.keep) {
      keep = true;
      for (const line of keepText(emulator, relative(process.cwd(), workspace.root) || '.')) say(output, line);
    } else {
      say(output, stepLine(6, 'Destroy', 'in reverse: the primary region last'));
      const destroyed = await rollout(demo, 'destroy');
      if (destroyed.exitCode !== 0) return destroyed.exitCode;
    }
    for (const line of closingLines(deployed, delivered, outcomes.length)) say(output, line);
    return right ? 0 : 1;
  } finally {
    interrupt.dispose();
    if (!keep) {
      await emulator?.stop();
      clear(workspace);
    }
  }
}

function clear(workspace: Workspace): void {
  for (const folder of [workspace.outdir, workspace.stateDir]) rmSync(folder, { recursive: true, force: true });
}

async function rollout(demo: Demo, mode: RunMode): Promise<Summary> {
  const renderer = rendererFor(demo.output);
  try {
    return await rollOut({
      command: mode === 'apply' ? 'deploy:all' : 'destroy:all',
      mode,
      preflight: demo.checked,
      workspace: demo.workspace,
      terraform: demo.terraform,
      nodes: demo.nodes,
      env: demo.env,
      concurrency: machineConcurrency(demo.nodes.length),
      signal: demo.signal,
      onEvent: event => renderer.handle(event),
      onNotice: notice => {
        if (mode === 'apply') say(demo.output, `Using ${notice}`);
      },
    });
  } finally {
    renderer.close();
  }
}

async function drill({ output, env, workspace, terraform, checked }: Demo): Promise<readonly DrillOutcome[]> {
  const { config, identity, plan } = checked;
  const outputs = await readOutputs({ terraform, stackDir: stackDir(workspace, PRIMARY_STACK_ID), env });
  say(
    output,
    `\n${stepLine(5, 'Drill', `${config.users[0]?.name} signs in, switches and assumes a role in each of ${plan.covered.length} regions`)}`,
  );
  return fireDrill({
    env,
    subject: {
      partition: identity.partition,
      accountId: identity.accountId,
      userName: config.users[0]?.name ?? '',
      roleName: ROLE,
    },
    topicArn: String(outputs.topic_arn),
    primaryRegion: plan.primary,
    regions: plan.covered,
    drillId: 'demo',
    now: Date.now,
  });
}

/** Somebody's TF_VAR_* for a real deployment must not reach the demonstration. */
function withoutTerraformVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TF_VAR_')));
}
