import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from './environment.ts';

/** Where `terraform init` gets the provider from. */
export interface CliConfig {
  /** In words, for the run to say: `from the mirror at /opt/providers`. */
  readonly source: string;
  readonly kind: 'mirror' | 'user' | 'registry';
  /** The file for TF_CLI_CONFIG_FILE, or null when terraform shall find its configuration itself. */
  readonly file: string | null;
  /** Equal as long as the same source would be used. */
  readonly fingerprint: string;
  /** The user's own settings, to be kept in any file that takes the place of theirs. */
  readonly texts: readonly string[];
}

export interface CliConfigRequest {
  readonly env: Environment;
  /** Where our file is written: a folder that only its owner can read, as the user's text may hold tokens. */
  readonly file: string;
  readonly mirrorRoot: string | null;
  readonly address: string;
  /** Default: the running one. */
  readonly os?: NodeJS.Platform;
}

/**
 * The user's Terraform CLI configuration, when it says how providers are installed; else theirs with the mirror added;
 * else none. https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export async function prepareCliConfig(request: CliConfigRequest): Promise<CliConfig> {
  const texts = await userConfig(request.env, request.os ?? process.platform);
  const fingerprint = JSON.stringify([texts, request.mirrorRoot]);
  if (texts.some(hasInstallation)) {
    return { kind: 'user', source: 'from your Terraform CLI configuration', file: null, fingerprint, texts };
  }
  if (!request.mirrorRoot) return { kind: 'registry', source: 'from the registry', file: null, fingerprint, texts };

  await mkdir(dirname(request.file), { recursive: true, mode: 0o700 });
  await writeFile(request.file, withMirror(texts, request.mirrorRoot, request.address), { mode: 0o600 });
  return { kind: 'mirror', source: `from the mirror at ${request.mirrorRoot}`, file: request.file, fingerprint, texts };
}

/**
 * The user's settings and a mirror for one provider. Exclusive, for terraform asks every source that it may use and
 * fails when one can't be reached.
 */
export function withMirror(texts: readonly string[], root: string, address: string): string {
  const only = { include: [address] };
  const json = texts.flatMap(text => parseJson(text) ?? []);
  if (json.length > 0) {
    // The two forms can't be mixed in one file; who writes JSON has only that one file in practice.
    const installation = { filesystem_mirror: { path: root, ...only }, direct: { exclude: [address] } };
    return JSON.stringify(Object.assign({}, ...json, { provider_installation: installation }), null, 2);
  }
  return [
    ...texts,
    'provider_installation {',
    '  filesystem_mirror {',
    `    path    = ${JSON.stringify(root)}`,
    `    include = ${JSON.stringify(only.include)}`,
    '  }',
    '  direct {',
    `    exclude = ${JSON.stringify([address])}`,
    '  }',
    '}',
    '',
  ].join('\n');
}

function hasInstallation(text: string): boolean {
  const json = parseJson(text);
  if (json) return 'provider_installation' in json;
  return /^\s*"?provider_installation"?\s*\{/m.test(text);
}

function parseJson(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/**
 * What terraform would read: the file of TF_CLI_CONFIG_FILE (a missing one only makes it warn), else the file in the
 * home folder and `*.tfrc` beside the credentials.
 */
async function userConfig(env: Environment, os: NodeJS.Platform): Promise<readonly string[]> {
  const override = env.TF_CLI_CONFIG_FILE || env.TERRAFORM_CONFIG;
  if (override) return read([override]);
  const [main, folder] =
    os === 'win32'
      ? [join(env.APPDATA ?? '', 'terraform.rc'), join(env.APPDATA ?? '', 'terraform.d')]
      : [join(env.HOME ?? '/', '.terraformrc'), join(env.HOME ?? '/', '.terraform.d')];
  const names = await readdir(folder).catch(() => []);
  return read([
    main,
    ...names
      .filter(name => /\.tfrc$/.test(name))
      .sort()
      .map(name => join(folder, name)),
  ]);
}

async function read(files: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => null)));
  return texts.filter(text => text !== null);
}
