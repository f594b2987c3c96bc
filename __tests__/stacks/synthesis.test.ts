import { describe, expect, it } from '@jest/globals';
import { EXAMPLE, stack, synthesize } from '../support/stacks.ts';

const files = synthesize(EXAMPLE);
const ids = Object.keys((JSON.parse(files.get('manifest.json') ?? '') as { stacks: object }).stacks);

describe('synthesis', () => {
  it('makes the primary, a forwarder for each other default region, and the roles', () => {
    expect(ids.filter(id => id.startsWith('regional-forwarder-'))).toHaveLength(16);
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

  it('asks for versions that both the bindings and the tested provider have', () => {
    for (const id of ids) {
      expect(stack(files, id).terraform).toMatchObject({
        required_version: '>= 1.10.0',
        required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
      });
    }
  });

  it('guards every stack against other accounts once the account is known', () => {
    const guarded = synthesize({ ...EXAMPLE, securityAccountId: '123456789012' });
    expect(stack(guarded, 'bg-user').provider.aws[0]).toEqual({
      region: 'us-east-1',
      allowed_account_ids: ['123456789012'],
    });
    expect(stack(guarded, 'regional-forwarder-eu-west-1').provider.aws[0]).toEqual({
      region: 'eu-west-1',
      allowed_account_ids: ['123456789012'],
    });
    expect(stack(guarded, 'bg-role-111122223333').provider.aws[0]).toEqual({
      region: 'us-east-1',
      allowed_account_ids: ['111122223333'],
      assume_role: [
        {
          role_arn: 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole',
          session_name: 'break-glass-deploy',
        },
      ],
    });
  });

  it('puts the tags on everything by the provider', () => {
    const tagged = synthesize({ ...EXAMPLE, tags: { Owner: 'security' } });
    expect(stack(tagged, 'bg-user').provider.aws[0]).toMatchObject({ default_tags: [{ tags: { Owner: 'security' } }] });
  });
});

describe('the state of each stack', () => {
  const backendsOf = (backend: NonNullable<Parameters<typeof synthesize>[0]['backend']>) => {
    const made = synthesize({ ...EXAMPLE, backend });
    return ids.map(id => [id, stack(made, id).terraform] as const);
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
