import { describe, expect, it } from '@jest/globals';
import { planRoleRegions } from '../../src/config/region-plan.ts';
import { parseConfig, type BreakGlassConfigInput } from '../../src/config/schema.ts';
import { stackGraph, watchedRegion } from '../../src/operations/stack-graph.ts';

const SECURITY = '123456789012';
const graph = (input: BreakGlassConfigInput, roleRegions: Record<string, string[]> = {}) =>
  stackGraph(parseConfig({ securityAccountId: SECURITY, ...input }, 'test'), SECURITY, ['eu-west-1'], roleRegions);
const roles = [{ accountId: '111122223333' }];

describe('the stacks of a deployment', () => {
  it('hold a forwarder for each region of a monitored account, behind the primary', () => {
    const nodes = graph({ roles }, { '111122223333': ['af-south-1', 'us-east-1'] });
    expect(nodes.filter(node => node.id.startsWith('regional-forwarder-111122223333'))).toEqual([
      {
        id: 'regional-forwarder-111122223333-af-south-1',
        account: '111122223333',
        region: 'af-south-1',
        dependsOn: ['bg-user'],
      },
      {
        id: 'regional-forwarder-111122223333-us-east-1',
        account: '111122223333',
        region: 'us-east-1',
        dependsOn: ['bg-user'],
      },
    ]);
  });

  it('put them behind the standby region too, whose bus must know the account first', () => {
    const nodes = graph({ roles, standbyRegion: 'eu-west-1' }, { '111122223333': ['us-east-1'] });
    expect(nodes.at(-1)?.dependsOn).toEqual(['bg-user', 'regional-forwarder-eu-west-1']);
  });

  it('hold none for a role that nobody monitors, or that stands in the security account', () => {
    const unwatched = [{ accountId: '111122223333', monitor: false }, { accountId: SECURITY }];
    const nodes = graph({ roles: unwatched }, { '111122223333': ['us-east-1'], [SECURITY]: ['us-east-1'] });
    expect(nodes.map(node => node.id)).toEqual([
      'bg-user',
      'regional-forwarder-eu-west-1',
      'bg-role-111122223333',
      `bg-role-${SECURITY}`,
    ]);
  });

  it('say of another account nothing about the coverage of the own one', () => {
    const nodes = graph({ roles }, { '111122223333': ['eu-west-2'] });
    expect(nodes.map(watchedRegion)).toEqual(['us-east-1', 'eu-west-1', null, null]);
  });
});

describe("the regions in which a role's account is watched", () => {
  const listed = (...names: string[]) => [
    ...names.map(name => ({ name, status: 'enabled' as const })),
    { name: 'me-south-1', status: 'disabled' as const },
  ];
  const plan = (input: BreakGlassConfigInput, enabled: Parameters<typeof planRoleRegions>[1]) =>
    planRoleRegions(parseConfig(input, 'test'), enabled);

  it('are those that it has enabled, whatever the security account has', () => {
    expect(plan({}, listed('us-east-1', 'af-south-1'))).toEqual(['af-south-1', 'us-east-1']);
  });

  it('are narrowed by the configuration, but never by the region of IAM', () => {
    const enabled = listed('us-east-1', 'eu-west-1', 'eu-west-2');
    expect(plan({ excludeRegions: ['eu-west-2'] }, enabled)).toEqual(['eu-west-1', 'us-east-1']);
    const primaryRegion = 'eu-central-1';
    expect(plan({ primaryRegion, regions: [primaryRegion, 'us-east-1', 'eu-west-2'] }, enabled)).toEqual([
      'eu-west-2',
      'us-east-1',
    ]);
  });

  it('are those of the security account where nobody could ask', () => {
    expect(plan({ regions: ['us-east-1', 'eu-west-1'] }, null)).toEqual(['eu-west-1', 'us-east-1']);
  });
});
