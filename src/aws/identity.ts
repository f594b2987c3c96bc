import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { callerIdentityFailed } from '../errors.ts';
import { clientSettings, type AwsSettings } from './settings.ts';

/** Who terraform will be: the same credentials, found by the same rules. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  /** `aws`, `aws-us-gov` or `aws-cn`, from the ARN. */
  readonly partition: string;
}

/** @throws UserError when there are no credentials, they are refused, or AWS can't be reached */
export async function callerIdentity(settings: AwsSettings): Promise<CallerIdentity> {
  const client = new STSClient(clientSettings(settings));
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account || !Arn) throw new Error('AWS answered without an account');
    return { accountId: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
  } catch (error) {
    throw callerIdentityFailed(error, settings.region);
  } finally {
    client.destroy();
  }
}
