import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { userDetections } from '../../src/detection/detections.ts';
import { moduleFiles, synthesizeModule } from '../../src/modules/module-files.ts';
import { MODULES } from '../../src/modules/modules.ts';
import { addresses, decoded, EXAMPLE, stack, synthesize } from '../support/stacks.ts';

const LICENSE = readFileSync('LICENSE', 'utf8');
const files = moduleFiles(LICENSE);
const names = MODULES.map(module => module.name);
const made = (name: string) => synthesizeModule(MODULES.find(module => module.name === name) ?? MODULES[0]!);
// The modules watch the users; what else the stacks watch is not theirs yet.
const stacks = synthesize({
  ...EXAMPLE,
  roles: [],
  monitoring: { tamper: false, rootUser: false, regionOptIn: false, deadLetterQueues: false },
});
const addressesOf = (json: ReturnType<typeof made>) => addresses(json as unknown as Parameters<typeof addresses>[0]);

describe('the modules', () => {
  it('are three, each in the standard structure', () => {
    const structure = [
      'LICENSE',
      'README.md',
      'examples/basic/main.tf',
      'main.tf.json',
      'outputs.tf.json',
      'tests/defaults.tftest.hcl',
      'variables.tf.json',
      'versions.tf.json',
    ];
    expect([...files.keys()]).toEqual(
      ['bg-role', 'bg-user', 'regional-forwarder'].flatMap(name => structure.map(path => `${name}/${path}`)),
    );
  });

  it('are the same bytes each time', () => {
    expect([...moduleFiles(LICENSE)]).toEqual([...files]);
  });

  it('have no provider, no backend, no note of cdktf, no absolute path and nothing undefined', () => {
    for (const [path, text] of files) {
      expect(text).not.toContain(process.cwd());
      expect(text).not.toMatch(/undefined|\[object|TfToken|"\/(home|root|tmp|work|Users)\/|e\+\d{3}/);
      if (!path.endsWith('.json')) continue;
      expect(text).not.toMatch(/"(provider|backend|cloud|\/\/)":/);
    }
  });

  it.each(names)('%s asks for versions by lower bounds only', name => {
    expect(JSON.parse(files.get(`${name}/versions.tf.json`) ?? '')).toEqual({
      terraform: {
        required_version: '>= 1.5.0',
        required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } },
      },
    });
  });

  it.each(names)('%s has variables that are typed, described, never null and validated', name => {
    for (const [variable, block] of Object.entries(made(name).variable)) {
      expect(block).toMatchObject({ type: expect.any(String), description: expect.any(String), nullable: false });
      // A bool has no wrong value.
      if (block.type === 'bool') continue;
      expect(block.validation).toHaveLength(1);
      expect(block.validation?.[0]?.condition).toContain(`var.${variable}`);
      expect(block.validation?.[0]?.error_message).toMatch(new RegExp(`^${variable} must .+\\.$`));
    }
  });

  it.each(names)('%s documents every input and output, sorted, between the markers of terraform-docs', name => {
    const { variable, output } = made(name);
    const text = files.get(`${name}/README.md`) ?? '';
    const docs = text.slice(text.indexOf('<!-- BEGIN_TF_DOCS -->'), text.indexOf('<!-- END_TF_DOCS -->'));
    const rows = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map(row => row[1]);
    expect(rows).toEqual([...Object.keys(variable).sort(), ...Object.keys(output).sort()]);
    for (const { description } of Object.values(output)) expect(docs).toContain(description);
    expect(text).toMatch(new RegExp(`source += "\\./modules/${name}"`));
  });
});

describe('bg-user', () => {
  const module = made('bg-user');

  it('has the variables and outputs that its callers rely on', () => {
    expect(Object.keys(module.variable).sort()).toEqual([
      'assume_role_policy_name',
      'audit_log_group_name',
      'audit_log_retention_days',
      'emailAddress',
      'https_endpoints',
      'key_alias',
      'permissions',
      'permissions_boundary_arn',
      'role_arns',
      'topic_name',
      'user_name',
    ]);
    expect(required(module.variable)).toEqual(['emailAddress']);
    expect(Object.keys(module.output).sort()).toEqual([
      'audit_log_group',
      'key_arn',
      'rule_arns',
      'topic_arn',
      'user_arn',
      'user_name',
    ]);
  });

  it("has the stack's resource addresses, but that its user's name is a value", () => {
    expect(addressesOf(module)).toEqual(
      addresses(stack(stacks, 'bg-user')).map(address => address.replace('user_BreakglassUser', 'user')),
    );
  });

  it('watches the user that the caller names', () => {
    const user = '${var.user_name}';
    const account = '${data.aws_caller_identity.current.account_id}';
    const arns = [`arn:\${data.aws_partition.current.partition}:iam::${account}:user/${user}`];
    const rules = module.resource.aws_cloudwatch_event_rule ?? {};
    for (const { id, pattern } of userDetections({ names: ['var.user_name'], arns })) {
      const made = String(rules[id.replaceAll('-', '_')]?.event_pattern).replaceAll(
        '[var.user_name]',
        '["var.user_name"]',
      );
      expect(decoded(made)).toEqual({ account: [account.slice(2, -1)], ...pattern });
    }
  });

  it('decides on IAMFullAccess and the boundary when terraform runs', () => {
    expect(module.resource.aws_iam_user_policy_attachment?.user_iam_full_access).toMatchObject({
      count: '${var.permissions == "iam-full-access" ? 1 : 0}',
    });
    expect(module.resource.aws_iam_user?.user?.permissions_boundary).toBe(
      '${var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn}',
    );
  });
});

describe('bg-role', () => {
  const module = made('bg-role');

  it('has the variables and outputs that its callers rely on', () => {
    expect(Object.keys(module.variable).sort()).toEqual([
      'AccountID',
      'managed_policy_arns',
      'max_mfa_age_seconds',
      'max_session_seconds',
      'require_mfa',
      'role_name',
      'trusted_user_arns',
      'user_names',
    ]);
    expect(required(module.variable)).toEqual(['AccountID']);
    expect(Object.keys(module.output).sort()).toEqual(['role_arn', 'role_name', 'switch_role_url']);
  });

  it("has the stack's resource addresses", () => {
    expect(addressesOf(module)).toEqual(addresses(stack(stacks, 'bg-role')));
  });

  it('writes the MFA age as text, as IAM wants it', () => {
    expect(module.resource.aws_iam_role?.role?.assume_role_policy).toContain(
      '"aws:MultiFactorAuthAge" = tostring(var.max_mfa_age_seconds)',
    );
  });
});

describe('regional-forwarder', () => {
  const module = made('regional-forwarder');

  it('has the variables and outputs that its callers rely on', () => {
    expect(Object.keys(module.variable).sort()).toEqual([
      'primary_account_id',
      'primary_region',
      'region',
      'user_names',
    ]);
    expect(required(module.variable)).toEqual(['primary_region', 'region']);
    expect(Object.keys(module.output).sort()).toEqual(['forwarder_role_arn', 'rule_arns']);
  });

  it("has the stack's resource addresses", () => {
    expect(addressesOf(module)).toEqual(addresses(stack(stacks, 'regional-forwarder-eu-west-1')));
  });

  it('watches every user that the caller names', () => {
    const rules = module.resource.aws_cloudwatch_event_rule ?? {};
    expect(rules.sign_in?.event_pattern).toContain('"userIdentity" = {"userName" = var.user_names}');
    expect(rules.assume_role?.event_pattern).toContain('"userIdentity" = {"userName" = var.user_names}');
    expect(rules.switch_role?.event_pattern).toContain(
      '"$or" = [{"additionalEventData" = {"SwitchFrom" = local.user_arns}}, {"userIdentity" = {"userName" = var.user_names}}]',
    );
  });
});

function required(variables: ReturnType<typeof made>['variable']): string[] {
  return Object.entries(variables)
    .filter(([, variable]) => !('default' in variable))
    .map(([name]) => name);
}
