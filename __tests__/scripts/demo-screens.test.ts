import { describe, expect, it } from '@jest/globals';
import { alertsText, closingLines, stepLine } from '../../scripts/cli/demo-screens.ts';
import { drillEvents } from '../../src/detection/drill-events.ts';
import type { DrillOutcome } from '../../src/operations/fire-drill.ts';
import type { Summary } from '../../src/rollout/types.ts';

const subject = { partition: 'aws', accountId: '123456789012', userName: 'u', roleName: 'r' };

/** One outcome per act in a region, with so many deliveries each. */
function outcomes(region: string, deliveries: readonly [number, number, number]): DrillOutcome[] {
  return drillEvents(subject, region, 'x').map((event, index) => {
    const times = deliveries[index] ?? 0;
    return {
      event,
      deliveries: times,
      latencyMs: times > 0 ? 100 * (index + 1) : null,
      text: times > 0 ? '"a"\n"b"' : null,
    };
  });
}

describe('the screens of npm start', () => {
  it('show the first alert whole and one line per region', () => {
    expect(alertsText([...outcomes('eu-west-1', [1, 1, 1]), ...outcomes('us-east-1', [1, 1, 1])], 'us-east-1')).toEqual(
      [
        '',
        'The first alert, as it arrives:',
        '',
        '   | "a"',
        '   | "b"',
        '',
        '   eu-west-1       3 of 3 alerts  slowest 0.3 s',
        '   us-east-1       3 of 3 alerts  slowest 0.3 s  primary',
        '',
      ],
    );
  });

  it('name an alert that was lost and one that came twice', () => {
    expect(alertsText(outcomes('eu-west-1', [0, 2, 1]), 'us-east-1')).toContain(
      '   eu-west-1       1 of 3 alerts  slowest 0.3 s  sign-in LOST  switch-role arrived 2 times',
    );
  });

  it('end with the two lines of the contract', () => {
    const deployed = { coveredRegions: ['a', 'b'], enabledRegions: ['a', 'b', 'c'] } as unknown as Summary;
    expect(closingLines(deployed, 5, 6).slice(-2)).toEqual(['covered 2/3 regions', 'alerts delivered 5/6']);
  });

  it('number their steps', () => {
    expect(stepLine(1, 'Emulator', 'ready', 1234)).toBe('1  Emulator  ready  (1.2 s)');
    expect(stepLine(4, 'Deploy', 'real Terraform')).toBe('4  Deploy    real Terraform');
  });
});
