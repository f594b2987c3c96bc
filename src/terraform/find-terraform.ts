import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { execa } from 'execa';
import { terraformCannotRun, terraformNotFound, terraformTooOld } from '../errors.ts';
import { terraformEnvironment, type Environment } from './environment.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

export interface TerraformBinary {
  /** Absolute. */
  readonly path: string;
  readonly name: 'terraform' | 'tofu';
  readonly version: string;
  /** What it runs providers for, as in `linux_amd64`. */
  readonly platform: string;
}

/**
 * The S3 backend's `use_lockfile` exists since 1.10 in both.
 * https://github.com/hashicorp/terraform/blob/v1.10/CHANGELOG.md, https://opentofu.org/docs/intro/whats-new/ (1.10)
 */
const MINIMUM: Version = [1, 10, 0];

/**
 * Finds the program that runs the stacks: `TERRAFORM_BINARY_NAME`, else `terraform`, else `tofu` on PATH.
 * @param options.cwd where it is asked for its version; version managers (tfenv, asdf) choose by folder. Default: the current one
 * @throws UserError terraform-not-found, terraform-cannot-run, terraform-too-old
 */
export async function findTerraform(
  env: Environment,
  options: { readonly cwd?: string } = {},
): Promise<TerraformBinary> {
  const wanted = env.TERRAFORM_BINARY_NAME || null;
  const path = await firstOnPath(wanted ? [wanted] : ['terraform', 'tofu'], env);
  if (!path) throw terraformNotFound(wanted);

  // Not `version -json`: it doesn't tell OpenTofu from Terraform, and either can hide behind the other's name.
  const result = await execa(path, ['version'], {
    ...(options.cwd && { cwd: options.cwd }),
    env: terraformEnvironment(env),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  const found = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)(\S*)\s+on (\w+)/m.exec(result.stdout ?? '');
  const version = parseVersion(found?.[2] ?? '');
  if (result.failed || !found || !version) throw terraformCannotRun(path, whyNot(result));

  const [, product = '', number = '', suffix = '', platform = ''] = found;
  if (compareVersions(version, MINIMUM) < 0) throw terraformTooOld(path, product, number + suffix, MINIMUM.join('.'));
  return { path, name: product === 'OpenTofu' ? 'tofu' : 'terraform', version: number + suffix, platform };
}

function whyNot(result: { shortMessage?: string | undefined; stderr?: string | undefined; failed: boolean }): string {
  const said = result.stderr?.trim().split('\n').slice(-3).join(' ');
  return said || (result.failed && result.shortMessage) || 'it did not say a version';
}

async function firstOnPath(names: readonly string[], env: Environment): Promise<string | null> {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    const places = /[\\/]/.test(name) ? [resolve(name)] : folders.map(folder => resolve(folder, name));
    for (const place of places) {
      for (const file of process.platform === 'win32' ? [place, `${place}.exe`] : [place]) {
        if (await isProgram(file)) return file;
      }
    }
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
