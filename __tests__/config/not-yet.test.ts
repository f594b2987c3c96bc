import { describe, expect, it } from '@jest/globals';
import { notYet } from '../../src/config/not-yet.ts';
import { parseConfig } from '../../src/config/schema.ts';
import { rowsOf } from './failure.ts';

const said = (input: unknown) => notYet(parseConfig(input, 'test'));

describe('what this version does not do yet', () => {
  it('is nothing that the defaults ask for', () => {
    expect(said({ standbyRegion: 'eu-west-1', roles: [{ accountId: '111122223333' }] })).toEqual([]);
  });

  it('says that nothing is forwarded in GovCloud', () => {
    expect(said({ primaryRegion: 'us-gov-west-1' })).toEqual([
      expect.stringMatching(/^EventBridge does not forward between regions of GovCloud or China: /),
    ]);
  });
});

describe('the standby region', () => {
  it.each<[string, string]>([
    ['us-east-1', 'must differ from the primary region: one outage would take both'],
    ['cn-north-1', 'must be in partition aws, like the primary region us-east-1'],
    ['eu-wset-1', 'must be a region of a known partition (did you mean "eu-west-1"?)'],
  ])('must not be %s', async (standbyRegion, rule) => {
    expect(await rowsOf({ standbyRegion })).toContain(`standbyRegion | got "${standbyRegion}" | ${rule}`);
  });

  it('must be among the regions that are deployed to', async () => {
    const standbyRegion = 'eu-west-1';
    expect(await rowsOf({ standbyRegion, regions: ['us-east-1'] })).toEqual([
      'regions | got ["us-east-1"] | must contain eu-west-1: it is the standby region (add "eu-west-1")',
    ]);
    expect(await rowsOf({ standbyRegion, excludeRegions: ['eu-west-1'] })).toEqual([
      'excludeRegions[0] | got "eu-west-1" | must not hold eu-west-1: it is the standby region (remove it)',
    ]);
  });

  it('can not be in GovCloud, where EventBridge does not forward', async () => {
    expect(await rowsOf({ primaryRegion: 'us-gov-west-1', standbyRegion: 'us-gov-east-1' })).toEqual([
      'standbyRegion | got "us-gov-east-1" | must be null: EventBridge does not forward between regions of aws-us-gov',
    ]);
  });
});

describe('chat', () => {
  it('is a topic of its own', async () => {
    expect(parseConfig({ alerts: { chat: { topicName: 'breakglass-chat' } } }, 'test').alerts.chat).toEqual({
      topicName: 'breakglass-chat',
    });
    expect(await rowsOf({ alerts: { chat: { topicName: 'breakglassuser-console-logins' } } })).toEqual([
      'alerts.chat.topicName | got "breakglassuser-console-logins" | must not be the name of the topic of the mails (choose another)',
    ]);
  });

  it.each([[{ slack: 'C0123' }], ['x'], [{ topicName: 'a b' }]])('refuses %j', async chat => {
    expect(await rowsOf({ alerts: { chat } })).toEqual([expect.stringMatching(/^alerts\.chat/)]);
  });
});

describe('what is to be watched', () => {
  const longName = (index: number) => `${index}`.padEnd(64, 'x');
  const roles = (count: number, name: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => ({ accountId: String(100_000_000_000 + i), name: name(i) }));

  it('fits into event patterns for ten users and twenty roles', () => {
    const users = Array.from({ length: 10 }, (_, i) => ({ name: `BreakglassUser-${i}` }));
    expect(() => parseConfig({ users, roles: roles(20, () => 'BreakGlassRole') }, 'test')).not.toThrow();
  });

  it('fits for ten users with the longest names', () => {
    const users = Array.from({ length: 10 }, (_, i) => ({ name: longName(i) }));
    expect(() => parseConfig({ users }, 'test')).not.toThrow();
  });

  it('is refused where it does not fit, with the limit', async () => {
    const users = Array.from({ length: 30 }, (_, i) => ({ name: longName(i) }));
    expect((await rowsOf({ users })).join('\n')).toMatch(
      /^users \| makes an event pattern of \d+ characters \| must fit into 2020: the names and boundaries of the users are too long together \(use fewer or shorter names\)/,
    );
  });
});
