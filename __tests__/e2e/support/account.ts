import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListPoliciesCommand, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

const KEYS = { accessKeyId: 'testing', secretAccessKey: 'testing' };

export const settings = (endpoint: string, region: string): ClientSettings => ({ endpoint, region, credentials: KEYS });

/** Credentials for another account of the emulator. */
export async function settingsIn(endpoint: string, accountId: string, region: string): Promise<ClientSettings> {
  const sts = new STSClient(settings(endpoint, region));
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return {
    endpoint,
    region,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}

/** Every rule, topic, key, alias and log group of one region, by name; keys that wait for deletion don't count. */
export async function regionalLeftovers(account: ClientSettings): Promise<string[]> {
  const kms = new KMSClient(account);
  const { Rules = [] } = await new EventBridgeClient(account).send(new ListRulesCommand({}));
  const { Topics = [] } = await new SNSClient(account).send(new ListTopicsCommand({}));
  const { logGroups = [] } = await new CloudWatchLogsClient(account).send(new DescribeLogGroupsCommand({}));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  const described = await Promise.all(Keys.map(key => kms.send(new DescribeKeyCommand({ KeyId: key.KeyId }))));
  return [
    ...Rules.map(rule => `rule ${rule.Name}`),
    ...Topics.map(topic => `topic ${topic.TopicArn}`),
    ...logGroups.map(group => `log group ${group.logGroupName}`),
    ...Aliases.filter(alias => !alias.AliasName?.startsWith('alias/aws/')).map(alias => `alias ${alias.AliasName}`),
    ...described
      .filter(({ KeyMetadata }) => KeyMetadata?.KeyManager === 'CUSTOMER' && KeyMetadata.KeyState !== 'PendingDeletion')
      .map(({ KeyMetadata }) => `key ${KeyMetadata?.KeyId}`),
  ];
}

/** Every user, role and customer managed policy of an account. */
export async function iamLeftovers(account: ClientSettings): Promise<string[]> {
  const iam = new IAMClient(account);
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
  return [
    ...Users.map(user => `user ${user.UserName}`),
    ...Roles.map(role => `role ${role.RoleName}`),
    ...Policies.map(policy => `policy ${policy.PolicyName}`),
  ];
}

/** Every event in the audit log, parsed. */
export async function auditLog(
  account: ClientSettings,
): Promise<{ region: string; account: string; detail: { eventID: string } }[]> {
  const logs = new CloudWatchLogsClient(account);
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/events/break-glass', nextToken }));
    messages.push(...(page.events ?? []).map(event => event.message ?? ''));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return messages.map(
    message => JSON.parse(message) as { region: string; account: string; detail: { eventID: string } },
  );
}
