import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientSettings, type AwsSettings } from '../../src/aws/settings.ts';

/** The emulator's own account. */
export const ACCOUNT = '123456789012';

const CREDENTIALS = { accessKeyId: 'testing', secretAccessKey: 'testing' };

/** What a variant left in the account, in words that are equal when the resources are. */
export interface Deployed {
  readonly rulesByRegion: Readonly<Record<string, number>>;
  readonly lines: readonly string[];
}

/** Empties the emulator, enables the regions, and lets every service load, which would else cost the first variant a second. */
export async function freshAccount(endpoint: string, optInRegions: readonly string[]): Promise<void> {
  await post(`${endpoint}/moto-api/reset`);
  for (const region of optInRegions) await post(`${endpoint}/emulator-api/regions`, { region, status: 'opted-in' });
  const settings = settingsFor(endpoint, 'us-east-1');
  await Promise.all([
    new STSClient(settings).send(new GetCallerIdentityCommand({})),
    new EC2Client(settings).send(new DescribeRegionsCommand({})),
    new IAMClient(settings).send(new ListUsersCommand({})),
    new KMSClient(settings).send(new ListAliasesCommand({})),
    new SNSClient(settings).send(new ListTopicsCommand({})),
    new CloudWatchLogsClient(settings).send(new DescribeLogGroupsCommand({})),
    new EventBridgeClient(settings).send(new ListRulesCommand({})),
  ]);
}

/** Reads what is deployed in the regions, past the counting proxy. */
export async function deployedIn(endpoint: string, regions: readonly string[]): Promise<Deployed> {
  const rules = await Promise.all(regions.map(region => rulesIn(settingsFor(endpoint, region))));
  return {
    rulesByRegion: Object.fromEntries(regions.map((region, index) => [region, rules[index]?.length ?? 0])),
    lines: [...rules.flat(), ...(await principals(settingsFor(endpoint, 'us-east-1')))].map(withoutIds).sort(),
  };
}

async function rulesIn(settings: AwsSettings): Promise<string[]> {
  const events = new EventBridgeClient(clientSettings(settings));
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  return Promise.all(
    Rules.map(async ({ Name, State, EventPattern }) => {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      const targets = Targets.map(sortedJson).sort();
      return [settings.region, Name, State, EventPattern, ...targets].join(' | ');
    }),
  );
}

async function principals(settings: AwsSettings): Promise<string[]> {
  const iam = new IAMClient(clientSettings(settings));
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const roles = await Promise.all(
    Roles.map(async ({ RoleName, AssumeRolePolicyDocument }) => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const policies = await Promise.all(
        PolicyNames.map(async PolicyName => {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return `${PolicyName} ${PolicyDocument}`;
        }),
      );
      return `role ${RoleName} | ${AssumeRolePolicyDocument} | ${policies.sort().join(' | ')}`;
    }),
  );
  return [...Users.map(({ UserName }) => `user ${UserName}`), ...roles];
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A key gets a new id each time. */
function withoutIds(line: string): string {
  return line.replace(UUID, '<id>');
}

/** Equal for equal values, whatever the order in which their keys were set. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function settingsFor(endpoint: string, region: string): AwsSettings {
  return { endpoint, region, credentials: CREDENTIALS };
}

async function post(url: string, body: unknown = null): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
