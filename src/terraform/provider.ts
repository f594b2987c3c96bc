import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { providerChanged, providerChecksum } from '../errors.ts';
import { prepareCliConfig, withMirror } from './cli-config.ts';
import type { Environment } from './environment.ts';
import type { TerraformBinary } from './find-terraform.ts';
import { installProvider, providerPlaces, type InstalledPackage, type ProviderPlaces } from './install-provider.ts';
import { lockEntry, lockText as renderLock } from './lock-file.ts';
import { packageHash, packageIdentity } from './package-identity.ts';
import { PROVIDER_CONSTRAINT } from '../config/versions.ts';
import { findProviderMirror } from './provider-mirror.ts';

/**
 * `rollout`: the package is checked against the lock file once, before its first use, and compared by identity before
 * each further one. `every`: terraform itself checks it in each command (700 MB to hash, each time).
 */
export type VerifyMode = 'rollout' | 'every';

/** The AWS provider, unpacked, for every stack of a run. */
export interface ProviderPackage extends InstalledPackage {
  /** `registry.terraform.io/hashicorp/aws` */
  readonly address: string;
  readonly platform: string;
  readonly verify: VerifyMode;
  /** In words: `provider hashicorp/aws 5.100.0 from the mirror at /opt/providers`. */
  readonly source: string;
  /** A Terraform CLI configuration from which an `init` gets this package, or null when the user's own says how. */
  readonly cliConfigFile: string | null;
  /** Resolves when the package is known to be the locked one; rejects with providerChecksum. Await it before any use. */
  readonly verified: Promise<void>;
}

export interface ProviderRequest {
  readonly terraform: TerraformBinary;
  /** Ours alone; kept between runs, so that `init` is skipped while nothing changed. */
  readonly workDir: string;
  /** The `.terraform.lock.hcl` of the project; made when missing. Null: none is read or made. */
  readonly rootLockFile: string | null;
  readonly env: Environment;
  /** Default `rollout`. */
  readonly verify?: VerifyMode;
  readonly onNotice?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** For {@link findProviderMirror}. */
  readonly addOnRoots?: readonly string[];
}

/**
 * Finds or installs the provider by one `terraform init` in a folder of its own, and none as long as its result stands.
 * @throws UserError provider-unavailable, provider-checksum
 */
export async function prepareProvider(request: ProviderRequest): Promise<ProviderPackage> {
  const { terraform, rootLockFile, env, verify = 'rollout' } = request;
  const address = `${terraform.name === 'tofu' ? 'registry.opentofu.org' : 'registry.terraform.io'}/hashicorp/aws`;
  const place = providerPlaces(request.workDir);
  const rootLock = rootLockFile ? await readOr(rootLockFile, '') : '';
  const locked = lockEntry(rootLock, address);
  const search = { env, address, platform: terraform.platform, version: locked?.version ?? null };
  const mirror = await findProviderMirror({ ...search, ...(request.addOnRoots && { addOnRoots: request.addOnRoots }) });
  const config = await prepareCliConfig({ env, file: place.cliConfig, mirrorRoot: mirror?.root ?? null, address });
  const key = (lock: string) => sha256(JSON.stringify([terraform, config.fingerprint, lock, PROVIDER_CONSTRAINT]));

  let installed = await readRecord(place.record, key(rootLock));
  const known = installed !== null;
  if (!installed) {
    await rm(place.record, { force: true });
    const { signal } = request;
    installed = await installProvider({ terraform, env, signal, rootLockFile, address, config, rootLock, place });
    const lock = rootLockFile ? installed.lockText : '';
    await writeFile(place.record, JSON.stringify({ key: key(lock), installed }), { mode: 0o600 });
  }

  const source = `provider hashicorp/aws ${installed.version} ${config.source}`;
  request.onNotice?.(source);
  if (await writableByAll(installed.dir)) request.onNotice?.(`anyone on this machine may write to ${installed.dir}`);
  // A fresh install was just checked by terraform itself, and under `every` each command checks.
  const check =
    known && verify === 'rollout' ? verifyPackage(installed, rootLockFile ?? place.record) : Promise.resolve();
  // Whoever uses the package awaits it; until then a rejection must not end the process.
  check.catch(() => {});
  const cliConfigFile = config.kind === 'registry' ? await ownMirror(place, address, config.texts) : config.file;
  return { ...installed, address, platform: terraform.platform, verify, source, cliConfigFile, verified: check };
}

/**
 * Before each use: still the package that was checked? By device, inode, size and times.
 * @throws UserError provider-changed
 */
export async function assertUnchanged(provider: ProviderPackage): Promise<void> {
  if ((await packageIdentity(provider.dir)) !== provider.identity) throw providerChanged(provider.dir);
}

/** A stack's `.terraform.lock.hcl`: without hashes where we answer for the package. */
export function stackLock(provider: ProviderPackage, hashes = provider.verify === 'every'): string {
  const { version, address } = provider;
  return renderLock(address, { version, constraints: PROVIDER_CONSTRAINT, hashes: hashes ? provider.hashes : [] });
}

async function verifyPackage(installed: InstalledPackage, lockFile: string): Promise<void> {
  const hash = await packageHash(installed.dir);
  if (!installed.hashes.includes(hash)) throw providerChecksum(installed.dir, lockFile, hash);
  if ((await packageIdentity(installed.dir)) !== installed.identity) throw providerChanged(installed.dir);
}

/** What came from the registry is a mirror now: later `init`s (HCP Terraform) take it from there. */
async function ownMirror(place: ProviderPlaces, address: string, texts: readonly string[]): Promise<string> {
  const text = withMirror(texts, join(place.scratch, '.terraform', 'providers'), address);
  await writeFile(place.cliConfig, text, { mode: 0o600 });
  return place.cliConfig;
}

async function readRecord(file: string, key: string): Promise<InstalledPackage | null> {
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as { key: string; installed: InstalledPackage };
    const same = record.key === key && (await packageIdentity(record.installed.dir)) === record.installed.identity;
    return same ? record.installed : null;
  } catch {
    return null;
  }
}

async function writableByAll(dir: string): Promise<boolean> {
  return ((await stat(dir)).mode & 0o002) !== 0 && process.platform !== 'win32';
}

async function readOr(file: string, otherwise: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => otherwise);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
