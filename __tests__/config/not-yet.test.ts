import { describe, expect, it } from '@jest/globals';
import { notYet } from '../../src/config/not-yet.ts';
import { parseConfig } from '../../src/config/schema.ts';
import { rowsOf } from './failure.ts';

const OFF = { tamper: false, rootUser: false, regionOptIn: false, deadLetterQueues: false };
const said = (input: unknown) => notYet(parseConfig(input, 'test'));

describe('what this version does not do yet', () => {
  it('refuses a second alert path rather than ignoring it', async () => {
    expect(await rowsOf({ standbyRegion: 'eu-west-1' })).toEqual([
      'standbyRegion | got "eu-west-1" | must be null: a second alert path comes with a later version',
    ]);
  });

  it.each<[string, string]>([
    ['us-east-1', 'must differ from the primary region: one outage would take both'],
    ['cn-north-1', 'must be in partition aws, like the primary region us-east-1'],
    ['eu-wset-1', 'must be a region of a known partition (did you mean "eu-west-1"?)'],
  ])('checks standby region %s all the same', async (standbyRegion, rule) => {
    expect(await rowsOf({ standbyRegion })).toContain(`standbyRegion | got "${standbyRegion}" | ${rule}`);
  });

  it('refuses chat rather than ignoring it', async () => {
    expect(await rowsOf({ alerts: { chat: { slack: 'C0123' } } })).toEqual([
      'alerts.chat | got {"slack":"C0123"} | must be null: alerts in chat come with a later version',
    ]);
  });

  it('says nothing when everything unbuilt is off', () => {
    expect(said({ monitoring: OFF, roles: [{ accountId: '111122223333', monitor: false }] })).toEqual([]);
  });

  it.each(['tamper', 'rootUser', 'regionOptIn', 'deadLetterQueues'])('says aloud that monitoring.%s is on', key => {
    const sentences = said({ monitoring: { ...OFF, [key]: true } });
    expect(sentences).toEqual([expect.stringMatching(new RegExp(`^monitoring\\.${key} is on, but this version `))]);
  });

  it('says once that roles are not watched in their own accounts', () => {
    const roles = [{ accountId: '111122223333' }, { accountId: '444455556666' }];
    expect(said({ monitoring: OFF, roles })).toEqual([expect.stringMatching(/^roles\[\]\.monitor is on, but /)]);
  });

  it('says that nothing is forwarded in GovCloud', () => {
    expect(said({ primaryRegion: 'us-gov-west-1', monitoring: OFF })).toEqual([
      expect.stringMatching(/^EventBridge does not forward between regions of GovCloud or China: /),
    ]);
  });
});
