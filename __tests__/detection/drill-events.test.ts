import { describe, expect, it } from '@jest/globals';
import { userDetections } from '../../src/detection/detections.ts';
import { drillEvents } from '../../src/detection/drill-events.ts';
import { matches } from '../support/match-pattern.ts';

describe('drill events', () => {
  const subject = { partition: 'aws', accountId: '123456789012', userName: 'Ana', roleName: 'BreakGlassRole' };
  const detections = userDetections({ names: ['Ana'], arns: ['arn:aws:iam::123456789012:user/Ana'] });

  it('are one per detection, each seen by exactly that one', () => {
    const seen = drillEvents(subject, 'eu-west-1', 'x').map(event => [
      event.act,
      detections
        .filter(d =>
          matches(d.pattern, { source: event.source, 'detail-type': event.detailType, detail: event.detail }),
        )
        .map(d => d.id),
    ]);
    expect(seen).toEqual([
      ['sign-in', ['sign-in']],
      ['switch-role', ['switch-role']],
      ['assume-role', ['assume-role']],
    ]);
  });

  it('have ids that tell drill, region and act apart', () => {
    expect(drillEvents(subject, 'eu-west-1', 'x').map(event => event.eventId)).toEqual([
      'drill-x-eu-west-1-sign-in',
      'drill-x-eu-west-1-switch-role',
      'drill-x-eu-west-1-assume-role',
    ]);
  });
});
