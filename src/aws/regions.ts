import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { regionListFailed } from '../errors.ts';
import { clientSettings, type AwsSettings } from './settings.ts';

export interface AccountRegion {
  readonly name: string;
  readonly status: 'enabled' | 'enabling' | 'disabling' | 'disabled';
}

/**
 * The account's own list of regions: the only source of what is enabled. A call that fails is an error and never
 * means "not enabled". https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 *
 * @throws UserError when the list can't be read
 */
export async function accountRegions(settings: AwsSettings): Promise<readonly AccountRegion[]> {
  const client = new EC2Client(clientSettings(settings));
  try {
    const { Regions } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
    const regions = (Regions ?? []).flatMap(({ RegionName, OptInStatus }): AccountRegion[] =>
      RegionName === undefined ? [] : [{ name: RegionName, status: statusOf(OptInStatus) }],
    );
    if (!regions.some(region => region.status === 'enabled'))
      throw new Error('AWS answered without any enabled region');
    return regions.sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    throw regionListFailed(error, settings.region);
  } finally {
    client.destroy();
  }
}

/** `opt-in-not-required` and `opted-in` are enabled; AWS names no others but `not-opted-in`. */
function statusOf(optIn: string | undefined): AccountRegion['status'] {
  return optIn === 'not-opted-in' ? 'disabled' : 'enabled';
}
