import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { regionCatalogue } from '../../src/config/regions.ts';
import { benchWithoutSha } from '../../src/errors.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { prepareProvider } from '../../src/terraform/provider.ts';
import { startLatencyProxy, type LatencyProxy } from './latency-proxy.ts';
import { packageVersion } from './machine.ts';
import { PRIMARY_REGION, synthesizedModules } from './modules.ts';
import type { VariantName, Versions } from './types.ts';
import { PROJECT_FILES } from './variants/ours.ts';
import type { Site } from './variants/variant.ts';

/** What all cycles share: the local AWS, the proxy in front of it, the provider, a copy of the project. */
export interface Bench {
  readonly emulator: Emulator;
  readonly proxy: LatencyProxy;
  readonly versions: Versions;
  readonly logFile: string;
  /** An empty folder for one cycle. The same one for each cycle of a variant: caches go by the path of a file. */
  site(variant: VariantName, regions: number, cdktfParallelism: number): Site;
  close(): Promise<void>;
}

export interface OpenRequest {
  readonly root: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  readonly withoutSha: boolean;
  readonly queues: boolean;
}

/** @throws UserError terraform-not-found, provider-unavailable, emulator-missing and the like */
export async function openBench({ root, say, signal, withoutSha, queues }: OpenRequest): Promise<Bench> {
  const terraform = await findTerraform(process.env);
  const temp = mkdtempSync(join(tmpdir(), 'break-glass-bench-'));
  const onNotice = (text: string): void => say(`Using ${text}`);
  let emulator: Emulator | undefined;
  let proxy: LatencyProxy | undefined;
  const close = async (): Promise<void> => {
    await proxy?.close();
    await emulator?.stop();
    rmSync(temp, { recursive: true, force: true });
  };
  try {
    const nodeModules = join(root, 'node_modules');
    // What is edited while the benchmark runs must not reach it.
    const project = join(temp, 'project');
    for (const name of PROJECT_FILES) cpSync(join(root, name), join(project, name), { recursive: true });
    // Without the signal: what is interrupted still talks to it.
    emulator = await startEmulator({ logFile: join(temp, 'emulator.log'), projectRoot: root, onNotice: say });
    proxy = await startLatencyProxy(emulator.endpoint);
    const awsEnv = withoutSettings(emulatorEnv(proxy.endpoint));
    const provider = await prepareProvider({
      terraform,
      workDir: join(temp, 'provider'),
      rootLockFile: null,
      env: awsEnv,
      onNotice,
      signal,
    });
    const { GOGC = '', GOMEMLIMIT = '' } = terraformEnvironment({});
    const program = withoutSha ? withoutShaInstructions(terraform.path, join(temp, 'bin')) : terraform.path;
    const env = terraformEnvironment(awsEnv, {
      GOGC: undefined,
      GOMEMLIMIT: undefined,
      TERRAFORM_BINARY_NAME: program,
      // Bit 29 of the third word: https://docs.openssl.org/3.0/man3/OPENSSL_ia32cap/
      ...(withoutSha ? { OPENSSL_ia32cap: ':~0x20000000' } : {}),
      ...(provider.cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: provider.cliConfigFile }),
    });
    return {
      emulator,
      proxy,
      close,
      logFile: join(temp, 'steps.log'),
      versions: {
        project: packageVersion(root),
        node: process.versions.node,
        terraform: terraform.version,
        provider: provider.version,
        cdktf: existsSync(join(nodeModules, 'cdktf-cli')) ? packageVersion(join(nodeModules, 'cdktf-cli')) : 'none',
      },
      site(variant, regions, cdktfParallelism) {
        const folder = join(temp, variant);
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
        const scope = { secondaryRegions: SECONDARIES.slice(0, regions), queues };
        return {
          folder,
          ...scope,
          modules: synthesizedModules(join(temp, 'synthesized'), scope),
          terraform: program,
          env,
          collector: { GOGC, GOMEMLIMIT },
          project,
          nodeModules,
          cdktfParallelism,
        };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Terraform in a wrapper, for our own rollout passes no such variable on. Go reads it at the start of a program:
 * https://pkg.go.dev/runtime#hdr-Environment_Variables, internal/cpu
 */
function withoutShaInstructions(terraform: string, folder: string): string {
  if (process.arch !== 'x64') throw benchWithoutSha(process.arch);
  const file = join(folder, basename(terraform));
  mkdirSync(folder);
  writeFileSync(file, `#!/bin/sh\nGODEBUG=cpu.sha=off exec '${terraform}' "$@"\n`, { mode: 0o755 });
  return file;
}

const { defaults, optIn } = regionCatalogue.aws;

/** In the order in which they are taken: those that must be enabled first come last. */
const SECONDARIES = [...defaults.filter(region => region !== PRIMARY_REGION), ...optIn];

export function optInRegions(secondaryRegions: readonly string[]): string[] {
  return secondaryRegions.filter(region => optIn.includes(region));
}

/** tsx keeps compiled files by path and content; a person has them from the second call on. */
export async function warmUp({ folder, env }: Site): Promise<void> {
  await execa(process.execPath, ['--import', 'tsx', 'scripts/deploy-all-regions.ts', '--help'], { cwd: folder, env });
}

/** What cdktf's parallelism is chosen from: the cores, twice as many, as ours begins with, and twice that. */
export function cdktfCandidates(): number[] {
  return [1, 2, 4].map(times => times * availableParallelism());
}

/** A person's TF_* for their own work must not reach the measurement, but their CLI configuration may. */
function withoutSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('TF_') || name === 'TF_CLI_CONFIG_FILE'),
  );
}
