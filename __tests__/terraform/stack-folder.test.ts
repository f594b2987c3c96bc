import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StackError } from '../../src/rollout/types.ts';
import type { ProviderPackage } from '../../src/terraform/provider.ts';
import { prepareStackFolder, type StackFolderRequest } from '../../src/terraform/stack-folder.ts';
import { fakeProvider, fakeTerraform, playing, recorded, temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
let provider: ProviderPackage;
beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(at('package'));
  writeFileSync(at('package/provider'), 'binary');
  provider = await fakeProvider(at('package'));
  synthesize({ backend: LOCAL });
});
afterEach(() => folder.remove());

const LOCAL = { local: { path: '../../../state/a.tfstate' } };
const AWS = { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } };
const LOCK = `provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0, < 7.0.0"
}
`;
const at = (...parts: string[]) => join(folder.path, ...parts);
const stack = () => at('cdktf.out/stacks/a');
function synthesize(terraform: Record<string, unknown>) {
  mkdirSync(stack(), { recursive: true });
  writeFileSync(join(stack(), 'cdk.tf.json'), JSON.stringify({ terraform: { required_providers: AWS, ...terraform } }));
}
const initialises = { files: { '.terraform/terraform.tfstate': '{"backend":1}' } };
const prepare = (play: Record<string, unknown> = initialises, more: Partial<StackFolderRequest> = {}) =>
  prepareStackFolder({
    terraform: fakeTerraform,
    provider,
    stackDir: stack(),
    env: playing({ record: at('record'), ...play }),
    logFile: at('a.log'),
    ...more,
  });
const runs = () => recorded(at('record')).filter(entry => entry.event === 'start');
const link = () => join(stack(), '.terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64');

describe('preparing a stack folder', () => {
  it('initialises the backend alone, beside the stack, and leaves nothing behind', async () => {
    expect(await prepare()).toEqual({ initialised: true });
    const [run, ...more] = runs();
    expect(more).toEqual([]);
    expect(run?.args).toEqual(['init', '-input=false', '-no-color']);
    expect(dirname(run?.cwd ?? '')).toBe(dirname(stack()));
    expect(run?.env?.TF_DATA_DIR).toBe(join(stack(), '.terraform'));
    expect(Object.keys(JSON.parse(run?.env?.TF_REATTACH_PROVIDERS ?? '{}'))).toEqual([provider.address]);
    expect(readdirSync(dirname(stack()))).toEqual(['a']);
  });

  it('links the provider and locks its version without a hash', async () => {
    await prepare();
    expect(readlinkSync(link())).toBe(at('package'));
    expect(readFileSync(join(stack(), '.terraform.lock.hcl'), 'utf8')).toContain(LOCK);
    expect(readFileSync(join(stack(), '.terraform.lock.hcl'), 'utf8')).not.toContain('hashes');
  });

  it('locks the hash too when every command shall check it', async () => {
    provider = { ...provider, verify: 'every' };
    await prepare();
    expect(readFileSync(join(stack(), '.terraform.lock.hcl'), 'utf8')).toContain('"h1:aaaa="');
  });

  it('puts the link in the place of what a plain init left', async () => {
    mkdirSync(link(), { recursive: true });
    writeFileSync(join(link(), 'old'), '');
    await prepare();
    expect(lstatSync(link()).isSymbolicLink()).toBe(true);
    expect(existsSync(at('package/provider'))).toBe(true);
  });

  it('runs nothing the second time', async () => {
    await prepare();
    expect(await prepare()).toEqual({ initialised: false });
    expect(runs()).toHaveLength(1);
  });

  it.each([
    ['the backend', () => synthesize({ backend: { local: { path: 'b' } } })],
    ["terraform's own record", () => writeFileSync(join(stack(), '.terraform/terraform.tfstate'), 'x')],
    ['nothing but the missing .terraform folder', () => rmSync(join(stack(), '.terraform'), { recursive: true })],
  ])('initialises again when %s changed', async (_, change) => {
    await prepare();
    change();
    expect(await prepare()).toEqual({ initialised: true });
  });

  it('initialises again with another terraform', async () => {
    await prepare();
    expect(await prepare(initialises, { terraform: { ...fakeTerraform, version: '1.12.0' } })).toEqual({
      initialised: true,
    });
  });

  it('needs no init without a backend', async () => {
    synthesize({});
    expect(await prepare()).toEqual({ initialised: false });
    expect(runs()).toEqual([]);
    expect(lstatSync(link()).isSymbolicLink()).toBe(true);
  });

  it.each([
    ['HCP Terraform', { cloud: { organization: 'acme' } }],
    ['a remote backend', { backend: { remote: {} } }],
    [
      'a stack with a second provider',
      { backend: LOCAL, required_providers: { ...AWS, random: { source: 'hashicorp/random' } } },
    ],
  ])('runs a plain init in the folder for %s, with the root lock file and our mirror', async (_, settings) => {
    synthesize(settings);
    provider = { ...provider, cliConfigFile: '/own/terraform.rc' };
    expect(await prepare()).toEqual({ initialised: true });
    expect(runs()[0]).toMatchObject({ cwd: stack(), args: ['init', '-input=false', '-no-color'] });
    expect(runs()[0]?.env).toMatchObject({ TF_CLI_CONFIG_FILE: '/own/terraform.rc' });
    expect(runs()[0]?.env).not.toHaveProperty('TF_REATTACH_PROVIDERS');
    expect(readFileSync(join(stack(), '.terraform.lock.hcl'), 'utf8')).toBe('root lock\n');
    expect(await prepare()).toEqual({ initialised: false });
  });

  it('never migrates a state, but says how to', async () => {
    const stderr = 'Error: Backend configuration changed\n\nA change in the backend configuration has been detected\n';
    const run = prepare({ stderr, exit: 1 });
    await expect(run).rejects.toBeInstanceOf(StackError);
    await expect(run).rejects.toMatchObject({ code: 'backend', phase: 'prepare', logFile: at('a.log') });
    await expect(run).rejects.toMatchObject({ next: expect.stringContaining(`cd ${stack()} && `) });
    await expect(run).rejects.toMatchObject({ next: expect.stringMatching(/init -migrate-state$/) });
    expect(readdirSync(dirname(stack()))).toEqual(['a']);
  });

  it('tries again after a failure', async () => {
    await prepare();
    synthesize({ backend: { local: { path: 'b' } } });
    await prepare({ exit: 1 }).catch(() => {});
    synthesize({ backend: LOCAL });
    expect(await prepare()).toEqual({ initialised: true });
  });

  it('asks for a synthesis when there is none, or a broken one', async () => {
    writeFileSync(join(stack(), 'cdk.tf.json'), '{');
    await expect(prepare()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('is not JSON') });
    rmSync(join(stack(), 'cdk.tf.json'));
    await expect(prepare()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('is missing') });
  });
});
