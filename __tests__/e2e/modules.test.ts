import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { putEvents } from '../../src/aws/event-bus.ts';
import { subscribe } from '../../src/aws/subscriber.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { prepareProvider } from '../../src/terraform/provider.ts';
import { recordsOf, TARGET_ACCOUNT, USER } from '../fixtures/records.ts';
import { iamLeftovers, regionalLeftovers, settings, settingsIn } from './support/account.ts';

jest.setTimeout(120_000);

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const NAMES = ['bg-user', 'bg-role', 'regional-forwarder'];

/** A root module as a team writes it: HCL, its own providers, modules by for_each, count and depends_on. */
const ROOT = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}

provider "aws" {
  alias  = "target"
  region = "us-east-1"
  assume_role {
    role_arn = "arn:aws:iam::${TARGET_ACCOUNT}:role/OrganizationAccountAccessRole"
  }
}

variable "emails" {
  type    = string
  default = "security@example.com"
}

variable "watched" {
  type    = bool
  default = true
}

module "break_glass" {
  source       = "./modules/bg-user"
  emailAddress = var.emails
  role_arns    = [for role in module.role : role.role_arn]
}

module "forwarder" {
  source     = "./modules/regional-forwarder"
  count      = var.watched ? 1 : 0
  providers  = { aws = aws.ireland }
  depends_on = [module.break_glass]

  primary_region = "us-east-1"
  region         = "eu-west-1"
}

module "role" {
  source    = "./modules/bg-role"
  for_each  = { BreakGlassRole = "IAMFullAccess", BreakGlassAdminRole = "AdministratorAccess" }
  providers = { aws = aws.target }

  AccountID           = "123456789012"
  role_name           = each.key
  managed_policy_arns = ["arn:aws:iam::aws:policy/\${each.value}"]
  require_mfa         = each.key != "BreakGlassRole"
}

output "topic_arn" {
  value = module.break_glass.topic_arn
}

output "switch_role_urls" {
  value = { for name, role in module.role : name => role.switch_role_url }
}
`;

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
}

let folder: string;
let env: Record<string, string>;
let terraformPath: string;

async function terraform(where: string, ...args: readonly string[]): Promise<Run> {
  const run = await execa(terraformPath, args, {
    cwd: join(folder, where),
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  return { exitCode: run.exitCode ?? -1, stdout: run.all };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'break-glass-modules-'));
  const script = await execa('node', ['--import', 'tsx', 'scripts/modules.ts', '--out', join(folder, 'modules')], {
    cwd: PROJECT,
    env: { NODE_OPTIONS: '' },
  });
  expect(script.exitCode).toBe(0);
  const binary = await findTerraform(process.env);
  const provider = await prepareProvider({
    terraform: binary,
    workDir: join(folder, 'work'),
    rootLockFile: null,
    env: process.env,
  });
  await provider.verified;
  terraformPath = binary.path;
  env = {
    ...emulatorEnv('http://127.0.0.1:1'),
    CHECKPOINT_DISABLE: '1',
    ...(provider.cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: provider.cliConfigFile }),
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// One story: each step starts from what the one before left.
describe('an HCL root that calls the modules', () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator();
    env = { ...env, ...emulatorEnv(emulator.endpoint, { env }) };
    writeFileSync(join(folder, 'main.tf'), ROOT);
  });
  afterAll(() => emulator.stop());

  it('is initialised and valid without a warning', async () => {
    expect(await terraform('.', 'init', '-no-color')).toMatchObject({ exitCode: 0 });
    const { stdout } = await terraform('.', 'validate', '-json');
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
  });

  it('is applied', async () => {
    const applied = await terraform('.', 'apply', '-auto-approve', '-no-color');
    expect(applied.stdout).toContain('Apply complete! Resources: 35 added, 0 changed, 0 destroyed.');
    expect(applied.stdout).not.toContain('Warning');
    const { stdout } = await terraform('.', 'output', '-json');
    const { topic_arn, switch_role_urls } = JSON.parse(stdout);
    expect(topic_arn.value).toBe('arn:aws:sns:us-east-1:123456789012:breakglassuser-console-logins');
    expect(switch_role_urls.value.BreakGlassRole).toBe(
      `https://signin.aws.amazon.com/switchrole?account=${TARGET_ACCOUNT}&roleName=BreakGlassRole`,
    );
  });

  it('alerts once for each act of the user, in the primary and in the other region', async () => {
    const inbox = await subscribe(
      settings(emulator.endpoint, 'us-east-1'),
      'arn:aws:sns:us-east-1:123456789012:breakglassuser-console-logins',
      'modules-test',
    );
    const records = ['us-east-1', 'eu-west-1'].flatMap(region =>
      recordsOf(USER, region).map(record => ({ region, record })),
    );
    for (const { region, record } of records) await putEvents(settings(emulator.endpoint, region), [record]);
    const heard: string[] = [];
    for (let texts = await inbox.receive(); texts.length > 0; texts = await inbox.receive()) heard.push(...texts);
    await inbox.close();
    const ids = heard.map(text => /Event {5}(\S+)/.exec(text)?.[1]).sort();
    expect(ids).toEqual(records.map(({ record }) => String(record.detail.eventID)).sort());
    for (const text of heard) expect(text).toContain('path: primary (us-east-1)');
  });

  it('trusts the user of the security account, with MFA unless it was turned off', async () => {
    const { stdout } = await terraform('.', 'show', '-json');
    const trust = (name: string) =>
      JSON.parse(valuesOf(stdout, `module.role["${name}"].aws_iam_role.role`).assume_role_policy as string);
    const principal = { Principal: { AWS: [`arn:aws:iam::123456789012:user/${USER}`] } };
    expect(trust('BreakGlassAdminRole').Statement).toEqual([
      expect.objectContaining({
        ...principal,
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
        },
      }),
    ]);
    expect(trust('BreakGlassRole').Statement).toEqual([expect.objectContaining(principal)]);
    expect(trust('BreakGlassRole').Statement[0]).not.toHaveProperty('Condition');
  });

  it('has nothing to change afterwards', async () => {
    expect(await terraform('.', 'plan', '-detailed-exitcode', '-no-color')).toMatchObject({ exitCode: 0 });
  });

  it('replaces nothing when a change of what it depends on comes', async () => {
    const plan = await terraform('.', 'plan', '-var=emails=other@example.com', '-out=change.tfplan', '-no-color');
    expect(plan.exitCode).toBe(0);
    const { resource_changes } = JSON.parse((await terraform('.', 'show', '-json', 'change.tfplan')).stdout) as {
      resource_changes: { address: string; change: { actions: string[] } }[];
    };
    const gone = resource_changes.filter(({ change }) => change.actions.includes('delete'));
    expect(gone.map(({ address }) => address)).toEqual([
      'module.break_glass.aws_sns_topic_subscription.subscription_email["security@example.com"]',
    ]);
  });

  it('is destroyed and leaves nothing', async () => {
    expect(await terraform('.', 'destroy', '-auto-approve', '-no-color')).toMatchObject({ exitCode: 0 });
    for (const region of ['us-east-1', 'eu-west-1']) {
      expect(await regionalLeftovers(settings(emulator.endpoint, region))).toEqual([]);
    }
    expect(await iamLeftovers(settings(emulator.endpoint, 'us-east-1'))).toEqual([]);
    expect(await iamLeftovers(await settingsIn(emulator.endpoint, TARGET_ACCOUNT, 'us-east-1'))).toEqual([]);
  });
});

describe.each(NAMES)('the module %s', name => {
  it('passes its own tests, without AWS', async () => {
    expect(await terraform(`modules/${name}`, 'init', '-no-color')).toMatchObject({ exitCode: 0 });
    const run = await terraform(`modules/${name}`, 'test', '-no-color');
    expect(run.stdout).toMatch(/Success! [1-9]\d* passed, 0 failed\.\s*$/);
  });

  it('has a valid, formatted example', async () => {
    expect(await terraform(`modules/${name}`, 'fmt', '-recursive', '-check', '-no-color')).toEqual({
      exitCode: 0,
      stdout: '',
    });
    const example = `modules/${name}/examples/basic`;
    expect(await terraform(example, 'init', '-no-color')).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await terraform(example, 'validate', '-json')).stdout)).toMatchObject({
      valid: true,
      diagnostics: [],
    });
  });
});

describe('inputs, as terraform checks them', () => {
  // The variables alone need no provider, which makes a plan cheap; terraform reports every wrong one at once.
  async function refused(name: string, values: Record<string, unknown>): Promise<Record<string, string>> {
    const where = join('inputs', name);
    mkdirSync(join(folder, where), { recursive: true });
    cpSync(join(folder, 'modules', name, 'variables.tf.json'), join(folder, where, 'variables.tf.json'));
    writeFileSync(join(folder, where, 'values.tfvars.json'), JSON.stringify(values));
    const { stdout } = await terraform(where, 'plan', '-json', '-input=false', '-var-file=values.tfvars.json');
    const lines = stdout
      .split('\n')
      .map(line => JSON.parse(line) as { diagnostic?: { summary: string; detail: string } });
    const found = lines.flatMap(line =>
      line.diagnostic?.summary === 'Invalid value for variable' ? [line.diagnostic] : [],
    );
    const others = lines.filter(line => line.diagnostic && line.diagnostic.summary !== 'Invalid value for variable');
    expect(others).toEqual([]);
    return Object.fromEntries(found.map(({ detail }) => [detail.split(' ')[0] ?? '', detail.split('\n')[0] ?? '']));
  }

  const role = 'arn:aws:iam::111122223333:role/';
  const wrong: Record<string, readonly Record<string, unknown>[]> = {
    'bg-user': [
      {
        emailAddress: 'nobody',
        https_endpoints: ['http://x.example'],
        user_name: '',
        permissions: 'IAM-FULL-ACCESS',
        permissions_boundary_arn: 'x',
        role_arns: ['*'],
        audit_log_retention_days: 2,
        topic_name: 'x.fifo',
        key_alias: 'breakglassSNS',
        audit_log_group_name: '/aws/lambda/x',
        assume_role_policy_name: 'a b',
      },
      {
        emailAddress: 'a@example.com;b@example.com',
        https_endpoints: ['https://u:p@x.example/'],
        user_name: 'a*',
        permissions: '',
        permissions_boundary_arn: `${role}x`,
        role_arns: [`${role}ok`, 'arn:aws:iam::1:role/x'],
        audit_log_retention_days: -1,
        topic_name: '',
        key_alias: 'alias/aws/x',
        audit_log_group_name: '/aws/events/',
        assume_role_policy_name: 'x'.repeat(129),
      },
      { emailAddress: 'a b@example.com', https_endpoints: ['https://x.example/a b'], user_name: 'x'.repeat(65) },
    ],
    'bg-role': [
      {
        AccountID: '12345678901',
        user_names: [],
        trusted_user_arns: [`${role}x`],
        role_name: 'a/b',
        managed_policy_arns: ['IAMFullAccess'],
        max_mfa_age_seconds: 59,
        max_session_seconds: 3599,
      },
      {
        AccountID: '1234567890123',
        user_names: ['a', ''],
        trusted_user_arns: ['arn:aws:iam::111122223333:root'],
        role_name: 'x'.repeat(65),
        managed_policy_arns: Array.from({ length: 11 }, (_, n) => `arn:aws:iam::aws:policy/P${n}`),
        max_mfa_age_seconds: 60.5,
        max_session_seconds: 43_201,
      },
    ],
    'regional-forwarder': [
      { primary_region: 'us-east', primary_account_id: 'x', user_names: [], region: 'EU-WEST-1' },
      { primary_region: '', primary_account_id: '1', user_names: ['*'], region: 'eu-west-1a' },
    ],
  };
  it.each(Object.entries(wrong).flatMap(([name, rounds]) => rounds.map(values => [name, values] as const)))(
    'of %s: %j are refused, each by name and with the fix',
    async (name, values) => {
      const required = { 'bg-user': { emailAddress: '' }, 'bg-role': { AccountID: '123456789012' } }[name];
      const messages = await refused(name, { ...required, ...values });
      expect(Object.keys(messages).sort()).toEqual(Object.keys(values).sort());
      for (const message of Object.values(messages)) expect(message).toMatch(/ must (be|begin|hold) .+\.$/);
    },
  );

  const right: Record<string, Record<string, unknown>> = {
    'bg-user': {
      emailAddress: '',
      https_endpoints: ['https://x.example', 'https://x.example/a?b=c@d'],
      user_name: 'a.b@c',
      permissions: 'assume-role-only',
      permissions_boundary_arn: 'arn:aws-us-gov:iam::aws:policy/team/X',
      role_arns: ['arn:aws:iam::*:role/BreakGlass*', 'arn:aws-cn:iam::111122223333:role/path/x'],
      audit_log_retention_days: 0,
      key_alias: 'alias/a/b',
      audit_log_group_name: '/aws/events/x/y',
    },
    'bg-role': {
      AccountID: '012345678901',
      user_names: ['a', 'b'],
      trusted_user_arns: ['arn:aws-us-gov:iam::111122223333:user/p/a'],
      managed_policy_arns: [],
      max_mfa_age_seconds: 129_600,
      max_session_seconds: 43_200,
      require_mfa: false,
    },
    'regional-forwarder': { primary_region: 'us-gov-west-1', primary_account_id: '', user_names: ['a'], region: '' },
  };
  it.each(Object.entries(right))('of %s: %j are accepted', async (name, values) => {
    expect(await refused(name, values)).toEqual({});
  });
});

it('leaves the modules as they were written but for what terraform adds', () => {
  const before = readFileSync(join(folder, 'modules/bg-user/main.tf.json'), 'utf8');
  expect(before).not.toMatch(/"(provider|backend|\/\/)":/);
});

function valuesOf(shown: string, address: string): Record<string, unknown> {
  type Module = { resources?: { address: string; values: Record<string, unknown> }[]; child_modules?: Module[] };
  const all = (module: Module): NonNullable<Module['resources']> => [
    ...(module.resources ?? []),
    ...(module.child_modules ?? []).flatMap(all),
  ];
  const state = JSON.parse(shown) as { values: { root_module: Module } };
  const found = all(state.values.root_module).find(resource => resource.address === address);
  if (!found) throw new Error(`no ${address}`);
  return found.values;
}
