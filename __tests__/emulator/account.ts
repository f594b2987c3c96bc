import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type PutEventsRequestEntry,
  type RuleState,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

export const MAIN_ACCOUNT = '123456789012';
export const ALL_EVENTS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** A target without its id: `rule` numbers them. */
export type TargetInput = Omit<Target, 'Id' | 'Arn'> & { readonly Arn: string };

/** One account of the emulator, seen from one region: clients, and the few things that every test builds. */
export class Account {
  readonly events: EventBridgeClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly kms: KMSClient;
  readonly ec2: EC2Client;
  readonly sts: STSClient;

  constructor(
    private readonly endpoint: string,
    readonly region: string,
    readonly id: string = MAIN_ACCOUNT,
    private readonly credentials: Credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' },
  ) {
    const config = { endpoint, region, credentials, maxAttempts: 1 };
    this.events = new EventBridgeClient(config);
    this.sns = new SNSClient(config);
    this.sqs = new SQSClient(config);
    this.iam = new IAMClient(config);
    this.logs = new CloudWatchLogsClient(config);
    this.kms = new KMSClient(config);
    this.ec2 = new EC2Client(config);
    this.sts = new STSClient(config);
  }

  in(region: string): Account {
    return new Account(this.endpoint, region, this.id, this.credentials);
  }

  async other(id: string): Promise<Account> {
    const { Credentials: c } = await this.sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'test',
      }),
    );
    const credentials = {
      accessKeyId: c?.AccessKeyId ?? '',
      secretAccessKey: c?.SecretAccessKey ?? '',
      sessionToken: c?.SessionToken ?? '',
    };
    return new Account(this.endpoint, this.region, id, credentials);
  }

  bus(name = 'default'): string {
    return `arn:aws:events:${this.region}:${this.id}:event-bus/${name}`;
  }

  async rule(source: string, targets: TargetInput[], state: RuleState = ALL_EVENTS): Promise<string> {
    const name = `rule-${source}`;
    const pattern = JSON.stringify({ source: [source] });
    const { RuleArn } = await this.events.send(new PutRuleCommand({ Name: name, EventPattern: pattern, State: state }));
    const withIds = targets.map((target, index): Target => ({ ...target, Id: `t${index}` }));
    await this.events.send(new PutTargetsCommand({ Rule: name, Targets: withIds }));
    return RuleArn ?? '';
  }

  /** Puts one event; the answer is its id. */
  async put(source: string, entry: PutEventsRequestEntry = {}): Promise<string> {
    const entries = [{ Source: source, DetailType: 'test', Detail: '{}', ...entry }];
    const { Entries, FailedEntryCount } = await this.events.send(new PutEventsCommand({ Entries: entries }));
    if (FailedEntryCount !== 0) throw new Error(JSON.stringify(Entries));
    return Entries?.[0]?.EventId ?? '';
  }

  async queue(name: string, policy: object | null = allowEvents('sqs:SendMessage')): Promise<Queue> {
    const attributes = policy === null ? {} : { Policy: JSON.stringify(policy) };
    const { QueueUrl } = await this.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return new Queue(this.sqs, QueueUrl ?? '', `arn:aws:sqs:${this.region}:${this.id}:${name}`);
  }

  async topic(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const { TopicArn } = await this.sns.send(
      new CreateTopicCommand({
        Name: name,
        Attributes: { Policy: JSON.stringify(allowEvents('sns:Publish')), ...attributes },
      }),
    );
    return TopicArn ?? '';
  }

  /** A role for targets of rules. */
  async role(
    name: string,
    action: string,
    resource: string,
    trust: object = trustOf('events.amazonaws.com'),
  ): Promise<string> {
    const { Role } = await this.iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] };
    await this.iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) }),
    );
    return Role?.Arn ?? '';
  }
}

export class Queue {
  constructor(
    private readonly sqs: SQSClient,
    readonly url: string,
    readonly arn: string,
  ) {}

  /** Everything that is in the queue now, and takes it out. Delivery is done when PutEvents answers: no waiting. */
  async drain(): Promise<Message[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    for (const { ReceiptHandle } of Messages) {
      await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
    }
    return Messages;
  }

  async bodies(): Promise<string[]> {
    return (await this.drain()).map(message => message.Body ?? '');
  }

  /** The error codes of a dead-letter queue. */
  async errors(): Promise<(string | undefined)[]> {
    return (await this.drain()).map(message => message.MessageAttributes?.['ERROR_CODE']?.StringValue);
  }
}

export function allowEvents(action: string | string[], condition?: object): { Version: string; Statement: object[] } {
  const statement = {
    Sid: 'events',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: action,
    Resource: '*',
    ...(condition && { Condition: condition }),
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

export function trustOf(service: string, condition?: object): object {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...(condition && { Condition: condition }),
  };
  return { Version: '2012-10-17', Statement: [statement] };
}
