import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { assumeRoleFailed } from '../errors.ts';
import { clientSettings, type AwsSettings } from './settings.ts';

/** Seconds: enough to ask for a list, and the shortest that STS gives. */
const SESSION_SECONDS = 900;

/**
 * The same settings, inside another account.
 *
 * @throws UserError `role-refused` when the role can't be assumed, `aws-unreachable` when nobody answers
 */
export async function settingsInRole(settings: AwsSettings, roleArn: string): Promise<AwsSettings> {
  const client = new STSClient(clientSettings(settings));
  try {
    const { Credentials: made } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'break-glass-deploy',
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    if (!made?.AccessKeyId || !made.SecretAccessKey) throw new Error('AWS answered without credentials');
    return {
      ...settings,
      credentials: {
        accessKeyId: made.AccessKeyId,
        secretAccessKey: made.SecretAccessKey,
        ...(made.SessionToken ? { sessionToken: made.SessionToken } : {}),
      },
    };
  } catch (error) {
    throw assumeRoleFailed(error, roleArn, settings.region);
  } finally {
    client.destroy();
  }
}
