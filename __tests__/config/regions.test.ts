import { describe, expect, it } from '@jest/globals';
import {
  allKnownRegions,
  defaultRegions,
  globalRegion,
  knownRegions,
  partitionByPattern,
  partitionOf,
  regionCatalogue,
} from '../../src/config/regions.ts';
import type { Partition } from '../../src/config/regions.ts';

describe('region catalogue', () => {
  it('holds 17 default and 17 opt-in regions in aws, two each in GovCloud and China', () => {
    const sizes = Object.values(regionCatalogue).map(({ defaults, optIn }) => [defaults.length, optIn.length]);
    expect(sizes).toEqual([
      [17, 17],
      [2, 0],
      [2, 0],
    ]);
  });

  it('names no region twice', () => {
    expect(new Set(allKnownRegions).size).toBe(38);
  });

  it.each(Object.keys(regionCatalogue) as Partition[])('fits every region of %s to its partition by name too', name => {
    expect(knownRegions(name).map(partitionOf)).toEqual(knownRegions(name).map(() => name));
    expect(knownRegions(name).map(partitionByPattern)).toEqual(knownRegions(name).map(() => name));
  });

  it.each([
    ['aws', 'us-east-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-cn', 'cn-north-1'],
  ] as const)('records global events of %s in %s, which every account has enabled', (partition, region) => {
    expect(globalRegion(partition)).toBe(region);
    expect(defaultRegions(partition)).toContain(region);
  });

  it.each([
    ['us-moon-1', null, 'aws'],
    ['ap-southeast-9', null, 'aws'],
    ['us-gov-north-1', null, 'aws-us-gov'],
    ['cn-south-1', null, 'aws-cn'],
    ['us-iso-east-1', null, null],
    ['eusc-de-east-1', null, null],
    ['US-EAST-1', null, null],
    ['us-east-1 ', null, null],
    ['', null, null],
  ])('finds %p in the catalogue as %p and by its form as %p', (region, known, byForm) => {
    expect(partitionOf(region)).toBe(known);
    expect(partitionByPattern(region)).toBe(byForm);
  });
});
