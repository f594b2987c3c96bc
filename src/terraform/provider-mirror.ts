import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

const LOWEST: Version = [5, 100, 0];
const BELOW: Version = [7, 0, 0];

export interface ProviderMirror {
  /** The folder that holds `registry.terraform.io/…`, for a `filesystem_mirror`. */
  readonly root: string;
  readonly version: string;
}

export interface MirrorSearch {
  readonly env: Environment;
  /** `registry.terraform.io/hashicorp/aws` */
  readonly address: string;
  /** `linux_amd64` */
  readonly platform: string;
  /** The only version that will do (a lock file's), or null for the newest that satisfies the project's constraint. */
  readonly version: string | null;
  /** Folders whose children may be mirrors. Default: `/opt` and `/usr/local/share`, none on Windows. */
  readonly addOnRoots?: readonly string[];
  /** Default: the running one. */
  readonly os?: NodeJS.Platform;
}

/**
 * The first folder that holds a usable package: `TF_PLUGIN_CACHE_DIR`, terraform's implied mirror folders
 * (https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories), then the children
 * of the add-on roots. Both layouts count, unpacked (`<version>/<platform>/`) and packed (`terraform-provider-aws_….zip`).
 */
export async function findProviderMirror(search: MirrorSearch): Promise<ProviderMirror | null> {
  const os = search.os ?? process.platform;
  const cache = search.env.TF_PLUGIN_CACHE_DIR ? [search.env.TF_PLUGIN_CACHE_DIR] : [];
  const addOns = search.addOnRoots ?? (os === 'win32' ? [] : ['/opt', '/usr/local/share']);
  const children = await Promise.all(addOns.map(async root => (await list(root)).map(name => join(root, name))));

  for (const root of [...cache, ...impliedMirrors(search.env, os), ...children.flat()]) {
    const version = newest(await packages(join(root, search.address), search.platform), search.version);
    if (version) return { root, version };
  }
  return null;
}

/** Terraform's own list, minus `terraform.d/plugins` of the current folder. */
export function impliedMirrors(env: Environment, os: NodeJS.Platform): readonly string[] {
  // Terraform itself needs a home folder; without one there are no mirrors in it.
  const home = env.HOME ?? env.USERPROFILE ?? join('/', 'nonexistent');
  if (os === 'win32') {
    const data = env.APPDATA ?? join(home, 'AppData', 'Roaming');
    return [join(data, 'terraform.d', 'plugins'), join(data, 'HashiCorp', 'Terraform', 'plugins')];
  }
  const own = join(home, '.terraform.d', 'plugins');
  if (os === 'darwin') {
    const support = join('Library', 'Application Support', 'io.terraform', 'plugins');
    return [own, join(home, support), join('/', support)];
  }
  const shared = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter(Boolean);
  return [
    own,
    ...[env.XDG_DATA_HOME || join(home, '.local', 'share'), ...shared].map(dir => join(dir, 'terraform', 'plugins')),
  ];
}

/** The versions of the provider in `folder` that have a package for `platform`. */
async function packages(folder: string, platform: string): Promise<readonly string[]> {
  const names = await list(folder);
  const type = folder.split(/[\\/]/).at(-1);
  const packed = names.flatMap(name => {
    const match = new RegExp(`^terraform-provider-${type}_(.+)_${platform}\\.zip$`).exec(name);
    return match?.[1] ?? [];
  });
  const unpacked = await Promise.all(
    names.map(async name =>
      parseVersion(name) && (await list(join(folder, name, platform))).length > 0 ? [name] : [],
    ),
  );
  return [...packed, ...unpacked.flat()];
}

function newest(versions: readonly string[], only: string | null): string | undefined {
  return versions
    .flatMap(text => {
      const version = parseVersion(text);
      const suits =
        version &&
        (only ? text === only : compareVersions(version, LOWEST) >= 0 && compareVersions(version, BELOW) < 0);
      return suits ? [{ text, version }] : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version))[0]?.text;
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    // A place that isn't there or may not be read is no mirror.
    return [];
  }
}
