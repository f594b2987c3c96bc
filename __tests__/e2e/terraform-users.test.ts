import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { prepareProvider } from '../../src/terraform/provider.ts';
import { iamLeftovers, regionalLeftovers, settings } from './support/account.ts';
import { checkout, type Checkout } from './support/checkout.ts';

jest.setTimeout(300_000);

/** People who use the synthesized folders without our scripts: by cdktf's own command, and by plain terraform. */
describe('the synthesized output', () => {
  let emulator: Emulator;
  let project: Checkout;
  let work: string;
  let env: NodeJS.ProcessEnv;

  const run = async (command: string, args: readonly string[], cwd = project.root) => {
    const { exitCode, all } = await execa(command, args, {
      cwd,
      env,
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
    });
    return { exitCode, output: all };
  };
  /** Says what the command said when it failed, which the exit code doesn't. */
  const succeed = async (running: ReturnType<typeof run>): Promise<string> => {
    const { exitCode, output } = await running;
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}:\n${output}`);
    return output;
  };
  const cdktf = (...args: string[]) => run(join(project.root, 'node_modules/.bin/cdktf'), args);
  const leftovers = async () => [
    ...(await iamLeftovers(settings(emulator.endpoint, 'us-east-1'))),
    ...(await regionalLeftovers(settings(emulator.endpoint, 'us-east-1'))),
    ...(await regionalLeftovers(settings(emulator.endpoint, 'eu-west-1'))),
  ];

  beforeAll(async () => {
    emulator = await startEmulator();
    project = checkout();
    work = mkdtempSync(join(tmpdir(), 'break-glass-provider-'));
    const base = emulatorEnv(emulator.endpoint);
    const terraform = await findTerraform(base);
    const provider = await prepareProvider({ terraform, workDir: work, rootLockFile: null, env: base });
    env = {
      ...base,
      CHECKPOINT_DISABLE: '1',
      BREAK_GLASS_REGIONS: 'us-east-1,eu-west-1',
      ...(provider.cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: provider.cliConfigFile }),
    };
  });

  afterAll(async () => {
    await emulator.stop();
    project.remove();
    rmSync(work, { recursive: true });
  });

  it('is deployed, compared and destroyed by cdktf, in dependency order', async () => {
    // bg-role goes where the caller's credentials are and asks for the account that it trusts.
    env = { ...env, EMAIL_ADDRESS: 'security@example.com', TF_VAR_AccountID: '123456789012' };
    const flags = ['--auto-approve', '--skip-provider-lock', '--parallelism', '1'];
    await succeed(cdktf('deploy', '*', ...flags));
    for (const stack of ['bg-user', 'bg-role', 'regional-forwarder-eu-west-1']) {
      expect(existsSync(join(project.root, `state/${stack}.tfstate`))).toBe(true);
    }
    expect(await succeed(cdktf('diff', 'regional-forwarder-eu-west-1', '--skip-provider-lock'))).toContain(
      'No changes',
    );
    await succeed(cdktf('destroy', '*', ...flags));
    expect(await leftovers()).toEqual([]);
  });

  it('is applied by plain terraform in one folder after the other, with -var, as the original was', async () => {
    const { EMAIL_ADDRESS: _email, TF_VAR_AccountID: _account, ...others } = env;
    env = others;
    rmSync(join(project.root, 'state'), { recursive: true, force: true });
    rmSync(join(project.root, 'cdktf.out'), { recursive: true, force: true });
    expect(await run('npm', ['run', '--silent', 'synth'])).toEqual({ exitCode: 0, output: '' });

    const apply = async (stack: string, ...variables: string[]) => {
      const folder = join(project.root, 'cdktf.out/stacks', stack);
      await succeed(run('terraform', ['init', '-input=false'], folder));
      return run('terraform', ['apply', '-input=false', '-auto-approve', ...variables.map(v => `-var=${v}`)], folder);
    };
    const wrong = await apply('bg-user', 'emailAddress=nobody');
    expect(wrong).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('emailAddress must be an e-mail address'),
    });

    await succeed(apply('bg-user', 'emailAddress=security@example.com,second@example.com'));
    await succeed(apply('regional-forwarder-eu-west-1', 'primary_region=us-east-1', 'primary_account_id=123456789012'));
    expect(await succeed(apply('bg-role', 'AccountID=123456789012'))).toContain(
      'https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=BreakGlassRole',
    );
    expect(await leftovers()).toEqual(
      expect.arrayContaining([
        'user BreakglassUser',
        'role BreakGlassRole',
        'rule capture-breakglass-user-assume-role',
      ]),
    );

    const state = readFileSync(join(project.root, 'state/bg-user.tfstate'), 'utf8');
    expect(state).toContain('"index_key": "second@example.com"');
    for (const stack of ['bg-role', 'regional-forwarder-eu-west-1', 'bg-user']) {
      const variables =
        stack === 'bg-role' ? ['-var=AccountID=123456789012'] : stack === 'bg-user' ? ['-var=emailAddress='] : [];
      const folder = join(project.root, 'cdktf.out/stacks', stack);
      await succeed(run('terraform', ['destroy', '-input=false', '-auto-approve', ...variables], folder));
    }
    expect(await leftovers()).toEqual([]);
  });
});
