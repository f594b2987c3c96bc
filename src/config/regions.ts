/**
 * Which AWS regions there are: data, with its sources. What an account has enabled is never read from here but asked
 * from the account itself; this list checks what people type and serves synthesis without a network.
 *
 * Sources: the default and opt-in regions of
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html and
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html; GovCloud and China of
 * https://docs.aws.amazon.com/general/latest/gr/rande.html. Names and patterns are those of botocore 1.43.11.
 */

/** A separate AWS cloud, with its own accounts, credentials and ARNs. */
export type Partition = 'aws' | 'aws-us-gov' | 'aws-cn';

export interface RegionCatalogueEntry {
  /** Enabled in every account of the partition; they can't be disabled. */
  readonly defaults: readonly string[];
  /** Disabled until somebody enables them for the account. */
  readonly optIn: readonly string[];
  /**
   * Where IAM, root and global-endpoint events are recorded. It is the region that IAM's endpoint signs for:
   * https://docs.aws.amazon.com/general/latest/gr/iam-service.html
   */
  readonly global: string;
  /**
   * The form of the partition's region names, as in the SDKs' `partitions.json` (`regionRegex`), e.g.
   * https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
   */
  readonly pattern: RegExp;
}

export const regionCatalogue: Readonly<Record<Partition, RegionCatalogueEntry>> = {
  aws: {
    defaults: [
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
      'ca-central-1',
      'eu-central-1',
      'eu-north-1',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'sa-east-1',
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ],
    optIn: [
      'af-south-1',
      'ap-east-1',
      'ap-east-2',
      'ap-south-2',
      'ap-southeast-3',
      'ap-southeast-4',
      'ap-southeast-5',
      'ap-southeast-6',
      'ap-southeast-7',
      'ca-west-1',
      'eu-central-2',
      'eu-south-1',
      'eu-south-2',
      'il-central-1',
      'me-central-1',
      'me-south-1',
      'mx-central-1',
    ],
    global: 'us-east-1',
    pattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  },
  'aws-us-gov': {
    defaults: ['us-gov-east-1', 'us-gov-west-1'],
    optIn: [],
    global: 'us-gov-west-1',
    pattern: /^us-gov-\w+-\d+$/,
  },
  'aws-cn': {
    defaults: ['cn-north-1', 'cn-northwest-1'],
    optIn: [],
    global: 'cn-north-1',
    pattern: /^cn-\w+-\d+$/,
  },
};

const partitions = Object.keys(regionCatalogue) as Partition[];

/** The partition's regions that the catalogue knows, default and opt-in, sorted. */
export function knownRegions(partition: Partition): readonly string[] {
  const { defaults, optIn } = regionCatalogue[partition];
  return [...defaults, ...optIn].sort();
}

/** Every region of the catalogue, in the order of the partitions. */
export const allKnownRegions: readonly string[] = partitions.flatMap(knownRegions);

/** The partition of a region in the catalogue; null for a name that the catalogue doesn't hold. */
export function partitionOf(region: string): Partition | null {
  return partitions.find(partition => knownRegions(partition).includes(region)) ?? null;
}

/**
 * The partition by the form of the name, for regions newer than the catalogue. Only for names that AWS itself listed:
 * `us-moon-1` has the right form too.
 */
export function partitionByPattern(region: string): Partition | null {
  return partitions.find(partition => regionCatalogue[partition].pattern.test(region)) ?? null;
}

/** Regions that every account of the partition has enabled. */
export function defaultRegions(partition: Partition): readonly string[] {
  return regionCatalogue[partition].defaults;
}

/** Where the partition's IAM, root and global-endpoint events are recorded: a region that is always covered. */
export function globalRegion(partition: Partition): string {
  return regionCatalogue[partition].global;
}
