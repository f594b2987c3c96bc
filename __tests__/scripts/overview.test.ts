import { describe, expect, it } from '@jest/globals';
import { overview } from '../../scripts/cli/overview.ts';
import { parseConfig, type BreakGlassConfigInput } from '../../src/config/schema.ts';
import { planRegions } from '../../src/config/region-plan.ts';
import type { Preflight } from '../../src/operations/preflight.ts';
import { stackGraph } from '../../src/operations/stack-graph.ts';

const REGIONS = [
  ...['eu-north-1', 'eu-west-1', 'eu-west-2', 'us-east-1'].map(name => ({ name, status: 'enabled' as const })),
  ...['af-south-1', 'ap-east-1', 'me-south-1'].map(name => ({ name, status: 'disabled' as const })),
];

function screen(input: BreakGlassConfigInput, regions: Preflight['regions'] = REGIONS): string[] {
  const config = parseConfig(input, 'test');
  const plan = planRegions(config, regions);
  const identity = {
    accountId: '123456789012',
    arn: 'arn:aws:sts::123456789012:assumed-role/Platform/ana',
    partition: 'aws',
  };
  return overview(
    { config, identity, regions, plan, roleRegions: {} },
    stackGraph(config, identity.accountId, plan.secondaries),
    'apply',
  ).split('\n');
}

describe('what a person sees before confirming', () => {
  it('is account, primary, state, recipients, regions and stacks', () => {
    const input = { alerts: { emails: ['security@example.com'] }, roles: [{ accountId: '111122223333' }] };
    expect(screen(input)).toEqual([
      'Account    123456789012 as arn:aws:sts::123456789012:assumed-role/Platform/ana    partition aws',
      'Primary    us-east-1        State  local (state/)',
      'Alerts     security@example.com',
      'Regions    4 enabled of 7 (not enabled: af-south-1, ap-east-1, me-south-1)',
      'Stacks     5 to apply: bg-user, 3 regional-forwarder-*, bg-role-111122223333',
    ]);
  });

  it('names enabled regions that nobody will watch', () => {
    expect(screen({ excludeRegions: ['eu-west-2'] })).toContain(
      '           left out by the configuration, NOT monitored: eu-west-2',
    );
  });

  it('says which regions are just changing', () => {
    const changing = [...REGIONS, { name: 'mx-central-1', status: 'enabling' as const }];
    expect(screen({}, changing)).toContain('           still changing, run again later: mx-central-1');
  });

  it('hides the secret part of an https endpoint', () => {
    const lines = screen({ alerts: { httpsEndpoints: ['https://events.pagerduty.com/integration/SECRET/enqueue'] } });
    expect(lines).toContain('Alerts     https://events.pagerduty.com/…');
    expect(lines.join()).not.toContain('SECRET');
  });

  it.each([
    [{ type: 's3', bucket: 'acme', region: 'eu-west-1' }, 's3://acme/break-glass/'],
    [{ type: 'cloud', organization: 'acme' }, 'app.terraform.io/acme'],
  ] as const)('says where the states are: %j', (backend, expected) => {
    expect(screen({ backend })[1]).toBe(`Primary    us-east-1        State  ${expected}`);
  });
});
