import { describe, expect, it } from '@jest/globals';
import { planRegions } from '../../src/config/region-plan.ts';
import type { ListedRegion } from '../../src/config/region-plan.ts';
import { defaultRegions } from '../../src/config/regions.ts';
import { parseConfig } from '../../src/config/schema.ts';

const config = (input: unknown = {}) => parseConfig(input, 'test');
const listed = (status: ListedRegion['status'], ...names: string[]) => names.map(name => ({ name, status }));

describe('offline, without the account’s list', () => {
  it('covers the regions that every account has enabled', () => {
    const plan = planRegions(config(), null);
    expect(plan.covered).toEqual([...defaultRegions('aws')].sort());
    expect(plan.secondaries).toEqual(plan.covered.filter(name => name !== 'us-east-1'));
    expect(plan).toMatchObject({ primary: 'us-east-1', leftOut: [], notEnabled: [], pending: [], problems: [] });
  });

  it('adds an opt-in primary and leaves excluded regions out', () => {
    const { covered } = planRegions(config({ primaryRegion: 'me-central-1', excludeRegions: ['eu-west-3'] }), null);
    expect(covered).toHaveLength(17);
    expect(covered).toContain('me-central-1');
    expect(covered).not.toContain('eu-west-3');
  });

  it('takes a list as it is, opt-in regions too, without those excluded', () => {
    const input = { regions: ['us-east-1', 'eu-west-3', 'af-south-1'], excludeRegions: ['eu-west-3'] };
    expect(planRegions(config(input), null).covered).toEqual(['af-south-1', 'us-east-1']);
  });

  it('stays in GovCloud when the primary is there', () => {
    const { covered } = planRegions(config({ primaryRegion: 'us-gov-east-1' }), null);
    expect(covered).toEqual(['us-gov-east-1', 'us-gov-west-1']);
  });
});

describe('with the account’s list', () => {
  it('covers what is enabled, and tells excluded, disabled and pending regions apart', () => {
    const plan = planRegions(config({ primaryRegion: 'eu-west-1', excludeRegions: ['eu-west-3'] }), [
      ...listed('enabled', 'us-east-1', 'eu-west-3', 'eu-west-1', 'af-south-1'),
      ...listed('disabled', 'me-south-1', 'ap-east-1'),
      ...listed('enabling', 'ca-west-1'),
      ...listed('disabling', 'ap-east-2'),
    ]);
    expect(plan).toEqual({
      primary: 'eu-west-1',
      secondaries: ['af-south-1', 'us-east-1'],
      covered: ['af-south-1', 'eu-west-1', 'us-east-1'],
      leftOut: ['eu-west-3'],
      notEnabled: ['ap-east-1', 'me-south-1'],
      pending: ['ap-east-2', 'ca-west-1'],
      problems: [],
    });
  });

  it('covers a region launched after this version, and drops those of another partition', () => {
    const plan = planRegions(
      config(),
      listed('enabled', 'us-east-1', 'xx-moon-1', 'us-moon-1', 'cn-north-1', 'us-gov-sky-1'),
    );
    expect(plan.covered).toEqual(['us-east-1', 'us-moon-1', 'xx-moon-1']);
  });

  it('says which enabled regions a list leaves unwatched', () => {
    const plan = planRegions(config({ regions: ['us-east-1'] }), listed('enabled', 'us-east-1', 'eu-west-1'));
    expect(plan).toMatchObject({ covered: ['us-east-1'], leftOut: ['eu-west-1'], problems: [] });
  });

  it('always covers the region of global events, even if the list forgets it', () => {
    const plan = planRegions(config({ primaryRegion: 'eu-west-1' }), listed('enabled', 'eu-west-1'));
    expect(plan).toMatchObject({ covered: ['eu-west-1', 'us-east-1'], problems: [] });
  });

  const enable = 'enable it (aws account enable-region --region-name af-south-1), or take it out of';
  it.each<[string, unknown, readonly ListedRegion[], string, string]>([
    [
      'a listed region that is disabled',
      { regions: ['us-east-1', 'af-south-1'] },
      listed('disabled', 'af-south-1'),
      'Region af-south-1 (regions) is not enabled in this account: it is disabled.',
      `${enable} regions.`,
    ],
    [
      'a listed region that the account does not know',
      { regions: ['us-east-1', 'af-south-1'] },
      [],
      'Region af-south-1 (regions) is not enabled in this account.',
      `${enable} regions.`,
    ],
    [
      'a listed region that is being enabled',
      { regions: ['us-east-1', 'af-south-1'] },
      listed('enabling', 'af-south-1'),
      'Region af-south-1 (regions) is not enabled in this account: it is enabling.',
      'wait until af-south-1 is enabled, which takes minutes to hours, and run again.',
    ],
    [
      'a primary region that is disabled',
      { primaryRegion: 'af-south-1' },
      listed('disabled', 'af-south-1'),
      'Region af-south-1 (primaryRegion) is not enabled in this account: it is disabled.',
      `${enable} primaryRegion.`,
    ],
  ])('refuses %s, once', (_, input, others, what, fix) => {
    const { problems } = planRegions(config(input), [...listed('enabled', 'us-east-1'), ...others]);
    expect(
      problems.map(problem => ({
        code: problem.code,
        what: problem.what,
        fix: problem.fix,
        exitCode: problem.exitCode,
      })),
    ).toEqual([{ code: 'region-not-enabled', what, fix, exitCode: 2 }]);
  });

  it('does not refuse a listed region that is excluded', () => {
    const input = { regions: ['us-east-1', 'af-south-1'], excludeRegions: ['af-south-1'] };
    expect(planRegions(config(input), listed('enabled', 'us-east-1')).problems).toEqual([]);
  });
});
