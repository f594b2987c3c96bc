import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { providerChanged, providerChecksum, providerUnavailable } from '../errors.ts';
import type { CliConfig } from './cli-config.ts';
import type { Environment } from './environment.ts';
import { stackFailure } from './failure.ts';
import type { TerraformBinary } from './find-terraform.ts';
import { lockEntry, lockText as renderLock } from './lock-file.ts';
import { packageIdentity } from './package-identity.ts';
import { PROVIDER_CONSTRAINT, PROVIDER_SOURCE } from '../config/versions.ts';
import { runTerraform, type TerraformExit } from './run.ts';

/** One unpacked provider package, as `terraform init` left it. */
export interface InstalledPackage {
  readonly version: string;
  /** The real folder of the unpacked package. */
  readonly dir: string;
  readonly identity: string;
  readonly hashes: readonly string[];
  /** The lock file that belongs to it, as `init` leaves it. */
  readonly lockText: string;
}

/** Files of the folder in which the provider is installed. */
export type ProviderPlaces = ReturnType<typeof providerPlaces>;

export function providerPlaces(workDir: string) {
  const scratch = join(workDir, 'provider');
  return {
    scratch,
    lock: join(scratch, '.terraform.lock.hcl'),
    log: join(workDir, 'provider-init.log'),
    record: join(workDir, 'provider.json'),
    cliConfig: join(workDir, 'terraform.rc'),
  };
}

export interface Installation {
  readonly terraform: TerraformBinary;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly rootLockFile: string | null;
  readonly address: string;
  readonly config: CliConfig;
  readonly rootLock: string;
  readonly place: ProviderPlaces;
}

/**
 * One `terraform init -backend=false` in a folder that asks for nothing but the provider. Terraform picks the version by
 * the root lock file, checks the package against it, and installs it by its own rules.
 * @throws UserError provider-unavailable, provider-checksum; StackError when interrupted
 */
export async function installProvider(request: Installation): Promise<InstalledPackage> {
  const { terraform, address, config, rootLock, place } = request;
  await mkdir(place.scratch, { recursive: true, mode: 0o700 });
  await rm(place.log, { force: true });
  const needs = { required_providers: { aws: { source: PROVIDER_SOURCE, version: PROVIDER_CONSTRAINT } } };
  await writeFile(join(place.scratch, 'main.tf.json'), JSON.stringify({ terraform: needs }));
  await (rootLock ? writeFile(place.lock, rootLock) : rm(place.lock, { force: true }));

  const exit = await runTerraform({
    terraform,
    cwd: place.scratch,
    args: ['init', '-backend=false', '-input=false', '-no-color'],
    env: request.env,
    // Beside a mirror, a plugin cache only adds one more hash of the package.
    ownEnv: config.file ? { TF_CLI_CONFIG_FILE: config.file, TF_PLUGIN_CACHE_DIR: undefined } : {},
    logFile: place.log,
    signal: request.signal,
  });
  const made = exit.exitCode === 0 ? await readFile(place.lock, 'utf8') : '';
  const entry = lockEntry(made, address);
  if (!entry) throw failure(exit, request);

  const dir = await realpath(
    join(place.scratch, '.terraform', 'providers', address, entry.version, terraform.platform),
  );
  const identity = await packageIdentity(dir);
  if (!identity) throw providerChanged(dir);
  const lockText = request.rootLockFile ? await completeRootLock(request.rootLockFile, rootLock, made, address) : made;
  return { version: entry.version, dir, identity, hashes: entry.hashes, lockText };
}

function failure(exit: TerraformExit, request: Installation): Error {
  const { terraform, place, config, rootLockFile } = request;
  if (exit.interrupted) {
    return stackFailure(exit, { terraform, stackDir: place.scratch, phase: 'prepare', logFile: place.log });
  }
  const said = exit.errors.map(({ summary, detail }) => `${summary}\n${detail}`).join('\n') || exit.lastLines;
  // Terraform wraps its text at 78 columns.
  const mismatch = /match any of the checksums/.test(said.replace(/\s+/g, ' '));
  if (mismatch && rootLockFile) return providerChecksum(`the package ${config.source}`, rootLockFile, null);
  const lines = said.split('\n').filter(line => line.trim());
  return providerUnavailable(config.source, lines.slice(0, 8).join('\n  '), place.log);
}

/** As `terraform init` would leave it: made when missing, our entry added when it has none, else untouched. */
async function completeRootLock(file: string, before: string, made: string, address: string): Promise<string> {
  const entry = lockEntry(made, address);
  if (!entry || lockEntry(before, address)) return before;
  const block = renderLock(address, entry);
  const text = before ? `${before.trimEnd()}\n\n${block.slice(block.indexOf('provider "'))}` : made;
  await mkdir(dirname(file), { recursive: true });
  // In one step, for a run beside ours may read it.
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
  return text;
}
