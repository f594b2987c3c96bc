import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StackError } from '../rollout/types.ts';
import type { Environment } from './environment.ts';
import { stackFailure } from './failure.ts';
import type { TerraformBinary } from './find-terraform.ts';
import { ADOPTION_FILE } from './adopt.ts';
import { assertUnchanged, stackLock, type ProviderPackage } from './provider.ts';
import { limitRequestAttempts } from './request-attempts.ts';
import { runTerraform } from './run.ts';

export interface StackFolderRequest {
  readonly terraform: TerraformBinary;
  readonly provider: ProviderPackage;
  /** The synthesized folder, with `cdk.tf.json` in it. */
  readonly stackDir: string;
  readonly env: Environment;
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly optInRegion?: boolean | undefined;
}

const PHASE = 'prepare';
/** Sits beside terraform's own files: what the folder was initialised with. */
const RECORD = 'break-glass.json';

/**
 * Makes a synthesized folder ready for `apply`: lock file, provider linked, backend initialised. Without `terraform init`
 * where nothing changed, and without its hashing of the provider (0.03 s instead of 2 to 7) where something did.
 * @returns whether terraform was run
 * @throws StackError of phase `prepare`; UserError provider-checksum, provider-changed
 */
export async function prepareStackFolder(request: StackFolderRequest): Promise<{ readonly initialised: boolean }> {
  const stackDir = resolve(request.stackDir);
  const settings = await terraformSettings({ ...request, stackDir });
  await limitRequestAttempts(stackDir, request.env);
  // Left by a run that was killed while it adopted: what it names may be in the state by now, or gone.
  await rm(join(stackDir, ADOPTION_FILE), { force: true });
  const mode = initMode(settings);
  const { name, version } = request.terraform;
  const lock = mode === 'full' ? request.provider.lockText : null;
  const key = sha256(JSON.stringify([mode, settings, name, version, lock]));
  const data = join(stackDir, '.terraform');

  if (mode !== 'full') await linkProvider(request.provider, stackDir);
  if (mode === 'none' || (await upToDate(data, key))) return { initialised: false };

  await rm(join(data, RECORD), { force: true });
  await (mode === 'full' ? fullInit(request, stackDir) : backendInit(request, stackDir, settings));
  const state = await readFile(join(data, 'terraform.tfstate'), 'utf8').catch(() => '');
  await writeFile(join(data, RECORD), JSON.stringify({ key, state: sha256(state) }));
  return { initialised: true };
}

/** The `terraform` block of the synthesized JSON, as far as `init` depends on it. */
interface TerraformSettings {
  readonly backend: Readonly<Record<string, unknown>> | null;
  readonly cloud: unknown;
  readonly providers: readonly string[];
}

async function terraformSettings(request: StackFolderRequest): Promise<TerraformSettings> {
  const file = join(request.stackDir, 'cdk.tf.json');
  const fail = (reason: string) =>
    new StackError('invalid', `${file} ${reason}.`, PHASE, request.logFile, 'Synthesize again: npx cdktf synth');
  const text = await readFile(file, 'utf8').catch(() => {
    throw fail('is missing');
  });
  try {
    const { terraform = {} } = JSON.parse(text) as { terraform?: Record<string, Record<string, unknown> | undefined> };
    const sources = Object.entries(terraform.required_providers ?? {}).map(([name, needs]) =>
      typeof needs === 'object' && needs !== null && 'source' in needs ? String(needs.source) : name,
    );
    return { backend: terraform.backend ?? null, cloud: terraform.cloud ?? null, providers: sources };
  } catch {
    throw fail('is not JSON');
  }
}

/**
 * `backend`: the backend block alone, in a folder without configuration. `full`: a plain `terraform init`, for HCP
 * Terraform, whose settings belong to the folder that is uploaded, and for stacks that need more than the AWS provider.
 */
function initMode({ backend, cloud, providers }: TerraformSettings): 'none' | 'backend' | 'full' {
  const others = providers.filter(
    source => !/^((registry\.terraform\.io|registry\.opentofu\.org)\/)?hashicorp\/aws$|^aws$/.test(source),
  );
  if (cloud || backend?.remote || others.length > 0) return 'full';
  return backend ? 'backend' : 'none';
}

async function upToDate(data: string, key: string): Promise<boolean> {
  try {
    const record = JSON.parse(await readFile(join(data, RECORD), 'utf8')) as { key: string; state: string };
    return record.key === key && record.state === sha256(await readFile(join(data, 'terraform.tfstate'), 'utf8'));
  } catch {
    return false;
  }
}

async function linkProvider(provider: ProviderPackage, stackDir: string): Promise<void> {
  const place = join(stackDir, '.terraform', 'providers', provider.address, provider.version, provider.platform);
  let linked = (await readlink(place).catch(() => null)) === provider.dir;
  if (!linked) {
    await mkdir(dirname(place), { recursive: true });
    // Left by a plain `init`: a link, or an unpacked package.
    await rm(place, { recursive: true, force: true });
    // Windows links folders without special rights only as junctions.
    linked = await symlink(provider.dir, place, process.platform === 'win32' ? 'junction' : 'dir').then(
      () => true,
      () => false,
    );
    if (!linked) await cp(provider.dir, place, { recursive: true });
  }
  // We don't watch over a copy, so terraform checks it.
  await writeIfChanged(join(stackDir, '.terraform.lock.hcl'), linked ? stackLock(provider) : stackLock(provider, true));
}

async function backendInit(request: StackFolderRequest, stackDir: string, settings: TerraformSettings): Promise<void> {
  // A sibling, so that a relative path in a local backend means the same file from there.
  const scratch = join(dirname(stackDir), `.init-${basename(stackDir)}`);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    await writeFile(join(scratch, 'main.tf.json'), JSON.stringify({ terraform: { backend: settings.backend } }));
    await init(request, stackDir, scratch, {
      TF_DATA_DIR: join(stackDir, '.terraform'),
      // A state that exists names the provider, and `init` would install and hash it. Declared as run by somebody else,
      // it is left alone; nothing starts it, as this folder has no resources.
      TF_REATTACH_PROVIDERS: JSON.stringify({
        [request.provider.address]: {
          Protocol: 'grpc',
          ProtocolVersion: 5,
          Pid: 1,
          Test: true,
          Addr: { Network: 'unix', String: join(scratch, 'none') },
        },
      }),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fullInit(request: StackFolderRequest, stackDir: string): Promise<void> {
  const { provider } = request;
  await provider.verified;
  await assertUnchanged(provider);
  await writeIfChanged(join(stackDir, '.terraform.lock.hcl'), provider.lockText);
  const config = provider.cliConfigFile;
  await init(request, stackDir, stackDir, config ? { TF_CLI_CONFIG_FILE: config, TF_PLUGIN_CACHE_DIR: undefined } : {});
}

/** Never with -migrate-state or -reconfigure: where a state lives is the user's decision. */
async function init(request: StackFolderRequest, stackDir: string, cwd: string, ownEnv: Environment): Promise<void> {
  const { terraform, env, logFile, signal, optInRegion, provider } = request;
  const exit = await runTerraform({
    terraform,
    cwd,
    args: ['init', '-input=false', '-no-color'],
    env,
    ownEnv,
    logFile,
    signal,
  });
  if (exit.exitCode === 0) return;
  throw stackFailure(exit, {
    terraform,
    stackDir,
    phase: PHASE,
    logFile,
    optInRegion,
    cliConfigFile: provider.cliConfigFile,
  });
}

async function writeIfChanged(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== text) await writeFile(file, text);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
