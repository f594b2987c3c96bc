import { describe, expect, it } from '@jest/globals';
import { receivedText } from '../../src/config/problems.ts';
import { parseConfig } from '../../src/config/schema.ts';
import { failureOf } from './failure.ts';

const messageOf = async (input: unknown, origins?: ReadonlyMap<string, string>) =>
  (await failureOf(() => parseConfig(input, 'break-glass.config.ts', origins))).message;

describe('the message about a bad configuration', () => {
  it('is one error with exit code 2', async () => {
    const error = await failureOf(() => parseConfig({ role: [] }, 'x.json'));
    expect({ code: error.code, exitCode: error.exitCode }).toEqual({ code: 'configuration', exitCode: 2 });
  });

  it('lists every problem in aligned columns, in the order of the schema, unknown keys last', async () => {
    const input = { role: [], alerts: { emails: ['security@'] }, primaryRegion: 'us-wset-1' };
    expect(await messageOf(input)).toBe(
      [
        'break-glass.config.ts has 3 errors; nothing was touched.',
        '',
        '  primaryRegion      got "us-wset-1"   must be a region of a known partition (did you mean "us-west-1"?)',
        '  alerts.emails[0]   got "security@"   must be an e-mail address',
        '  role               unknown key       did you mean "roles"?',
      ].join('\n'),
    );
  });

  it('puts a long fix on a line of its own, below the rule', async () => {
    expect(await messageOf({ alerts: { httpsEndpoints: ['http://a.io'] } })).toBe(
      [
        'break-glass.config.ts has 1 error; nothing was touched.',
        '',
        '  alerts.httpsEndpoints[0]   got "http://a.io"   must be an https URL without user and password',
        '                                                 (for example https://alerts.example.com/break-glass)',
      ].join('\n'),
    );
  });

  it('reports values, relations and unknown keys in one pass', async () => {
    const input = {
      primaryRegion: 'eu-west-1',
      regions: ['eu-west-1'],
      securityAccountId: 'x',
      alerts: 'mail',
      users: [{ name: 'a b' }, { nme: 'x' }],
      roles: [
        { accountId: '111122223333', maxSessionSeconds: 1, deploymentRoleArn: 'arn:aws:iam::444455556666:role/R' },
      ],
      backend: { type: 'ftp' },
      tags: { 'aws:x': '1' },
    };
    const paths = (await messageOf(input))
      .split('\n')
      .slice(2)
      .map(line => line.trim().split(/ {3,}/)[0]);
    expect(paths).toEqual([
      'securityAccountId',
      'regions',
      '(add "us-east-1")',
      'alerts',
      'users[0].name',
      'users[1].nme',
      'roles[0].maxSessionSeconds',
      'roles[0].deploymentRoleArn',
      'backend.type',
      'tags.aws:x',
    ]);
  });

  it('names the flag or variable that brought a value in, and then does not blame the file', async () => {
    const origins = new Map([['alerts.emails', 'EMAIL_ADDRESS']]);
    expect(await messageOf({ alerts: { emails: ['x'] } }, origins)).toBe(
      [
        'The configuration has 1 error; nothing was touched.',
        '',
        '  alerts.emails[0]   got "x" from EMAIL_ADDRESS   must be an e-mail address',
      ].join('\n'),
    );
    expect(await messageOf({ role: 1, alerts: { emails: ['x'] } }, origins)).toMatch(
      /^break-glass\.config\.ts has 2 errors/,
    );
  });
});

describe('a received value', () => {
  const loop: unknown[] = [];
  loop.push(loop);

  it.each<[unknown, string]>([
    [undefined, 'missing'],
    [null, 'got null'],
    ['a "b"\n', 'got "a \\"b\\"\\n"'],
    ['x'.repeat(60), `got "${'x'.repeat(46)}…`],
    ['https://user:pa/ss@host/x', 'got "https://***@host/x"'],
    [NaN, 'got NaN'],
    [10n, 'got a bigint'],
    [Symbol('x'), 'got a symbol'],
    [loop, 'got a value that JSON cannot hold'],
  ])('is printed on one line, short and without a password (case %#)', (value, text) => {
    expect(receivedText(value)).toBe(text);
  });
});
