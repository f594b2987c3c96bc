import { describe, expect, it } from '@jest/globals';
import { RULE_PREFIX } from '../../src/detection/detections.ts';
import { MAX_PATTERN_LENGTH } from '../../src/detection/patterns.ts';
import { alertingActs, innocentActs, OWN_ROLE, PRIMARY, SECOND_USER, STANDBY, type Act } from '../fixtures/acts.ts';
import { SECURITY_ACCOUNT, TARGET_ACCOUNT, USER } from '../fixtures/records.ts';
import { matches } from '../support/match-pattern.ts';
import { ALERT_PATH, everyDetection } from '../support/watched.ts';

const CONFIG = {
  primaryRegion: PRIMARY,
  standbyRegion: STANDBY,
  users: [{ name: USER }, { name: SECOND_USER }],
  roles: [{ accountId: TARGET_ACCOUNT }, { accountId: SECURITY_ACCOUNT, name: OWN_ROLE }],
};
const detections = everyDetection(CONFIG);
const keys = { primary: ALERT_PATH.keys[0] ?? '', standby: '00000000-0000-0000-0000-000000000000' };
const acts = alertingActs(keys);

/** Rules on the primary bus that see the act, by name without prefix. */
function seenBy({ account, region, source, detailType, detail }: Act): string[] {
  const event = { account, region, source, 'detail-type': detailType, detail };
  return detections
    .filter(detection => matches(detection.pattern, event))
    .map(detection => detection.ruleName.slice(RULE_PREFIX.length));
}

describe('the rules of an alert path', () => {
  it('have at least 45 acts to see and 30 to leave alone, each under a name of its own and with a source', () => {
    expect(acts.length).toBeGreaterThanOrEqual(45);
    expect(innocentActs().length).toBeGreaterThanOrEqual(30);
    const names = [...acts, ...innocentActs()].map(act => act.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { shape } of [...acts, ...innocentActs()]) expect(shape).toMatch(/^https:\/\//);
  });

  it.each(acts.map(act => [act.name, act] as const))('see by exactly one of them: %s', (_name, act) =>
    expect(seenBy(act)).toEqual([act.rule]),
  );

  // Only the other region's own rule knows that region's keys, so that one is left to its filter.
  const chosenThere = ['another key disabled in the standby region'];
  it.each(
    innocentActs()
      .filter(act => !chosenThere.includes(act.name))
      .map(act => [act.name, act] as const),
  )('leave alone: %s', (_name, act) => expect(seenBy(act)).toEqual([]));

  it('are all used by some act', () => {
    const used = new Set(acts.map(act => act.rule));
    expect(detections.map(d => d.ruleName.slice(RULE_PREFIX.length)).filter(name => !used.has(name))).toEqual([]);
  });

  it('have names, patterns and targets within the quotas of EventBridge, for ten users and twenty roles', () => {
    const users = Array.from({ length: 10 }, (_, i) => ({ name: `BreakglassUser-number-${i}` }));
    const roles = Array.from({ length: 20 }, (_, i) => ({ accountId: String(200_000_000_000 + i) }));
    const many = everyDetection({ ...CONFIG, users, roles });
    expect(new Set(many.map(detection => detection.id)).size).toBe(many.length);
    for (const { ruleName, pattern, description } of many) {
      expect(ruleName).toMatch(/^capture-breakglass-[\w-]{1,37}$/);
      expect(`${RULE_PREFIX}forward-${ruleName.slice(RULE_PREFIX.length)}`.length).toBeLessThanOrEqual(64);
      expect(description.length).toBeLessThanOrEqual(400);
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH - 30);
    }
  });

  it('see an act in each of twenty accounts by one rule of one group', () => {
    const roles = Array.from({ length: 20 }, (_, i) => ({ accountId: String(200_000_000_000 + i) }));
    const many = everyDetection({ ...CONFIG, roles });
    for (const [index, { accountId }] of roles.entries()) {
      const detail = {
        eventName: 'AssumeRole',
        requestParameters: { roleArn: `arn:aws:iam::${accountId}:role/BreakGlassRole` },
      };
      const event = { account: accountId, source: 'aws.sts', 'detail-type': 'AWS API Call via CloudTrail', detail };
      const seen = many.filter(detection => matches(detection.pattern, event)).map(detection => detection.id);
      expect(seen).toEqual([index < 10 ? 'role-assumed' : 'role-assumed-2']);
    }
  });
});
