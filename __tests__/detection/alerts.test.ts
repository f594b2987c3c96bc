import { describe, expect, it } from '@jest/globals';
import { everyDetection } from '../support/watched.ts';

const alerts = everyDetection().map(d => [d.id, d.alert({ region: 'us-east-1' })] as const);

describe.each(alerts)('the alert of %s', (_id, alert) => {
  const lines = alert.template.split('\n');

  it('is one quoted string per line, as EventBridge wants text', () => {
    for (const line of lines) expect(line).toMatch(/^"[^"]*"$/);
  });

  it('names who, what, where, outcome, when and the event', () => {
    expect(lines[0]).toMatch(/^"BREAK GLASS: /);
    for (const label of ['Who ', 'What ', 'Outcome ', 'Where ', 'When ', 'Event ']) {
      expect(lines.filter(line => line.startsWith(`"${label}`))).toHaveLength(1);
    }
    expect(alert.template).toContain('path: primary (us-east-1)');
  });

  it('says what to do in its last line', () => {
    expect(lines.at(-1)?.length).toBeGreaterThan(40);
    expect(lines.at(-1)).not.toContain('<');
  });

  it('defines every variable that it uses and uses every variable that it defines', () => {
    const used = [...alert.template.matchAll(/<([^>]+)>/g)].map(match => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(alert.paths).sort());
    expect(Object.keys(alert.paths).length).toBeLessThanOrEqual(100);
  });

  // EventBridge escapes nothing: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
  it('takes no field that an attacker may fill freely', () => {
    for (const path of Object.values(alert.paths)) {
      expect(path).not.toMatch(/requestParameters|userAgent|errorMessage|RedirectTo|LoginTo|\.tags?\b/);
    }
  });
});

it('an alert of the standby path names that path', () => {
  for (const detection of everyDetection()) {
    expect(detection.alert({ region: 'eu-west-1', path: 'standby' }).template).toContain('path: standby (eu-west-1)');
  }
});
