import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProviderMirror, impliedMirrors, type MirrorSearch } from '../../src/terraform/provider-mirror.ts';
import { temporaryFolder } from '../fixtures/terraform/fake.ts';

const ADDRESS = 'registry.terraform.io/hashicorp/aws';
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const at = (...parts: string[]) => join(folder.path, ...parts);
function put(file: string) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'package');
}
const unpacked = (root: string, version: string, platform = 'linux_amd64') =>
  put(at(root, ADDRESS, version, platform, 'terraform-provider-aws'));
const packed = (root: string, version: string, platform = 'linux_amd64') =>
  put(at(root, ADDRESS, `terraform-provider-aws_${version}_${platform}.zip`));

function search(more: Partial<MirrorSearch> = {}) {
  const env = { HOME: at('home'), XDG_DATA_DIRS: at('share') };
  return findProviderMirror({
    env,
    address: ADDRESS,
    platform: 'linux_amd64',
    version: null,
    os: 'linux',
    addOnRoots: [at('opt')],
    ...more,
  });
}

describe('finding a provider mirror', () => {
  it('finds none where there is none', async () => {
    expect(await search()).toBeNull();
    expect(await search({ env: {}, addOnRoots: [at('missing')] })).toBeNull();
  });

  it('finds the unpacked and the packed layout', async () => {
    unpacked('opt/one', '5.100.0');
    expect(await search()).toEqual({ root: at('opt/one'), version: '5.100.0' });
    packed('opt/a', '6.1.0');
    expect(await search()).toEqual({ root: at('opt/a'), version: '6.1.0' });
  });

  it('picks the newest version that the stacks allow, by number and not by spelling', async () => {
    for (const version of ['5.99.0', '5.100.0', '6.9.0', '6.10.0', '7.0.0', '6.11.0-beta1']) unpacked('opt/a', version);
    packed('opt/a', '6.2.0');
    expect(await search()).toEqual({ root: at('opt/a'), version: '6.10.0' });
  });

  it('ignores packages for other platforms, empty folders and other providers', async () => {
    unpacked('opt/a', '5.100.0', 'darwin_arm64');
    packed('opt/a', '6.0.0', 'darwin_arm64');
    mkdirSync(at('opt/a', ADDRESS, '5.100.1', 'linux_amd64'), { recursive: true });
    put(at('opt/a/registry.terraform.io/hashicorp/random/5.100.0/linux_amd64/x'));
    expect(await search()).toBeNull();
  });

  it('takes only the locked version when there is one, wherever it is', async () => {
    unpacked('opt/a', '6.0.0');
    unpacked('opt/b', '5.100.0');
    expect(await search({ version: '5.100.0' })).toEqual({ root: at('opt/b'), version: '5.100.0' });
    expect(await search({ version: '6.2.0' })).toBeNull();
  });

  it("looks into the plugin cache first, then into terraform's own folders, then below the add-on roots", async () => {
    const env = { HOME: at('home'), TF_PLUGIN_CACHE_DIR: at('cache'), XDG_DATA_DIRS: at('share') };
    unpacked('opt/a', '6.0.0');
    unpacked('share/terraform/plugins', '5.101.0');
    expect(await search({ env })).toMatchObject({ root: at('share/terraform/plugins') });
    unpacked('home/.local/share/terraform/plugins', '5.101.0');
    expect(await search({ env })).toMatchObject({ root: at('home/.local/share/terraform/plugins') });
    unpacked('home/.terraform.d/plugins', '5.101.0');
    expect(await search({ env })).toMatchObject({ root: at('home/.terraform.d/plugins') });
    unpacked('cache', '5.100.0');
    expect(await search({ env })).toMatchObject({ root: at('cache') });
  });

  it("knows each platform's own folders", () => {
    const xdg = { HOME: '/h', XDG_DATA_HOME: '/x', XDG_DATA_DIRS: '/a:/b' };
    expect(impliedMirrors(xdg, 'linux')).toEqual([
      '/h/.terraform.d/plugins', '/x/terraform/plugins', '/a/terraform/plugins', '/b/terraform/plugins',
    ]); // prettier-ignore
    expect(impliedMirrors({ HOME: '/h' }, 'linux').slice(1)).toEqual([
      '/h/.local/share/terraform/plugins', '/usr/local/share/terraform/plugins', '/usr/share/terraform/plugins',
    ]); // prettier-ignore
    expect(impliedMirrors({ HOME: '/h' }, 'darwin')).toContain('/h/Library/Application Support/io.terraform/plugins');
    expect(impliedMirrors({ APPDATA: '/d' }, 'win32')).toEqual([
      '/d/terraform.d/plugins',
      '/d/HashiCorp/Terraform/plugins',
    ]);
  });
});
