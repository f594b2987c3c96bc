import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/config/schema.ts';
import { rowsOf } from './failure.ts';

const GLOBAL = 'IAM, root and global-endpoint events are recorded there';
const ROLE = { accountId: '111122223333' };
const role = (change: object) => ({ roles: [{ ...ROLE, ...change }] });

describe('relations between values', () => {
  it.each<[string, unknown, string[]]>([
    [
      'a list of regions without us-east-1',
      { primaryRegion: 'eu-west-1', regions: ['eu-west-1'] },
      [`regions | got ["eu-west-1"] | must contain us-east-1: ${GLOBAL} (add "us-east-1")`],
    ],
    [
      'a list of regions without the primary region',
      { primaryRegion: 'eu-west-1', regions: ['us-east-1'] },
      ['regions | got ["us-east-1"] | must contain eu-west-1: it is the primary region (add "eu-west-1")'],
    ],
    [
      'an empty list of regions',
      { regions: [] },
      [`regions | got [] | must contain us-east-1: ${GLOBAL} (add "us-east-1")`],
    ],
    [
      'GovCloud without the region of its global events',
      { primaryRegion: 'us-gov-east-1', regions: ['us-gov-east-1'] },
      [`regions | got ["us-gov-east-1"] | must contain us-gov-west-1: ${GLOBAL} (add "us-gov-west-1")`],
    ],
    [
      'excluding the primary and the global region',
      { primaryRegion: 'eu-west-1', excludeRegions: ['eu-west-1', 'us-east-1', 'eu-west-2'] },
      [
        'excludeRegions[0] | got "eu-west-1" | must not hold eu-west-1: it is the primary region (remove it)',
        `excludeRegions[1] | got "us-east-1" | must not hold us-east-1: ${GLOBAL} (remove it)`,
      ],
    ],
    [
      'regions of another partition',
      {
        regions: ['us-east-1', 'cn-north-1'],
        excludeRegions: ['us-gov-west-1'],
        backend: { type: 's3', bucket: 'acme', region: 'cn-north-1' },
      },
      [
        'regions[1] | got "cn-north-1" | must be in partition aws, like the primary region us-east-1',
        'excludeRegions[0] | got "us-gov-west-1" | must be in partition aws, like the primary region us-east-1',
        'backend.region | got "cn-north-1" | must be in partition aws, like the primary region us-east-1',
      ],
    ],
    [
      'values that stand twice',
      {
        regions: ['us-east-1', 'eu-west-1', 'eu-west-1'],
        excludeRegions: ['eu-west-2', 'eu-west-2'],
        alerts: { emails: ['a@b.io', 'A@b.io'], httpsEndpoints: ['https://a.io', 'https://a.io'] },
        users: [{ name: 'Emergency' }, { name: 'emergency' }],
        roles: [ROLE, { ...ROLE, name: 'Other' }],
      },
      [
        'regions[2] | got "eu-west-1" | repeats regions[1] (remove one)',
        'excludeRegions[1] | got "eu-west-2" | repeats excludeRegions[0] (remove one)',
        'alerts.emails[1] | got "A@b.io" | repeats alerts.emails[0] (remove one)',
        'alerts.httpsEndpoints[1] | got "https://a.io" | repeats alerts.httpsEndpoints[0] (remove one)',
        'users[1].name | got "emergency" | repeats users[0].name (remove one)',
        'roles[1].accountId | got "111122223333" | repeats roles[0].accountId (one role per account)',
      ],
    ],
    [
      'ARNs that stand twice in a role',
      role({
        managedPolicyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/A'],
        trustedUserArns: ['arn:aws:iam::111122223333:user/A', 'arn:aws:iam::111122223333:user/A'],
      }),
      [
        'roles[0].managedPolicyArns[1] | got "arn:aws:iam::aws:policy/A" | repeats roles[0].managedPolicyArns[0] (remove one)',
        'roles[0].trustedUserArns[1] | got "arn:aws:iam::111122223333:user/A" | repeats roles[0].trustedUserArns[0] (remove one)',
      ],
    ],
    [
      'a deployment role of another account',
      role({ deploymentRoleArn: 'arn:aws:iam::444455556666:role/Deploy' }),
      [
        'roles[0].deploymentRoleArn | got "arn:aws:iam::444455556666:role/Deploy" | must be a role of account 111122223333',
      ],
    ],
    [
      'a managed policy of another account',
      role({ managedPolicyArns: ['arn:aws:iam::444455556666:policy/P'] }),
      [
        'roles[0].managedPolicyArns[0] | got "arn:aws:iam::444455556666:policy/P" | ' +
          'must be a policy of AWS or of account 111122223333',
      ],
    ],
    [
      'a permissions boundary of another account than the security account',
      {
        securityAccountId: '111122223333',
        users: [{ permissionsBoundaryArn: 'arn:aws:iam::444455556666:policy/P' }],
      },
      [
        'users[0].permissionsBoundaryArn | got "arn:aws:iam::444455556666:policy/P" | ' +
          'must be a policy of AWS or of account 111122223333 (securityAccountId)',
      ],
    ],
    [
      'ARNs of another partition',
      {
        primaryRegion: 'us-gov-west-1',
        users: [{ permissionsBoundaryArn: 'arn:aws:iam::aws:policy/P' }],
        ...role({
          managedPolicyArns: ['arn:aws:iam::aws:policy/P'],
          trustedUserArns: ['arn:aws:iam::111122223333:user/U'],
          deploymentRoleArn: 'arn:aws:iam::111122223333:role/R',
        }),
      },
      [
        ['users[0].permissionsBoundaryArn', 'aws:policy/P'],
        ['roles[0].managedPolicyArns[0]', 'aws:policy/P'],
        ['roles[0].trustedUserArns[0]', '111122223333:user/U'],
        ['roles[0].deploymentRoleArn', '111122223333:role/R'],
      ].map(
        ([path, end]) =>
          `${path} | got "arn:aws:iam::${end}" | must be in partition aws-us-gov, like the primary region us-gov-west-1`,
      ),
    ],
  ])('refuses %s', async (_, input, rows) => {
    expect(await rowsOf(input)).toEqual(rows);
  });

  it('blames only the primary region when that is what is wrong', async () => {
    const rows = await rowsOf({ primaryRegion: 'us-gov-wset-1', regions: ['us-gov-west-1'], ...role({}) });
    expect(rows).toEqual([
      'primaryRegion | got "us-gov-wset-1" | must be a region of a known partition (did you mean "us-gov-west-1"?)',
    ]);
  });

  it('keeps a list that contains all it must', () => {
    const input = { primaryRegion: 'eu-west-1', regions: ['us-east-1', 'eu-west-1', 'af-south-1'] };
    expect(parseConfig(input, 'test').regions).toEqual(input.regions);
  });
});
