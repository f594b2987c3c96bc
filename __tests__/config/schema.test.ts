import { describe, expect, it } from '@jest/globals';
import { defineConfig, parseConfig } from '../../src/config/schema.ts';
import { rowsOf } from './failure.ts';

const parse = (input: unknown) => parseConfig(input, 'test');

const ROLE = { accountId: '111122223333' };
const S3 = { type: 's3', bucket: 'acme-tfstate', region: 'eu-west-1' };
const CLOUD = { type: 'cloud', organization: 'acme' };

/** Section 2 of the contract, without its comments. */
const contractExample = {
  primaryRegion: 'us-east-1',
  standbyRegion: null,
  securityAccountId: null,
  regions: 'all-enabled',
  excludeRegions: [],
  alerts: { emails: [], httpsEndpoints: [], chat: null },
  users: [{ name: 'BreakglassUser', permissions: 'iam-full-access', permissionsBoundaryArn: null }],
  roles: [
    {
      accountId: '111122223333',
      name: 'BreakGlassRole',
      managedPolicyArns: ['arn:aws:iam::aws:policy/IAMFullAccess'],
      requireMfa: true,
      maxMfaAgeSeconds: 3600,
      maxSessionSeconds: 3600,
      trustedUserArns: [],
      deploymentRoleArn: 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole',
      monitor: true,
    },
  ],
  monitoring: { tamper: true, rootUser: true, regionOptIn: true, auditLogRetentionDays: 365, deadLetterQueues: true },
  backend: { type: 'local' },
  contacts: [],
  tags: {},
};

describe('a configuration that is right', () => {
  it('takes the example of the contract as it is', () => {
    expect(parse(contractExample)).toEqual(contractExample);
  });

  it('fills everything of an empty object with the defaults of the contract', () => {
    expect(parse({})).toEqual({ ...contractExample, roles: [] });
  });

  it('fills everything of a role that only says its account', () => {
    expect(parse({ roles: [ROLE] })).toEqual(contractExample);
  });

  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('takes default ARNs from the partition of primary region %s', (primaryRegion, partition) => {
    expect(parse({ primaryRegion, roles: [ROLE] }).roles[0]).toMatchObject({
      managedPolicyArns: [`arn:${partition}:iam::aws:policy/IAMFullAccess`],
      deploymentRoleArn: `arn:${partition}:iam::111122223333:role/OrganizationAccountAccessRole`,
    });
  });

  it('fills in the defaults of each backend', () => {
    expect(parse({ backend: S3 }).backend).toEqual({ ...S3, keyPrefix: 'break-glass', kmsKeyId: null });
    expect(parse({ backend: CLOUD }).backend).toEqual({
      ...CLOUD,
      hostname: 'app.terraform.io',
      workspacePrefix: 'break-glass-',
      project: null,
    });
  });

  it('fills in a contact and keys that are undefined', () => {
    const contacts = [{ name: 'Ana', role: 'Head of security', phone: undefined }];
    expect(parse({ contacts, tags: undefined, alerts: undefined })).toMatchObject({
      contacts: [{ name: 'Ana', role: 'Head of security', email: null, phone: null }],
      tags: {},
      alerts: { emails: [] },
    });
  });

  it('cannot be changed, and leaves the input as it was', () => {
    const input = { regions: ['us-east-1'], tags: { team: 'security' } };
    const config = parse(input);
    expect(() => Object.assign(config.tags, { team: 'other' })).toThrow('read only');
    expect(() => (config.regions as string[]).push('eu-west-1')).toThrow('not extensible');
    input.regions.push('eu-west-1');
    expect(config.regions).toEqual(['us-east-1']);
  });

  it('is what defineConfig was given', () => {
    const input = { primaryRegion: 'eu-west-1' };
    expect(defineConfig(input)).toBe(input);
  });
});

describe('accepted values', () => {
  const uuid = '0d990263-040e-4c3a-a4d0-4b2f3a1b2c3d';
  it.each<[string, unknown]>([
    ['an opt-in region as primary', { primaryRegion: 'me-central-1' }],
    ['a list of regions with the primary and the global one', { regions: ['us-east-1', 'ap-east-2'] }],
    ['excluded regions', { excludeRegions: ['eu-west-3', 'me-south-1'] }],
    ['an account id with leading zeros', { securityAccountId: '000000000012' }],
    ['mail addresses', { alerts: { emails: ["o'neil.x+bg@mail.example.co.uk", 'a@b.io'] } }],
    ['an endpoint with port, path and query', { alerts: { httpsEndpoints: ['https://a.example:8443/x?y=1@2'] } }],
    ['several users', { users: [{ name: 'a' }, { name: 'B_+=,.@-9', permissions: 'assume-role-only' }] }],
    ['a boundary of AWS', { users: [{ permissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }] }],
    ['a boundary with a path', { users: [{ permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/a/b/Limit' }] }],
    ['a role without MFA', { roles: [{ ...ROLE, requireMfa: false, monitor: false }] }],
    ['the shortest times', { roles: [{ ...ROLE, maxMfaAgeSeconds: 60, maxSessionSeconds: 3600 }] }],
    ['the longest times', { roles: [{ ...ROLE, maxMfaAgeSeconds: 129_600, maxSessionSeconds: 43_200 }] }],
    [
      'a trusted user of any account',
      { roles: [{ ...ROLE, trustedUserArns: ['arn:aws:iam::444455556666:user/x/Y'] }] },
    ],
    [
      'a policy of the role’s account',
      { roles: [{ ...ROLE, managedPolicyArns: ['arn:aws:iam::111122223333:policy/P'] }] },
    ],
    ['roles in two accounts', { roles: [ROLE, { accountId: '444455556666' }] }],
    ['an audit log for ever', { monitoring: { auditLogRetentionDays: 0 } }],
    ['an audit log for ten years', { monitoring: { auditLogRetentionDays: 3653 } }],
    ['a key prefix with slashes', { backend: { ...S3, keyPrefix: 'security/break-glass' } }],
    ['a key by id', { backend: { ...S3, kmsKeyId: uuid } }],
    ['a key by alias', { backend: { ...S3, kmsKeyId: 'alias/tf/state' } }],
    ['a key by ARN', { backend: { ...S3, kmsKeyId: `arn:aws:kms:eu-west-1:111122223333:key/${uuid}` } }],
    ['a multi-region key', { backend: { ...S3, kmsKeyId: `mrk-${'a1'.repeat(16)}` } }],
    [
      'an own HCP Terraform',
      { backend: { ...CLOUD, hostname: 'tfe.acme.example', workspacePrefix: '', project: 'Sec Ops' } },
    ],
    [
      'tags at their limits',
      { tags: { ['k'.repeat(128)]: 'v'.repeat(256), 'Kostenstelle Süd': '', 'a:b/c=d+e-@_.': 'x' } },
    ],
    [
      'contacts',
      { contacts: [{ name: 'Ana Núñez', role: 'on call', email: 'ana@example.com', phone: '+34 600 000 000' }] },
    ],
  ])('%s', (_, input) => {
    expect(parse(input)).toMatchObject(input as object);
  });
});

describe('refused values, each with its path, value, rule and fix', () => {
  const knownUs = 'known here: us-east-1, us-east-2, us-west-1, us-west-2, us-gov-east-1, us-gov-west-1';
  const regionRule = 'must be a region of a known partition';
  const emailRule = 'must be an e-mail address';
  const httpsRule =
    'must be an https URL without user and password (for example https://alerts.example.com/break-glass)';
  const nameRule = 'must be an IAM name: 1 to 64 letters, digits or any of _+=,.@-';
  const keyRule = 'must be an S3 key without a slash at its ends (for example break-glass)';
  const policyRule = 'must be the ARN of an IAM policy (for example arn:aws:iam::aws:policy/ReadOnlyAccess)';
  const sessionRule = 'must be a whole number of seconds from 3600 to 43200';
  const ageRule = 'must be a whole number of seconds from 60 to 129600';
  const tagRule = 'must be a tag key: 1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws:';
  const tagValueRule = 'must be a tag value: text of at most 256 letters, digits, spaces or _.:/=+-@';
  const kmsRule = 'must be the ARN, the id or the alias of a KMS key (for example alias/terraform-state)';
  const s3 = (change: object) => ({ backend: { ...S3, ...change } });
  const cloud = (change: object) => ({ backend: { ...CLOUD, ...change } });
  const role = (change: object) => ({ roles: [{ ...ROLE, ...change }] });
  const emails = (...list: unknown[]) => ({ alerts: { emails: list } });
  const endpoint = (url: unknown) => ({ alerts: { httpsEndpoints: [url] } });

  it.each<[unknown, string]>([
    [{ primaryRegion: 'us-moon-1' }, `primaryRegion | got "us-moon-1" | ${regionRule} (${knownUs})`],
    [{ primaryRegion: 'us-esat-1' }, `primaryRegion | got "us-esat-1" | ${regionRule} (did you mean "us-east-1"?)`],
    [{ primaryRegion: null }, `primaryRegion | got null | ${regionRule} (for example us-east-1 or eu-west-1)`],
    [{ regions: 'all' }, 'regions | got "all" | must be "all-enabled" or a list of regions'],
    [{ regions: ['us-east-1', 7] }, `regions[1] | got 7 | ${regionRule} (for example us-east-1 or eu-west-1)`],
    [{ excludeRegions: 'eu-west-3' }, 'excludeRegions | got "eu-west-3" | must be a list'],
    [
      { excludeRegions: ['eu-wst-3'] },
      `excludeRegions[0] | got "eu-wst-3" | ${regionRule} (did you mean "eu-west-3"?)`,
    ],
    [{ securityAccountId: '12345' }, 'securityAccountId | got "12345" | must be an account id of 12 digits'],
    [
      { securityAccountId: 12345678901 },
      'securityAccountId | got 12345678901 | must be an account id of 12 digits (as text: "012345678901")',
    ],
    [{ alerts: [] }, 'alerts | got [] | must be an object'],
    [{ alerts: { emails: 'a@b.io' } }, 'alerts.emails | got "a@b.io" | must be a list'],
    [emails('security@'), `alerts.emails[0] | got "security@" | ${emailRule}`],
    [emails('a@b.io', 'c d@e.io'), `alerts.emails[1] | got "c d@e.io" | ${emailRule}`],
    [emails('a@b.io,c@d.io'), `alerts.emails[0] | got "a@b.io,c@d.io" | ${emailRule} (one address per entry)`],
    [emails('a@b.io\n'), `alerts.emails[0] | got "a@b.io\\n" | ${emailRule}`],
    [emails(`${'a'.repeat(250)}@b.io`), `alerts.emails[0] | got "${'a'.repeat(46)}… | ${emailRule}`],
    [endpoint('http://a.io'), `alerts.httpsEndpoints[0] | got "http://a.io" | ${httpsRule}`],
    [endpoint('https://u:secret@a.io'), `alerts.httpsEndpoints[0] | got "https://***@a.io" | ${httpsRule}`],
    [endpoint('https://u@a.io'), `alerts.httpsEndpoints[0] | got "https://***@a.io" | ${httpsRule}`],
    [endpoint('https://a.io/${x}'), `alerts.httpsEndpoints[0] | got "https://a.io/\${x}" | ${httpsRule}`],
    [endpoint('https://a.io/ b'), `alerts.httpsEndpoints[0] | got "https://a.io/ b" | ${httpsRule}`],
    [endpoint('https://'), `alerts.httpsEndpoints[0] | got "https://" | ${httpsRule}`],
    [{ users: [] }, 'users | got [] | must hold at least one user'],
    [{ users: ['x'] }, 'users[0] | got "x" | must be an object'],
    [{ users: [{ name: 'a b' }] }, `users[0].name | got "a b" | ${nameRule}`],
    [{ users: [{ name: 'x'.repeat(65) }] }, `users[0].name | got "${'x'.repeat(46)}… | ${nameRule}`],
    [
      { users: [{ permissions: 'assume-role' }] },
      'users[0].permissions | got "assume-role" | must be "iam-full-access" or "assume-role-only" ' +
        '(did you mean "assume-role-only"?)',
    ],
    [{ users: [{ permissionsBoundaryArn: 'x' }] }, `users[0].permissionsBoundaryArn | got "x" | ${policyRule}`],
    [{ roles: {} }, 'roles | got {} | must be a list'],
    [{ roles: [{}] }, 'roles[0].accountId | missing | must be an account id of 12 digits'],
    [role({ name: '' }), `roles[0].name | got "" | ${nameRule}`],
    [
      role({ managedPolicyArns: ['IAMFullAccess'] }),
      `roles[0].managedPolicyArns[0] | got "IAMFullAccess" | ${policyRule}`,
    ],
    [
      role({ trustedUserArns: ['arn:aws:iam::111122223333:role/x'] }),
      'roles[0].trustedUserArns[0] | got "arn:aws:iam::111122223333:role/x" | must be the ARN of an IAM user ' +
        '(for example arn:aws:iam::111122223333:user/BreakglassUser)',
    ],
    [
      role({ deploymentRoleArn: null }),
      'roles[0].deploymentRoleArn | got null | must be the ARN of an IAM role ' +
        '(for example arn:aws:iam::111122223333:role/OrganizationAccountAccessRole)',
    ],
    [role({ requireMfa: 'true' }), 'roles[0].requireMfa | got "true" | must be true or false (true without quotes)'],
    [role({ monitor: 1 }), 'roles[0].monitor | got 1 | must be true or false'],
    [role({ maxSessionSeconds: 3599 }), `roles[0].maxSessionSeconds | got 3599 | ${sessionRule}`],
    [role({ maxSessionSeconds: 43_201 }), `roles[0].maxSessionSeconds | got 43201 | ${sessionRule}`],
    [role({ maxSessionSeconds: 3600.5 }), `roles[0].maxSessionSeconds | got 3600.5 | ${sessionRule}`],
    [role({ maxSessionSeconds: NaN }), `roles[0].maxSessionSeconds | got NaN | ${sessionRule}`],
    [role({ maxMfaAgeSeconds: 59 }), `roles[0].maxMfaAgeSeconds | got 59 | ${ageRule}`],
    [role({ maxMfaAgeSeconds: 129_601 }), `roles[0].maxMfaAgeSeconds | got 129601 | ${ageRule}`],
    [role({ maxMfaAgeSeconds: '3600' }), `roles[0].maxMfaAgeSeconds | got "3600" | ${ageRule}`],
    [{ monitoring: null }, 'monitoring | got null | must be an object'],
    [{ monitoring: { tamper: 'no' } }, 'monitoring.tamper | got "no" | must be true or false'],
    [
      { monitoring: { auditLogRetentionDays: 10 } },
      'monitoring.auditLogRetentionDays | got 10 | must be a retention of CloudWatch Logs, in days (0: for ever) ' +
        '(one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)',
    ],
    [{ backend: 's3' }, 'backend | got "s3" | must be an object'],
    [{ backend: {} }, 'backend.type | missing | must be "local", "s3" or "cloud"'],
    [{ backend: { type: 'gcs' } }, 'backend.type | got "gcs" | must be "local", "s3" or "cloud"'],
    [
      { backend: { type: 's3', region: 'us-east-1' } },
      'backend.bucket | missing | must be the name of an S3 bucket (the name only, for example acme-tfstate)',
    ],
    [
      s3({ bucket: 's3://acme' }),
      'backend.bucket | got "s3://acme" | must be the name of an S3 bucket (the name only, for example acme-tfstate)',
    ],
    [s3({ region: 'eu-west-9' }), `backend.region | got "eu-west-9" | ${regionRule} (did you mean "eu-west-1"?)`],
    [s3({ keyPrefix: '/a' }), `backend.keyPrefix | got "/a" | ${keyRule}`],
    [s3({ keyPrefix: 'a/' }), `backend.keyPrefix | got "a/" | ${keyRule}`],
    [s3({ keyPrefix: '' }), `backend.keyPrefix | got "" | ${keyRule}`],
    [s3({ keyPrefix: '${x}' }), `backend.keyPrefix | got "\${x}" | ${keyRule}`],
    [s3({ kmsKeyId: 'my-key' }), `backend.kmsKeyId | got "my-key" | ${kmsRule}`],
    [
      { backend: { type: 'cloud' } },
      'backend.organization | missing | must be an organization of HCP Terraform: 1 to 40 letters, digits, - or _',
    ],
    [
      cloud({ hostname: 'https://app.terraform.io' }),
      'backend.hostname | got "https://app.terraform.io" | must be a host name ' +
        '(without https:// and path, for example app.terraform.io)',
    ],
    [
      cloud({ workspacePrefix: 'a b' }),
      'backend.workspacePrefix | got "a b" | must be at most 40 letters, digits, - or _',
    ],
    [
      cloud({ project: 'ab' }),
      'backend.project | got "ab" | must be a project name: 3 to 40 letters, digits, spaces, - or _',
    ],
    [{ contacts: [{ name: 'Ana' }] }, 'contacts[0].role | missing | must be one line of 1 to 200 characters'],
    [
      { contacts: [{ name: 'a\nb', role: 'x' }] },
      'contacts[0].name | got "a\\nb" | must be one line of 1 to 200 characters',
    ],
    [{ contacts: [{ name: 'a', role: 'x', email: 'y' }] }, `contacts[0].email | got "y" | ${emailRule}`],
    [
      { contacts: [{ name: 'a', role: 'x', phone: 112 }] },
      'contacts[0].phone | got 112 | must be one line of 1 to 200 characters',
    ],
    [{ tags: [] }, 'tags | got [] | must be an object of at most 50 tags'],
    [{ tags: { 'aws:x': 'y' } }, `tags.aws:x | got "y" | ${tagRule}`],
    [{ tags: { ['k'.repeat(129)]: 'y' } }, `tags.${'k'.repeat(129)} | got "y" | ${tagRule}`],
    [{ tags: { a: 1 } }, `tags.a | got 1 | ${tagValueRule}`],
    [{ tags: { a: 'v'.repeat(257) } }, `tags.a | got "${'v'.repeat(46)}… | ${tagValueRule}`],
    [{ tags: { a: '${var.x}' } }, `tags.a | got "\${var.x}" | ${tagValueRule}`],
    [{ role: [] }, 'role | unknown key | did you mean "roles"?'],
    [{ emails: [] }, 'emails | unknown key | did you mean "alerts.emails"?'],
    [{ alerts: { email: [] } }, 'alerts.email | unknown key | did you mean "emails"?'],
    [
      { roles: [{ ...ROLE, mfa: true }] },
      `roles[0].mfa | unknown key | known here: ${Object.keys(contractExample.roles[0]!).join(', ')}`,
    ],
    [{ backend: { type: 'local', path: 'x' } }, 'backend.path | unknown key | known here: type'],
    ['text', '(the whole file) | got "text" | must be an object'],
    [null, '(the whole file) | got null | must be an object'],
    [[], '(the whole file) | got [] | must be an object'],
    [undefined, '(the whole file) | missing | must be an object'],
    [() => ({}), '(the whole file) | got a function | must be an object'],
  ])('%j', async (input, row) => {
    expect(await rowsOf(input)).toEqual([row]);
  });

  it('more tags than a resource can carry', async () => {
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
    expect(await rowsOf({ tags })).toEqual([
      expect.stringMatching(/^tags \| got .* \| must be an object of at most 50 tags$/),
    ]);
  });
});
