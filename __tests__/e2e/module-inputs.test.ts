import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { moduleFiles } from '../../src/modules/module-files.ts';
import { findTerraform } from '../../src/terraform/find-terraform.ts';

jest.setTimeout(60_000);

const files = moduleFiles('');
let folder: string;
let terraform: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'break-glass-module-inputs-'));
  terraform = (await findTerraform(process.env)).path;
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('inputs, as terraform checks them', () => {
  // The variables alone need no provider, which makes a plan cheap; terraform reports every wrong one at once.
  async function refused(name: string, values: Record<string, unknown>): Promise<Record<string, string>> {
    const cwd = join(folder, name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'variables.tf.json'), files.get(`${name}/variables.tf.json`) ?? '');
    writeFileSync(join(cwd, 'values.tfvars.json'), JSON.stringify(values));
    const args = ['plan', '-json', '-input=false', '-var-file=values.tfvars.json'];
    const { stdout } = await execa(terraform, args, { cwd, env: { CHECKPOINT_DISABLE: '1' }, reject: false });
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
    'of %s are refused when wrong, each by name and with the fix (%#)',
    async (name, values) => {
      const required = name === 'bg-user' ? { emailAddress: '' } : {};
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
    'regional-forwarder': {
      primary_region: 'us-gov-west-1',
      primary_account_id: '',
      user_names: ['a'],
      region: 'us-gov-east-1',
    },
  };
  it.each(Object.entries(right))('of %s are accepted when right', async (name, values) => {
    expect(await refused(name, values)).toEqual({});
  });
});
