import { describe, expect, it } from '@jest/globals';
import { EXAMPLE, IN_THREE_REGIONS, stack, synthesize } from '../support/stacks.ts';

const files = synthesize(EXAMPLE);
const idsOf = (made: ReadonlyMap<string, string>) =>
  Object.keys((JSON.parse(made.get('manifest.json') ?? '') as { stacks: object }).stacks);
const ids = idsOf(files);

describe('synthesis', () => {
  it('makes the primary, a forwarder for each other default region, and the roles', () => {
    const forwarders = ids.filter(id => id.startsWith('regional-forwarder-'));
    const inRoleAccount = forwarders.filter(id => id.startsWith('regional-forwarder-111122223333-'));
    expect(forwarders.length - inRoleAccount.length).toBe(16);
    // Without a network nobody can ask that account: the security account's regions stand for its own.
    expect(inRoleAccount).toHaveLength(17);
    expect(ids.filter(id => !id.startsWith('regional-forwarder-'))).toEqual([
      'bg-role',
      'bg-role-111122223333',
      'bg-user',
    ]);
  });

  it('gives the same bytes in two folders', () => {
    expect([...synthesize(EXAMPLE)]).toEqual([...files]);
  });

  it('writes no absolute path, no undefined, no date', () => {
    for (const [path, text] of files) {
      expect(text).not.toContain(process.cwd());
      expect(text).not.toMatch(/undefined|\[object|"\/(home|root|tmp|work|Users)\//);
      expect(text).not.toMatch(/20\d\d-\d\d-\d\dT/);
      expect(path).not.toMatch(/^\//);
    }
  });

  it('names the dependencies that cdktf deploy follows', () => {
    const { stacks } = JSON.parse(files.get('manifest.json') ?? '') as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    expect(stacks['bg-user']?.dependencies).toEqual([]);
    for (const id of ids.filter(id => id !== 'bg-user')) expect(stacks[id]?.dependencies).toEqual(['bg-user']);
  });

  it('puts forwarders of other accounts behind the standby region, whose bus must know them first', () => {
    const both = synthesize({ ...IN_THREE_REGIONS, standbyRegion: 'eu-west-1' });
    const { stacks } = JSON.parse(both.get('manifest.json') ?? '') as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    expect(stacks['regional-forwarder-111122223333-eu-west-2']?.dependencies).toEqual([
      'bg-user',
      'regional-forwarder-eu-west-1',
    ]);
    expect(stacks['regional-forwarder-eu-west-2']?.dependencies).toEqual(['bg-user']);
  });

  it('enters a monitored account by its deployment role, and watches it in the regions that it has', () => {
    const files = synthesize(
      { ...IN_THREE_REGIONS, securityAccountId: '123456789012' },
      { '111122223333': ['af-south-1'] },
    );
    const made = [...files.keys()].filter(path => path.includes('regional-forwarder-111122223333-'));
    expect(made).toEqual(['stacks/regional-forwarder-111122223333-af-south-1/cdk.tf.json']);
    expect(stack(files, 'regional-forwarder-111122223333-af-south-1').provider.aws[0]).toMatchObject({
      region: 'af-south-1',
      allowed_account_ids: ['111122223333'],
      assume_role: [expect.objectContaining({ role_arn: expect.stringContaining(':111122223333:role/') })],
    });
  });

  it('makes no second stack for a role in the security account: its regions are watched already', () => {
    const files = synthesize({ ...IN_THREE_REGIONS, securityAccountId: '111122223333' });
    expect([...files.keys()].filter(path => path.includes('regional-forwarder-111122223333-'))).toEqual([]);
    const rules = stack(files, 'regional-forwarder-eu-west-1').resource.aws_cloudwatch_event_rule ?? {};
    expect(Object.keys(rules)).toEqual(expect.arrayContaining(['own_role_switched', 'own_role_assumed']));
  });

  it('asks for versions that both the bindings and the tested provider have', () => {
    for (const id of ids) {
      expect(stack(files, id).terraform).toMatchObject({
        required_version: '>= 1.10.0',
        required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
      });
    }
  });

  it('guards every stack against other accounts once the account is known', () => {
    // The provider's own list of regions ends with its release.
    const newerRegions = { skip_region_validation: true };
    const guarded = synthesize({ ...IN_THREE_REGIONS, securityAccountId: '123456789012' });
    expect(stack(guarded, 'bg-user').provider.aws[0]).toEqual({
      region: 'us-east-1',
      allowed_account_ids: ['123456789012'],
      ...newerRegions,
    });
    expect(stack(guarded, 'regional-forwarder-eu-west-1').provider.aws[0]).toEqual({
      region: 'eu-west-1',
      allowed_account_ids: ['123456789012'],
      ...newerRegions,
    });
    expect(stack(guarded, 'bg-role-111122223333').provider.aws[0]).toEqual({
      region: 'us-east-1',
      allowed_account_ids: ['111122223333'],
      ...newerRegions,
      assume_role: [
        {
          role_arn: 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole',
          session_name: 'break-glass-deploy',
        },
      ],
    });
  });

  it('puts the tags on everything by the provider', () => {
    const tagged = synthesize({ ...IN_THREE_REGIONS, tags: { Owner: 'security' } });
    expect(stack(tagged, 'bg-user').provider.aws[0]).toMatchObject({ default_tags: [{ tags: { Owner: 'security' } }] });
  });
});

describe('the state of each stack', () => {
  const backendsOf = (backend: NonNullable<Parameters<typeof synthesize>[0]['backend']>) => {
    const made = synthesize({ ...IN_THREE_REGIONS, backend });
    return idsOf(made).map(id => [id, stack(made, id).terraform] as const);
  };

  it('is a file of its own, relative and outside the output folder', () => {
    for (const [id, terraform] of backendsOf({ type: 'local' })) {
      expect(terraform.backend).toEqual({ local: { path: `../../../state/${id}.tfstate` } });
    }
  });

  it('is an encrypted S3 object of its own with a native lock file', () => {
    const backends = backendsOf({ type: 's3', bucket: 'acme-tfstate', region: 'eu-west-1', kmsKeyId: 'alias/tf' });
    for (const [id, terraform] of backends) {
      expect(terraform.backend).toEqual({
        s3: {
          bucket: 'acme-tfstate',
          key: `break-glass/${id}.tfstate`,
          region: 'eu-west-1',
          encrypt: true,
          use_lockfile: true,
          kms_key_id: 'alias/tf',
        },
      });
    }
  });

  it('is a workspace of its own', () => {
    for (const [id, terraform] of backendsOf({ type: 'cloud', organization: 'acme', project: 'security' })) {
      expect(terraform.cloud).toEqual({
        hostname: 'app.terraform.io',
        organization: 'acme',
        workspaces: { name: `break-glass-${id}`, project: 'security' },
      });
    }
  });
});
