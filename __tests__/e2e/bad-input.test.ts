import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { iamLeftovers, regionalLeftovers, settings } from './support/account.ts';
import { checkout, type Checkout, type ScriptResult } from './support/checkout.ts';

jest.setTimeout(120_000);

describe('deploy:all refuses, with one clear error and exit code 2', () => {
  let emulator: Emulator;
  let project: Checkout;
  let env: NodeJS.ProcessEnv;

  const deploy = (args: readonly string[], change: NodeJS.ProcessEnv = {}) =>
    project.script('deploy:all', ['--email', 'security@example.com', '--yes', ...args], { ...env, ...change });

  const configFile = (config: object): string => {
    const file = join(project.root, 'bad.config.json');
    writeFileSync(file, JSON.stringify(config));
    return file;
  };

  const expectRefusal = (result: ScriptResult, ...parts: (string | RegExp)[]) => {
    expect(result.exitCode).toBe(2);
    for (const part of parts) expect(result.stderr).toMatch(part);
    // One message, not a stack and not a second opinion.
    expect(result.stderr).not.toMatch(/\n\s+at .+:\d+:\d+/);
    expect(result.stderr).not.toContain('This is a bug');
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    project = checkout();
    env = emulatorEnv(emulator.endpoint);
  });

  afterAll(async () => {
    // Whatever was refused above has changed nothing at all.
    const left = [
      ...(await iamLeftovers(settings(emulator.endpoint, 'us-east-1'))),
      ...(await regionalLeftovers(settings(emulator.endpoint, 'us-east-1'))),
    ];
    const state = existsSync(join(project.root, 'state'));
    await emulator.stop();
    project.remove();
    expect({ left, state }).toEqual({ left: [], state: false });
  });

  it('a bad e-mail address', async () => {
    const result = await project.script('deploy:all', ['--email', 'security@', '--yes'], env);
    expectRefusal(result, 'security@', 'must be an e-mail address', '--email');
  });

  it('a region that does not exist', async () => {
    expectRefusal(await deploy(['--primary-region', 'us-moon-1']), 'us-moon-1', 'primaryRegion', 'must be a region');
  });

  it('a primary region that the account has not enabled', async () => {
    expectRefusal(await deploy(['--primary-region', 'af-south-1']), 'af-south-1', /not enabled/, /Fix: /);
  });

  it('a list of regions without us-east-1', async () => {
    const result = await deploy(['--primary-region', 'eu-west-1', '--regions', 'eu-west-1']);
    expectRefusal(result, 'us-east-1', /IAM, root/);
  });

  it('credentials of another account', async () => {
    const result = await deploy(['--config', configFile({ securityAccountId: '999999999999' })]);
    expectRefusal(result, '123456789012', '999999999999', 'securityAccountId');
  });

  it('a partition between whose regions no event is forwarded', async () => {
    const result = await deploy(['--primary-region', 'us-gov-west-1']);
    expectRefusal(result, 'us-gov-east-1', 'would look covered and alert nobody');
  });

  it('unknown keys and bad values, all at once', async () => {
    const file = configFile({ role: [], primaryRegion: 'us-moon-1', users: [{ name: 'a b' }] });
    const result = await project.script('deploy:all', ['--yes', '--config', file], env);
    expectRefusal(result, '3 errors; nothing was touched', 'role', 'did you mean "roles"', 'us-moon-1', 'a b');
  });

  it('an environment without credentials', async () => {
    const result = await deploy([], { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    expectRefusal(result, 'No AWS credentials were found', 'AWS_PROFILE');
  });

  it('an AWS that does not answer', async () => {
    const result = await deploy([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expectRefusal(result, 'could not be reached', 'AWS_ENDPOINT_URL');
  });

  it('a machine without terraform', async () => {
    const bin = join(project.root, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    symlinkSync(join(dirname(process.execPath), 'npm'), join(bin, 'npm'));
    const result = await deploy([], { PATH: `${bin}:/usr/bin:/bin`, TERRAFORM_BINARY_NAME: 'no-such-terraform' });
    expectRefusal(result, 'no-such-terraform', /install/i);
  });

  it('a provider that nobody can give', async () => {
    const empty = join(project.root, 'empty-mirror');
    mkdirSync(empty);
    const file = join(project.root, 'cli.tfrc');
    writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = "${empty}"\n  }\n}\n`);
    const result = await deploy([], { TF_CLI_CONFIG_FILE: file });
    expectRefusal(result, 'hashicorp/aws', /Fix: /);
  });

  it('a terminal that is not there, unless told --yes', async () => {
    const result = await project.script('deploy:all', ['--email', 'security@example.com'], env);
    expectRefusal(result, 'no terminal', '-- --yes');
  });

  it('nobody who would get the alerts', async () => {
    expectRefusal(await project.script('deploy:all', ['--yes'], env), 'Nobody would get the alerts', '--email');
  });

  it.each([
    [['--wat'], '--wat'],
    [['--concurrency', 'many'], 'whole number'],
    [['surplus'], 'argument'],
  ])('flags that it does not have: %j', async (args, part) => {
    expectRefusal(await deploy(args), part, 'npm run deploy:all -- --help');
  });

  it('a report that could not be written, before anything is deployed', async () => {
    expectRefusal(await deploy(['--report', 'no/such/folder/report.json']), 'report', 'no/such/folder');
  });

  it('as a JSON line too, when JSON was asked for', async () => {
    const result = await deploy(['--json'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(JSON.parse(result.stdout)).toMatchObject({ type: 'error', code: 'aws-unreachable', exitCode: 2 });
    expectRefusal(result, 'could not be reached');
  });
});

describe('--help', () => {
  it.each(['deploy:all', 'destroy:all', 'start', 'emulator', 'modules'])(
    'of %s shows examples and exits 0',
    async name => {
      const project = checkout();
      try {
        const result = await project.script(name, ['--help'], { PATH: process.env.PATH, HOME: project.root });
        expect(result.stdout).toContain('Examples:');
        expect(result.exitCode).toBe(0);
      } finally {
        project.remove();
      }
    },
  );
});
