import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Progress } from '../../src/rollout/types.ts';
import { applyStack, destroyStack, planStack } from '../../src/terraform/commands.ts';
import { findTerraform, type TerraformBinary } from '../../src/terraform/find-terraform.ts';
import { readOutputs } from '../../src/terraform/outputs.ts';
import { packageHash, packageIdentity } from '../../src/terraform/package-identity.ts';
import { assertUnchanged, prepareProvider, type ProviderPackage } from '../../src/terraform/provider.ts';
import { prepareStackFolder } from '../../src/terraform/stack-folder.ts';
import { temporaryFolder } from '../fixtures/terraform/fake.ts';

const ADDRESS = 'registry.terraform.io/hashicorp/aws';
// Whatever would go to the registry is refused on loopback.
const OFFLINE = { PATH: process.env.PATH, HTTPS_PROXY: 'http://127.0.0.1:1', TF_REGISTRY_DISCOVERY_RETRY: '0' };

let terraform: TerraformBinary;
let folder: ReturnType<typeof temporaryFolder>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');

beforeAll(async () => {
  terraform = await findTerraform(process.env);
});

describe('installing the provider, from a small package that plays it', () => {
  let binary: string;
  beforeEach(() => {
    folder = temporaryFolder();
    binary = at('opt/mirror', ADDRESS, '5.100.0', terraform.platform, 'terraform-provider-aws_v5.100.0_x5');
    mkdirSync(dirname(binary), { recursive: true });
    writeFileSync(binary, 'binary', { mode: 0o755 });
  });
  afterEach(() => folder.remove());

  const notices: string[] = [];
  const prepare = (more: Partial<Parameters<typeof prepareProvider>[0]> = {}) =>
    prepareProvider({
      terraform,
      workDir: at('work'),
      rootLockFile: at('.terraform.lock.hcl'),
      env: { ...OFFLINE, HOME: at('home'), XDG_DATA_DIRS: at('none') },
      addOnRoots: [at('opt')],
      onNotice: text => notices.push(text),
      ...more,
    });
  /** When `init` ran last. */
  const initialised = () => statSync(at('work/provider-init.log'), { bigint: true }).mtimeNs;

  it('is one init, which makes the root lock file, and then none as long as nothing changes', async () => {
    notices.length = 0;
    const first = await prepare();
    const words = `provider hashicorp/aws 5.100.0 from the mirror at ${at('opt/mirror')}`;
    expect(first).toMatchObject({
      version: '5.100.0',
      dir: dirname(binary),
      source: words,
      cliConfigFile: at('work/terraform.rc'),
    });
    expect(notices).toEqual([words]);
    expect(read('.terraform.lock.hcl')).toContain(`"${await packageHash(dirname(binary))}"`);
    expect(first.lockText).toBe(read('.terraform.lock.hcl'));
    const when = initialised();
    const lock = read('.terraform.lock.hcl');

    const second = await prepare();
    await second.verified;
    expect(initialised()).toBe(when);
    expect(read('.terraform.lock.hcl')).toBe(lock);
    expect({ ...second, verified: null }).toEqual({ ...first, verified: null });
  });

  it('adds its entry to a root lock file that has none, and keeps the others', async () => {
    const other = 'provider "registry.terraform.io/hashicorp/random" {\n  version = "3.6.0"\n}\n';
    writeFileSync(at('.terraform.lock.hcl'), other);
    await prepare();
    expect(read('.terraform.lock.hcl').startsWith(`${other}\nprovider "${ADDRESS}" {`)).toBe(true);
  });

  it('makes no root lock file when none is asked for', async () => {
    await prepare({ rootLockFile: null });
    expect(existsSync(at('.terraform.lock.hcl'))).toBe(false);
  });

  it('stops at a root lock file with another checksum', async () => {
    await prepare();
    writeFileSync(at('.terraform.lock.hcl'), read('.terraform.lock.hcl').replace(/"h1:../, '"h1:zz'));
    await expect(prepare()).rejects.toMatchObject({ code: 'provider-checksum', exitCode: 2 });
    // Not only once.
    await expect(prepare()).rejects.toMatchObject({ code: 'provider-checksum' });
  });

  it('stops at a package that was changed between two runs', async () => {
    await prepare();
    appendFileSync(binary, '!');
    await expect(prepare()).rejects.toMatchObject({ code: 'provider-checksum' });
  });

  it('stops at a package whose content alone is wrong, before its first use', async () => {
    await prepare();
    writeFileSync(binary, 'yranib');
    const record = JSON.parse(read('work/provider.json'));
    record.installed.identity = await packageIdentity(dirname(binary));
    writeFileSync(at('work/provider.json'), JSON.stringify(record));
    const provider = await prepare();
    await expect(provider.verified).rejects.toMatchObject({ code: 'provider-checksum' });
    await expect(provider.verified).rejects.toThrow(/found h1:/);
  });

  it('stops at a package that is changed during the run', async () => {
    const provider = await prepare();
    await assertUnchanged(provider);
    writeFileSync(at('opt/mirror', ADDRESS, '5.100.0', terraform.platform, 'more'), '');
    await expect(assertUnchanged(provider)).rejects.toMatchObject({ code: 'provider-changed', exitCode: 1 });
  });

  it('says so when anyone may write to the package', async () => {
    notices.length = 0;
    chmodSync(dirname(binary), 0o777);
    await prepare();
    expect(notices).toContain(`anyone on this machine may write to ${dirname(binary)}`);
  });

  it('fails with one error and terraform’s reason when no provider can be reached', async () => {
    rmSync(at('opt'), { recursive: true });
    const run = prepare();
    await expect(run).rejects.toMatchObject({ code: 'provider-unavailable', exitCode: 2 });
    await expect(run).rejects.toThrow(
      /from the registry[\s\S]*could not connect to registry\.terraform\.io[\s\S]*mirror/,
    );
    expect(existsSync(at('.terraform.lock.hcl'))).toBe(false);
  });

  it('goes to the registry for a locked version that the mirror lacks', async () => {
    await prepare();
    writeFileSync(at('.terraform.lock.hcl'), read('.terraform.lock.hcl').replace('"5.100.0"', '"6.0.0"'));
    await expect(prepare()).rejects.toThrow(/from the registry/);
  });

  it("uses the user's own installation settings, and says so", async () => {
    writeFileSync(
      at('own.rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = "${at('opt/mirror')}"\n  }\n}\n`,
    );
    const env = { ...OFFLINE, HOME: at('home'), TF_CLI_CONFIG_FILE: at('own.rc') };
    const provider = await prepare({ env, addOnRoots: [] });
    expect(provider).toMatchObject({
      cliConfigFile: null,
      source: expect.stringContaining('your Terraform CLI configuration'),
    });
  });
});

describe('running a stack with the real provider', () => {
  let provider: ProviderPackage;
  beforeAll(async () => {
    folder = temporaryFolder();
    provider = await prepareProvider({
      terraform,
      workDir: at('work'),
      rootLockFile: at('.terraform.lock.hcl'),
      env: process.env,
    });
  });
  afterAll(() => folder.remove());

  // A data source that asks nobody: the provider is started and configured, and AWS isn't called.
  const aws = {
    region: 'us-east-1',
    access_key: 'x',
    secret_key: 'y',
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: 'true',
    skip_region_validation: true,
  };
  function synthesize(id: string, backend: object = { local: { path: `../../../state/${id}.tfstate` } }) {
    const stackDir = at('cdktf.out/stacks', id);
    mkdirSync(stackDir, { recursive: true });
    const settings = {
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
      backend,
    };
    const statement = [{ actions: ['sts:AssumeRole'], principals: [{ type: 'AWS', identifiers: ['*'] }] }];
    const config = {
      terraform: settings,
      provider: { aws: [aws] },
      data: { aws_iam_policy_document: { trust: { statement } } },
      resource: { terraform_data: { x: { input: '${data.aws_iam_policy_document.trust.json}' } } },
      output: { trust: { value: '${terraform_data.x.output}' } },
    };
    writeFileSync(join(stackDir, 'cdk.tf.json'), JSON.stringify(config));
    return { terraform, provider, stackDir, env: { ...OFFLINE, HOME: at('home') }, logFile: at('logs', `${id}.log`) };
  }

  it('applies, plans and destroys in a folder that no plain init has seen', async () => {
    const stack = synthesize('a');
    expect(await prepareStackFolder(stack)).toEqual({ initialised: true });
    const progress: unknown[] = [];
    const applied = await applyStack({ ...stack, onProgress: at => progress.push(at) });
    expect(applied).toMatchObject({
      changes: { add: 1, change: 0, remove: 0 },
      details: [{ address: 'terraform_data.x', action: 'create' }],
      outputs: { trust: expect.stringContaining('sts:AssumeRole') },
    });
    expect(progress.slice(-2)).toEqual([0, 1].map(done => ({ phase: 'apply', done, total: 1 })));
    expect(existsSync(at('state/a.tfstate'))).toBe(true);
    expect(read('cdktf.out/stacks/a/.terraform.lock.hcl')).not.toContain('h1:');

    expect(await prepareStackFolder(stack)).toEqual({ initialised: false });
    expect(await applyStack(stack)).toMatchObject({ changes: { add: 0, change: 0, remove: 0 }, details: [] });
    expect((await planStack(stack)).changes).toEqual({ add: 0, change: 0, remove: 0 });
    expect(await readOutputs(stack)).toEqual(applied.outputs);
    expect((await destroyStack(stack)).changes).toEqual({ add: 0, change: 0, remove: 1 });
  }, 60_000);

  it('initialises anew over a state that knows the provider, without installing it', async () => {
    const stack = synthesize('b');
    const state = {
      version: 4,
      serial: 1,
      lineage: 'b',
      resources: [
        { mode: 'managed', type: 'aws_iam_role', name: 'x', provider: `provider["${ADDRESS}"]`, instances: [] },
      ],
    };
    mkdirSync(at('state'), { recursive: true });
    writeFileSync(at('state/b.tfstate'), JSON.stringify(state));
    // OFFLINE names no mirror: an installation would fail.
    expect(await prepareStackFolder(stack)).toEqual({ initialised: true });
  });

  it('never migrates a state whose backend changed', async () => {
    await prepareStackFolder(synthesize('c'));
    const moved = synthesize('c', { local: { path: '../../../elsewhere/c.tfstate' } });
    const run = prepareStackFolder(moved);
    await expect(run).rejects.toMatchObject({ code: 'backend', phase: 'prepare' });
    await expect(run).rejects.toMatchObject({ next: expect.stringContaining('terraform init -migrate-state') });
    await expect(applyStack(moved)).rejects.toMatchObject({ code: 'backend', phase: 'apply' });
    expect(existsSync(at('elsewhere'))).toBe(false);
  });

  it('lets terraform check the checksum in every command when asked to', async () => {
    const strict = { ...provider, verify: 'every' as const };
    const stack = { ...synthesize('d'), provider: strict };
    await prepareStackFolder(stack);
    expect((await planStack(stack)).changes).toEqual({ add: 1, change: 0, remove: 0 });

    const wrong = { ...stack, provider: { ...strict, hashes: ['h1:fdXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0='] } };
    await prepareStackFolder(wrong);
    const run = planStack(wrong);
    await expect(run).rejects.toMatchObject({ code: 'provider', phase: 'plan' });
    await expect(run).rejects.toThrow(/does not match any of the checksums/);
  }, 60_000);

  it('checks the real package against the lock file when init is skipped', async () => {
    const again = await prepareProvider({
      terraform,
      workDir: at('work'),
      rootLockFile: at('.terraform.lock.hcl'),
      env: process.env,
    });
    await again.verified;
    expect(again.hashes).toContain(await packageHash(again.dir));
  }, 60_000);

  it('stops at one interrupt, keeps what is done and frees the lock that a second run had met', async () => {
    const stack = synthesize('f');
    const file = join(stack.stackDir, 'cdk.tf.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    const slow = { depends_on: ['terraform_data.x'], provisioner: [{ 'local-exec': { command: 'exec sleep 300' } }] };
    config.resource.terraform_data.slow = slow;
    writeFileSync(file, JSON.stringify(config));
    await prepareStackFolder(stack);

    const stop = new AbortController();
    let oneDone = () => {};
    const underWay = new Promise<void>(resolve => (oneDone = resolve));
    const onProgress = (progress: Progress) => void (progress.done === 1 && oneDone());
    const first = applyStack({ ...stack, signal: stop.signal, onProgress });
    await Promise.race([underWay, first]);

    const second = planStack({ ...stack, logFile: at('logs/f2.log') });
    await expect(second).rejects.toMatchObject({ code: 'lock', next: expect.not.stringContaining('force-unlock') });
    await expect(second).rejects.toThrow(/^The state is locked by \S+@\S+ since \S+ .*\(apply, lock ID /);

    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'interrupted', interrupted: true });
    const rest = await planStack(stack);
    expect(rest.details?.map(({ address }) => address)).toEqual(['terraform_data.slow']);
  }, 60_000);

  it('runs a plain init where a stack needs it, from what is installed already', async () => {
    const stack = synthesize('e');
    const file = join(stack.stackDir, 'cdk.tf.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    config.terraform.required_providers.extra = { source: 'terraform.io/builtin/terraform' };
    writeFileSync(file, JSON.stringify(config));
    expect(await prepareStackFolder(stack)).toEqual({ initialised: true });
    expect(read('cdktf.out/stacks/e/.terraform.lock.hcl')).toContain('h1:');
    expect((await planStack(stack)).changes.add).toBe(1);
  }, 60_000);
});
