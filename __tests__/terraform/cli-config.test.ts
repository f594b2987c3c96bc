import { mkdirSync, readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareCliConfig } from '../../src/terraform/cli-config.ts';
import { temporaryFolder } from '../fixtures/terraform/fake.ts';

const ADDRESS = 'registry.terraform.io/hashicorp/aws';
const OURS = `provider_installation {
  filesystem_mirror {
    path    = "/mirror"
    include = ["${ADDRESS}"]
  }
  direct {
    exclude = ["${ADDRESS}"]
  }
}
`;
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const at = (...parts: string[]) => join(folder.path, ...parts);
const write = (name: string, text: string) => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const prepare = (env: Record<string, string> = {}, mirrorRoot: string | null = '/mirror') =>
  prepareCliConfig({
    env: { HOME: at('home'), ...env },
    file: at('work/terraform.rc'),
    mirrorRoot,
    address: ADDRESS,
    os: 'linux',
  });
const written = () => readFileSync(at('work/terraform.rc'), 'utf8');

describe('the Terraform CLI configuration', () => {
  it('names a mirror for our provider alone, in a file for its owner alone', async () => {
    expect(await prepare()).toMatchObject({
      kind: 'mirror',
      source: 'from the mirror at /mirror',
      file: at('work/terraform.rc'),
    });
    expect(written()).toBe(OURS);
    expect(statSync(at('work/terraform.rc')).mode & 0o777).toBe(0o600);
  });

  it('is none without a mirror', async () => {
    expect(await prepare({}, null)).toMatchObject({ kind: 'registry', source: 'from the registry', file: null });
    expect(existsSync(at('work'))).toBe(false);
  });

  it.each([
    ['home/.terraformrc', 'provider_installation {\n  direct {}\n}\n', {}],
    ['home/.terraform.d/x.tfrc', '  provider_installation{}', {}],
    ['own.rc', 'disable_checkpoint = true\nprovider_installation {\n}\n', { TF_CLI_CONFIG_FILE: 'own.rc' }],
    ['own.json', '{"provider_installation": {"direct": {}}}', { TF_CLI_CONFIG_FILE: 'own.json' }],
  ])('leaves the installation to %s when it speaks of it', async (name, text, env) => {
    write(name, text);
    const full = Object.fromEntries(Object.entries(env).map(([key, file]) => [key, at(file)]));
    expect(await prepare(full)).toMatchObject({
      kind: 'user',
      source: 'from your Terraform CLI configuration',
      file: null,
    });
    expect(existsSync(at('work'))).toBe(false);
  });

  it('does not take a comment for a setting', async () => {
    write('home/.terraformrc', '# provider_installation {\n');
    expect(await prepare()).toMatchObject({ kind: 'mirror' });
  });

  it("keeps the user's other settings", async () => {
    write('home/.terraformrc', 'credentials "app.terraform.io" { token = "t" }\n');
    write('home/.terraform.d/b.tfrc', 'disable_checkpoint = true\n');
    write('home/.terraform.d/credentials.tfrc.json', '{}');
    await prepare();
    expect(written()).toBe(`credentials "app.terraform.io" { token = "t" }\n\ndisable_checkpoint = true\n\n${OURS}`);
  });

  it('keeps them in JSON too', async () => {
    write('own.json', '{"disable_checkpoint": true}');
    await prepare({ TF_CLI_CONFIG_FILE: at('own.json') });
    expect(JSON.parse(written())).toEqual({
      disable_checkpoint: true,
      provider_installation: {
        filesystem_mirror: { path: '/mirror', include: [ADDRESS] },
        direct: { exclude: [ADDRESS] },
      },
    });
  });

  it('reads only the file that TF_CLI_CONFIG_FILE names, and none when it is missing, as terraform does', async () => {
    write('home/.terraformrc', 'provider_installation {}\n');
    expect(await prepare({ TF_CLI_CONFIG_FILE: at('missing') })).toMatchObject({ kind: 'mirror' });
    expect(written()).toBe(OURS);
  });

  it('has a fingerprint that changes with the mirror and with the settings', async () => {
    const first = (await prepare()).fingerprint;
    expect((await prepare()).fingerprint).toBe(first);
    expect((await prepare({}, '/other')).fingerprint).not.toBe(first);
    write('home/.terraformrc', 'disable_checkpoint = true\n');
    expect((await prepare()).fingerprint).not.toBe(first);
  });
});
