import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

resource "terraform_data" "before" {
  input = var.emails
}

module "break_glass" {
  source       = "./modules/bg-user"
  depends_on   = [terraform_data.before]
  emailAddress = var.emails
  role_arns    = [for role in module.role : role.role_arn]
}

module "forwarder" {
  source     = "./modules/regional-forwarder"
  count      = var.watched ? 1 : 0
  providers  = { aws = aws.ireland }
  depends_on = [module.break_glass]

  region         = "eu-west-1"
  primary_region = "us-east-1"
}

module "role" {
  source    = "./modules/bg-role"
  for_each  = { BreakGlassRole = "IAMFullAccess", BreakGlassAdminRole = "AdministratorAccess" }
  providers = { aws = aws.target }

  AccountID           = "123456789012"
  trusted_user_arns   = [module.break_glass.user_arn]
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
    expect(applied.stdout).toContain('Apply complete! Resources: 45 added, 0 changed, 0 destroyed.');
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
    const trust = (name: string) => JSON.parse(roleInState(name).assume_role_policy);
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

  it('loses no link of the alert path when what the modules depend on changes', async () => {
    const { exitCode, stdout } = await terraform('.', 'plan', '-var=emails=other@example.com', '-json');
    expect(exitCode).toBe(0);
    const planned = stdout
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; change: { action: string; resource: { addr: string } } })
      .filter(({ type }) => type === 'planned_change')
      .map(({ change }) => `${change.action} ${change.resource.addr}`);
    // Policies and targets whose account and partition are asked again get the same values, in place.
    expect(planned.filter(change => !/^(update|read) /.test(change)).sort()).toEqual([
      'create module.break_glass.aws_sns_topic_subscription.subscription_email["other@example.com"]',
      'delete module.break_glass.aws_sns_topic_subscription.subscription_email["security@example.com"]',
      'replace module.break_glass.aws_iam_user_policy_attachment.user_iam_full_access[0]',
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

function roleInState(name: string): { readonly assume_role_policy: string } {
  const state = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')) as {
    resources: { module?: string; type: string; instances: { attributes: { assume_role_policy: string } }[] }[];
  };
  const role = state.resources.find(
    ({ module, type }) => module === `module.role["${name}"]` && type === 'aws_iam_role',
  );
  const attributes = role?.instances[0]?.attributes;
  if (!attributes) throw new Error(`no role ${name} in the state`);
  return attributes;
}
