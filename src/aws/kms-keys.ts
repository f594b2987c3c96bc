import { DescribeKeyCommand, KMSClient, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms';
import { clientSettings, type AwsSettings } from './settings.ts';

export interface KeyRequest {
  readonly description: string;
  /** The names that a key of this stack may have; one with another name is somebody else's. */
  readonly aliases: readonly string[];
  /** By the clock of this machine; one that goes 15 minutes wrong is allowed for. */
  readonly createdSince: Date;
}

const CLOCK_SKEW_MS = 15 * 60_000;

/**
 * The customer managed key of that description that was created since then, or null. A key has no name of its own, so
 * that nothing else tells it from others. Needs kms:ListKeys, kms:ListAliases and kms:DescribeKey.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
 *
 * @throws Error of the SDK when AWS refuses one of the calls
 */
export async function findKey(settings: AwsSettings, request: KeyRequest): Promise<string | null> {
  const client = new KMSClient(clientSettings(settings));
  try {
    const named = new Map<string, string[]>();
    for await (const { Aliases = [] } of paginateListAliases({ client }, {})) {
      for (const { TargetKeyId: id = '', AliasName: name = '' } of Aliases)
        named.set(id, [...(named.get(id) ?? []), name]);
    }
    const since = request.createdSince.getTime() - CLOCK_SKEW_MS;
    for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
      for (const { KeyId: id = '' } of Keys) {
        if ((named.get(id) ?? []).some(name => !request.aliases.includes(name))) continue;
        const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: id }));
        const ours = key?.KeyManager === 'CUSTOMER' && key.Enabled === true && key.Description === request.description;
        if (ours && (key.CreationDate?.getTime() ?? 0) >= since) return id;
      }
    }
    return null;
  } finally {
    client.destroy();
  }
}
