import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import {
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import {
  DescribeRuleCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, DisableKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { ListTopicsCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/start.ts';
import {
  Account,
  ALL_EVENTS,
  allowEvents,
  MAIN_ACCOUNT,
  trustOf,
  type Queue,
  type TargetInput,
} from '../emulator/account.ts';

// A busy machine takes seconds to load the SDK's clients and a node process.
jest.setTimeout(30_000);

const OTHER_ACCOUNT = '111122223333';
const READ_ONLY = {
  DetailType: 'AWS API Call via CloudTrail',
  Detail: JSON.stringify({ eventName: 'AssumeRole', readOnly: true }),
};

let emulator: Emulator;
let primary: Account;
let secondary: Account;

beforeAll(async () => {
  emulator = await startEmulator();
  primary = new Account(emulator.endpoint, 'us-east-1');
  secondary = primary.in('eu-west-1');
});

afterAll(() => emulator.stop());

/** A rule of the secondary region that forwards to the primary bus by a role that may. */
async function forward(
  source: string,
  state: typeof ALL_EVENTS | 'ENABLED' = ALL_EVENTS,
  target: Partial<TargetInput> = {},
) {
  const role = await primary.role(`forward-${source}`, 'events:PutEvents', primary.bus());
  return secondary.rule(source, [{ Arn: primary.bus(), RoleArn: role, ...target }], state);
}

describe('the state of a rule', () => {
  it('lets a read-only management event through only with ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', async () => {
    const plain = await primary.queue('state-plain');
    const all = await primary.queue('state-all');
    const disabled = await primary.queue('state-disabled');
    await primary.rule('state.plain', [{ Arn: plain.arn }], 'ENABLED');
    await primary.rule('state.all', [{ Arn: all.arn }], ALL_EVENTS);
    await primary.rule('state.disabled', [{ Arn: disabled.arn }], 'DISABLED');
    for (const source of ['state.plain', 'state.all', 'state.disabled']) await primary.put(source, READ_ONLY);
    expect([await plain.bodies(), await all.bodies(), await disabled.bodies()].map(b => b.length)).toEqual([0, 1, 0]);

    const write = { ...READ_ONLY, Detail: JSON.stringify({ readOnly: false }) };
    for (const source of ['state.plain', 'state.all', 'state.disabled']) await primary.put(source, write);
    expect([await plain.bodies(), await all.bodies(), await disabled.bodies()].map(b => b.length)).toEqual([1, 1, 0]);
  });

  it('is told by DescribeRule as it was put', async () => {
    await primary.rule('state.told', [{ Arn: `arn:aws:sqs:us-east-1:${MAIN_ACCOUNT}:none` }], ALL_EVENTS);
    const { State } = await primary.events.send(new DescribeRuleCommand({ Name: 'rule-state.told' }));
    expect(State).toBe(ALL_EVENTS);
  });

  it.each([
    ['hop.both', ALL_EVENTS, ALL_EVENTS, 1],
    ['hop.sender-plain', 'ENABLED', ALL_EVENTS, 0],
    ['hop.receiver-plain', ALL_EVENTS, 'ENABLED', 0],
  ] as const)('counts at both ends of a forward: %s', async (source, atSender, atReceiver, delivered) => {
    const queue = await primary.queue(source.replace('.', '-'));
    await forward(source, atSender);
    await primary.rule(source, [{ Arn: queue.arn }], atReceiver);
    await secondary.put(source, READ_ONLY);
    expect(await queue.bodies()).toHaveLength(delivered);
  });
});

describe('forwarding to a bus', () => {
  it('leaves id, account, region, time, resources and detail of the event as they were', async () => {
    const queue = await primary.queue('same');
    await forward('same');
    await primary.rule('same', [{ Arn: queue.arn }]);
    const id = await secondary.put('same', {
      Time: new Date('2026-01-02T03:04:05Z'),
      Resources: ['arn:aws:iam::1:user/x'],
      Detail: '{"a":1}',
    });
    const [body] = await queue.bodies();
    expect(JSON.parse(body ?? '')).toEqual({
      version: '0',
      id,
      'detail-type': 'test',
      source: 'same',
      account: MAIN_ACCOUNT,
      time: '2026-01-02T03:04:05Z',
      region: 'eu-west-1',
      resources: ['arn:aws:iam::1:user/x'],
      detail: { a: 1 },
    });
  });

  it('crosses an account only if the policy of the bus allows it', async () => {
    const other = (await primary.other(OTHER_ACCOUNT)).in('eu-west-1');
    const queue = await primary.queue('cross');
    const lost = await other.queue('cross-dlq');
    const role = await other.role('cross', 'events:PutEvents', primary.bus());
    await primary.rule('cross', [{ Arn: queue.arn }]);
    await other.rule('cross', [{ Arn: primary.bus(), RoleArn: role, DeadLetterConfig: { Arn: lost.arn } }]);
    await other.put('cross');
    expect(await queue.bodies()).toEqual([]);
    expect(await lost.errors()).toEqual(['NO_PERMISSIONS']);

    await primary.events.send(
      new PutPermissionCommand({ Action: 'events:PutEvents', Principal: OTHER_ACCOUNT, StatementId: 'other' }),
    );
    await other.put('cross');
    const [body] = await queue.bodies();
    expect(JSON.parse(body ?? '')).toMatchObject({ account: OTHER_ACCOUNT, region: 'eu-west-1' });
  });

  it('hops once', async () => {
    const queue = await primary.in('eu-central-1').queue('hops');
    const lost = await primary.queue('hops-dlq');
    await forward('hops');
    const role = await primary.role('second-hop', 'events:PutEvents', '*');
    const third = primary.in('eu-central-1');
    await primary.rule('hops', [{ Arn: third.bus(), RoleArn: role, DeadLetterConfig: { Arn: lost.arn } }]);
    await third.rule('hops', [{ Arn: queue.arn }]);
    await secondary.put('hops');
    expect(await queue.bodies()).toEqual([]);
    expect(await lost.errors()).toEqual(['THIRD_REGION_HOP_DETECTED']);
    await primary.put('hops');
    expect(await queue.bodies()).toHaveLength(1);
  });

  describe('fails, and goes to the dead-letter queue of the rule', () => {
    const trust = trustOf('events.amazonaws.com', { StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } });
    it.each<[string, () => Promise<Partial<TargetInput>>, string]>([
      ['without a role', async () => ({}), 'NO_PERMISSIONS'],
      [
        'with a role that does not exist',
        async () => ({ RoleArn: `arn:aws:iam::${MAIN_ACCOUNT}:role/nobody` }),
        'FAILED_TO_ASSUME_ROLE',
      ],
      [
        'with a role that trusts another service',
        async () => ({ RoleArn: await primary.role('f1', 'events:PutEvents', '*', trustOf('ec2.amazonaws.com')) }),
        'FAILED_TO_ASSUME_ROLE',
      ],
      [
        'with a role whose trust asks for another source account',
        async () => ({ RoleArn: await primary.role('f2', 'events:PutEvents', '*', trust) }),
        'FAILED_TO_ASSUME_ROLE',
      ],
      [
        'with a role that may put events elsewhere only',
        async () => ({ RoleArn: await primary.role('f3', 'events:PutEvents', secondary.bus()) }),
        'NO_PERMISSIONS',
      ],
      [
        'to a bus that does not exist',
        async () => ({ Arn: primary.bus('none'), RoleArn: await primary.role('f4', 'events:PutEvents', '*') }),
        'NO_RESOURCE',
      ],
    ])('%s', async (name, target, code) => {
      const source = `fail.${name.replaceAll(' ', '-')}`;
      const lost = await secondary.queue(source.replace('.', '-'));
      const working = await secondary.queue(`${source.replace('.', '-')}-ok`);
      const rule = await secondary.rule(source, [
        { Arn: primary.bus(), ...(await target()), DeadLetterConfig: { Arn: lost.arn } },
        { Arn: working.arn },
      ]);
      const id = await secondary.put(source);
      const [message] = await lost.drain();
      const attributes = message?.MessageAttributes;
      expect(attributes?.['ERROR_CODE']?.StringValue).toBe(code);
      expect(attributes?.['RULE_ARN']?.StringValue).toBe(rule);
      expect(Object.keys(attributes ?? {}).sort()).toEqual(['ERROR_CODE', 'ERROR_MESSAGE', 'RULE_ARN', 'TARGET_ARN']);
      expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id, source });
      // The other target of the rule got its event.
      expect(await working.bodies()).toHaveLength(1);
    });
  });

  it('loses the event when the dead-letter queue refuses it or is in another region', async () => {
    const closed = await secondary.queue('dlq-closed', null);
    const faraway = await primary.queue('dlq-faraway');
    for (const [source, queue] of [
      ['dlq.closed', closed],
      ['dlq.faraway', faraway],
    ] as const) {
      await secondary.rule(source, [{ Arn: primary.bus(), DeadLetterConfig: { Arn: queue.arn } }]);
      await secondary.put(source);
      expect(await queue.bodies()).toEqual([]);
    }
  });
});

describe('a topic as target', () => {
  let server: Server;
  const posted: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => response.end(void posted.push(body)));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  /** A rule to a topic, a subscriber of it, and the dead-letter queue: what arrives where. */
  async function alert(name: string, attributes: Record<string, string>): Promise<[string[], (string | undefined)[]]> {
    const topic = await primary.topic(name, attributes);
    const subscriber = await primary.queue(`${name}-sub`);
    const lost = await primary.queue(`${name}-dlq`);
    await primary.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: subscriber.arn }));
    await primary.rule(name, [{ Arn: topic, Input: '"alert"', DeadLetterConfig: { Arn: lost.arn } }]);
    await primary.put(name);
    const messages = (await subscriber.bodies()).map(body => (JSON.parse(body) as { Message: string }).Message);
    return [messages, await lost.errors()];
  }

  async function key(policy: object): Promise<string> {
    const { KeyMetadata } = await primary.kms.send(new CreateKeyCommand({ Policy: JSON.stringify(policy) }));
    return KeyMetadata?.KeyId ?? '';
  }

  it('reaches every subscriber exactly once, and no other machine', async () => {
    const topic = await primary.topic('fan-out');
    const queues = [await primary.queue('fan-1'), await primary.queue('fan-2')];
    const { port } = server.address() as AddressInfo;
    for (const [Protocol, Endpoint] of [
      // Nobody listens there: one failing subscriber must not stop the others.
      ['http', 'http://127.0.0.1:1/refused'],
      ['sqs', queues[0]!.arn],
      // Reaches the server below, by an address that isn't one of this machine alone.
      ['http', `http://0.0.0.0:${port}/elsewhere`],
      ['email', 'security@example.com'],
      ['http', `http://127.0.0.1:${port}/hook`],
      ['sqs', queues[1]!.arn],
    ]) {
      await primary.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol, Endpoint }));
    }
    const template = { InputPathsMap: { who: '$.detail.who' }, InputTemplate: '"Who <who>"\n"End"' };
    await primary.rule('fan.out', [{ Arn: topic, InputTransformer: template }]);
    await primary.put('fan.out', { Detail: '{"who":"ana"}' });
    const received = [...(await queues[0]!.bodies()), ...(await queues[1]!.bodies()), ...posted];
    expect(received.map(body => (JSON.parse(body) as { Message: string }).Message)).toEqual(
      Array<string>(3).fill('"Who ana"\n"End"'),
    );
  });

  it('takes the event if its policy allows EventBridge, also under a condition on the source', async () => {
    const own = allowEvents('sns:Publish', { ArnLike: { 'aws:SourceArn': `arn:aws:events:*:${MAIN_ACCOUNT}:rule/*` } });
    expect(await alert('policy-ok', { Policy: JSON.stringify(own) })).toEqual([['"alert"'], []]);
    const foreign = allowEvents('sns:Publish', { StringEquals: { 'aws:SourceAccount': OTHER_ACCOUNT } });
    expect(await alert('policy-foreign', { Policy: JSON.stringify(foreign) })).toEqual([[], ['NO_PERMISSIONS']]);
    const silent = { Version: '2012-10-17', Statement: [] };
    expect(await alert('policy-silent', { Policy: JSON.stringify(silent) })).toEqual([[], ['NO_PERMISSIONS']]);
  });

  it('takes the event if its key lets EventBridge generate and decrypt', async () => {
    const actions = ['kms:GenerateDataKey*', 'kms:Decrypt'];
    const condition = { StringEquals: { 'aws:SourceAccount': MAIN_ACCOUNT } };
    const good = await key(allowEvents(actions));
    expect(await alert('key-ok', { KmsMasterKeyId: good })).toEqual([['"alert"'], []]);
    expect(await alert('key-half', { KmsMasterKeyId: await key(allowEvents('kms:Decrypt')) })).toEqual([
      [],
      ['NO_PERMISSIONS'],
    ]);
    // "Adding aws:SourceAccount [..] to a KMS policy is not supported for EventBridge-to-encrypted topics".
    expect(await alert('key-condition', { KmsMasterKeyId: await key(allowEvents(actions, condition)) })).toEqual([
      [],
      ['NO_PERMISSIONS'],
    ]);
    expect(await alert('key-aws', { KmsMasterKeyId: 'alias/aws/sns' })).toEqual([[], ['NO_PERMISSIONS']]);
    expect(await alert('key-none', { KmsMasterKeyId: 'alias/none' })).toEqual([[], ['ERROR_FROM_TARGET']]);

    const denied = { ...allowEvents(actions).Statement[0], Sid: 'deny', Effect: 'Deny' };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [...allowEvents(actions).Statement, denied] });
    await primary.kms.send(new PutKeyPolicyCommand({ KeyId: good, PolicyName: 'default', Policy: policy }));
    expect(await alert('key-denied', { KmsMasterKeyId: good })).toEqual([[], ['NO_PERMISSIONS']]);
    await primary.kms.send(new DisableKeyCommand({ KeyId: good }));
    expect(await alert('key-disabled', { KmsMasterKeyId: good })).toEqual([[], ['ERROR_FROM_TARGET']]);
  });

  it('that does not exist loses the event, not the call', async () => {
    await primary.rule('topic.none', [{ Arn: `arn:aws:sns:us-east-1:${MAIN_ACCOUNT}:none` }]);
    await expect(primary.put('topic.none')).resolves.toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('queues and log groups as targets', () => {
  it('take the event only if a policy allows EventBridge', async () => {
    const lost = await primary.queue('closed-dlq');
    const closed = await primary.queue('closed', null);
    await primary.rule('closed', [{ Arn: closed.arn, DeadLetterConfig: { Arn: lost.arn } }]);
    await primary.put('closed');
    expect([await closed.bodies(), await lost.errors()]).toEqual([[], ['NO_PERMISSIONS']]);
  });

  it('are found in the account and region of their ARN', async () => {
    const other = (await primary.other('444455556666')).in('eu-north-1');
    const group = '/aws/events/far';
    const arn = `arn:aws:logs:eu-north-1:444455556666:log-group:${group}`;
    const lost = await other.queue('far-dlq');
    await other.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await other.rule('far', [{ Arn: arn, DeadLetterConfig: { Arn: lost.arn } }]);
    await other.put('far');
    expect(await lost.errors()).toEqual(['NO_PERMISSIONS']);

    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${arn}:*`,
        },
      ],
    };
    await other.logs.send(
      new PutResourcePolicyCommand({ policyName: 'events', policyDocument: JSON.stringify(policy) }),
    );
    const id = await other.put('far');
    const { events } = await other.logs.send(new FilterLogEventsCommand({ logGroupName: group }));
    expect(events?.map(event => JSON.parse(event.message ?? ''))).toEqual([
      expect.objectContaining({ id, account: '444455556666', region: 'eu-north-1', source: 'far' }),
    ]);
  });
});

describe('the input of a target', () => {
  let queue: Queue;
  let count = 0;
  const detail = { who: 'ana', quote: 'say "hi"', list: [{ arn: 'a' }, { arn: 'b' }], n: 3, nothing: null };

  beforeAll(async () => {
    queue = await primary.queue('input');
  });

  async function deliver(target: Omit<Target, 'Id' | 'Arn'>): Promise<string | undefined> {
    const source = `input.${count++}`;
    await primary.rule(source, [{ Arn: queue.arn, ...target }]);
    await primary.put(source, { Detail: JSON.stringify(detail), Time: new Date('2026-01-02T03:04:05Z') });
    return (await queue.bodies())[0];
  }

  const paths = {
    who: '$.detail.who',
    quote: '$.detail.quote',
    list: '$.detail.list',
    second: '$.detail.list[1].arn',
    arns: '$.detail.list[*].arn',
    n: '$.detail.n',
    missing: '$.detail.userIdentity.arn',
    nothing: '$.detail.nothing',
    time: '$.time',
    type: '$.detail-type',
  };

  it.each<[string, string, string]>([
    ['keeps the quotes of a text', '"Who <who>"', '"Who ana"'],
    [
      'keeps one quoted string per line',
      '"Who <who>"\n""\n"When <time>"',
      '"Who ana"\n""\n"When 2026-01-02T03:04:05Z"',
    ],
    ['does not escape values in a text', '"<quote>"', '"say "hi""'],
    ['keeps escapes of the template', '"a \\"<who>\\""', '"a \\"ana\\""'],
    ['leaves out what is missing or null', '"[<missing>] [<nothing>]"', '"[] []"'],
    ['writes objects, lists and numbers as JSON', '"<list> <n> <second>"', '"[{"arn":"a"},{"arn":"b"}] 3 b"'],
    ['takes a text that starts like JSON as text', '"{[/<type>"', '"{[/test"'],
    [
      'makes JSON of variables outside quotes',
      '{ "a": <who>, "b": [1, <quote>, <n>] }',
      '{"a":"ana","b":[1,"say \\"hi\\"",3]}',
    ],
    ['makes text of variables inside quotes', '{"a": "<who> has \\"<n>\\""}', '{"a":"ana has \\"3\\""}'],
    ['stays JSON without a value', '{"a": <missing>, "b": "x<missing>", "c": <nothing>}', '{"a":"","b":"x","c":null}'],
    ['collects what a wildcard matches', '{"a": <arns>}', '{"a":["a","b"]}'],
    ['knows the name of the rule', '"<aws.events.rule-name>"', '"rule-input.%"'],
    [
      'knows the ARN of the rule',
      '{"r": <aws.events.rule-arn>}',
      `{"r":"arn:aws:events:us-east-1:${MAIN_ACCOUNT}:rule/rule-input.%"}`,
    ],
  ])('%s', async (_name, InputTemplate, expected) => {
    const index = count;
    const body = await deliver({ InputTransformer: { InputPathsMap: paths, InputTemplate } });
    expect(body).toBe(expected.replace('%', String(index)));
  });

  it('can be the whole event, or all but its detail', async () => {
    const template =
      '{"all": <aws.events.event.json>, "head": <aws.events.event>, "at": <aws.events.event.ingestion-time>}';
    const body = JSON.parse((await deliver({ InputTransformer: { InputTemplate: template } })) ?? '');
    expect(body.all.detail).toEqual(detail);
    expect(Object.keys(body.head).sort()).toEqual([
      'account',
      'detailType',
      'id',
      'region',
      'resources',
      'source',
      'time',
      'version',
    ]);
    expect(body.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('can be a part of the event or a constant', async () => {
    expect(await deliver({ InputPath: '$.detail.list' })).toBe('[{"arn":"a"},{"arn":"b"}]');
    expect(await deliver({ Input: '{"fixed": true}' })).toBe('{"fixed": true}');
  });

  it('is not delivered when a value makes it invalid JSON', async () => {
    const lost = await primary.queue('input-dlq');
    const InputTransformer = { InputPathsMap: paths, InputTemplate: '{"a": "<quote>"}' };
    expect(await deliver({ InputTransformer, DeadLetterConfig: { Arn: lost.arn } })).toBeUndefined();
    expect(await lost.errors()).toEqual(['INVALID_JSON']);
  });
});

describe('what AWS refuses is refused', () => {
  const queueArn = `arn:aws:sqs:us-east-1:${MAIN_ACCOUNT}:refused`;

  it.each<[string, Partial<TargetInput>, RegExp]>([
    ['a variable without a path', { InputTransformer: { InputTemplate: '"<who>"' } }, /invalid placeholder who/],
    ['a line without quotes', { InputTransformer: { InputTemplate: 'Who' } }, /double-quoted string/],
    ['a template that is broken JSON', { InputTransformer: { InputTemplate: '{"a": }' } }, /not a valid JSON text/],
    [
      'a text for a log group',
      { Arn: `arn:aws:logs:us-east-1:${MAIN_ACCOUNT}:log-group:x`, InputTransformer: { InputTemplate: '"a"' } },
      /not a valid JSON text/,
    ],
    ['two kinds of input', { Input: '1', InputPath: '$.detail' }, /Only one of/],
    [
      'an input for the bus of another account',
      { Arn: `arn:aws:events:us-east-1:${OTHER_ACCOUNT}:event-bus/default`, Input: '1' },
      /bus of another account/,
    ],
  ])('%s', async (_name, target, message) => {
    await expect(primary.rule('refused', [{ Arn: queueArn, ...target }])).rejects.toThrow(message);
  });

  it('a sixth target', async () => {
    await expect(primary.rule('six', Array<{ Arn: string }>(6).fill({ Arn: queueArn }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('a pattern of more than 2,048 characters', async () => {
    const EventPattern = JSON.stringify({ source: ['x'.repeat(2048)] });
    await expect(primary.events.send(new PutRuleCommand({ Name: 'long', EventPattern }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });

  it('an entry without detail, but not the others of the call', async () => {
    const entries = [
      { Source: 'a', DetailType: 'b' },
      { Source: 'a', DetailType: 'b', Detail: '[]' },
      { Source: 'a', DetailType: 'b', Detail: '{}' },
      { Source: 'a', DetailType: 'b', Detail: '{}', EventBusName: 'none' },
    ];
    const { Entries, FailedEntryCount } = await primary.events.send(new PutEventsCommand({ Entries: entries }));
    expect(FailedEntryCount).toBe(2);
    expect(Entries?.map(entry => entry.ErrorCode)).toEqual([
      'InvalidArgument',
      'MalformedDetail',
      undefined,
      undefined,
    ]);
  });
});

it('tests a pattern against an event', async () => {
  const event = { id: '1', account: MAIN_ACCOUNT, source: 's', time: '2026-01-01T00:00:00Z', region: 'us-east-1' };
  const Event = JSON.stringify({ ...event, resources: [], 'detail-type': 't', detail: {} });
  const test = (source: string) =>
    primary.events.send(new TestEventPatternCommand({ Event, EventPattern: JSON.stringify({ source: [source] }) }));
  expect([(await test('s')).Result, (await test('t')).Result]).toEqual([true, false]);
});

describe('accounts and regions', () => {
  it('knows an account by the role that was assumed in it, which need not exist', async () => {
    const other = await primary.other(OTHER_ACCOUNT);
    const { Account: id, Arn } = await other.sts.send(new GetCallerIdentityCommand({}));
    expect([id, Arn]).toEqual([
      OTHER_ACCOUNT,
      `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/OrganizationAccountAccessRole/test`,
    ]);
  });

  it('has the managed policies of AWS', async () => {
    const { Policy } = await primary.iam.send(
      new GetPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' }),
    );
    expect(Policy?.PolicyName).toBe('IAMFullAccess');
  });

  it('has the 17 default regions enabled, and 17 more to opt in to', async () => {
    const { Regions: enabled } = await primary.ec2.send(new DescribeRegionsCommand({}));
    expect(enabled?.map(region => region.RegionName)).toEqual(
      'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2'.split(
        ' ',
      ),
    );
    expect(new Set(enabled?.map(region => region.OptInStatus))).toEqual(new Set(['opt-in-not-required']));
    const { Regions: all } = await primary.ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(all).toHaveLength(34);
  });

  it('enables a region on demand, and forgets that and everything else at a reset', async () => {
    const set = (body: object) =>
      fetch(`${emulator.endpoint}/emulator-api/regions`, { method: 'POST', body: JSON.stringify(body) });
    const optedIn = async () => {
      const Filters = [{ Name: 'opt-in-status', Values: ['opted-in'] }];
      const { Regions } = await primary.ec2.send(new DescribeRegionsCommand({ Filters }));
      return Regions?.map(region => region.RegionName);
    };
    expect((await set({ region: 'af-south-1', status: 'opted-in' })).status).toBe(200);
    expect((await set({ region: 'us-east-1', status: 'not-opted-in' })).status).toBe(400);
    expect((await set({ region: 'af-south-1', status: 'enabled' })).status).toBe(400);
    expect(await optedIn()).toEqual(['af-south-1']);

    await fetch(`${emulator.endpoint}/moto-api/reset`, { method: 'POST' });
    expect(await optedIn()).toEqual([]);
    const { Topics } = await primary.sns.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([]);
  });

  it('delivers again after a reset', async () => {
    const queue = await primary.queue('after');
    await primary.events.send(new PutRuleCommand({ Name: 'after', EventPattern: '{"source":["after"]}' }));
    await primary.events.send(new PutTargetsCommand({ Rule: 'after', Targets: [{ Id: 'q', Arn: queue.arn }] }));
    await primary.put('after');
    expect(await queue.bodies()).toHaveLength(1);
  });
});

describe('the process', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const tsx = ['--import', 'tsx'];

  type Script = ReturnType<typeof run>;
  const started: Script[] = [];

  const run = (args: string[]) =>
    execa(process.execPath, [...tsx, 'scripts/emulator.ts', ...args], { cwd: root, reject: false });

  function script(...args: string[]) {
    const child = run(args);
    started.push(child);
    return child;
  }

  /** A failed test leaves nothing running either: an emulator ends with its parent. */
  afterEach(async () => {
    for (const child of started.splice(0)) {
      child.kill('SIGKILL');
      await child;
    }
  });

  /** The first line on standard output, or nothing when the script ended without one. */
  function firstLine(child: Script): Promise<string> {
    const lines = createInterface({ input: child.stdout! });
    return new Promise(resolve => lines.once('line', resolve).once('close', () => resolve('')));
  }

  /** A promise, for later, of the emulator behind the ready line being gone: its connections end, some by a reset. */
  async function watchEnd(ready: string): Promise<{ end: Promise<unknown> }> {
    const socket = connect(Number(ready.split(':').pop()), '127.0.0.1');
    await once(socket, 'connect');
    const end = new Promise(resolve => socket.on('error', () => undefined).once('close', resolve));
    return { end };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('says ready in one line, and ends with 0 at %s', async signal => {
    const child = script();
    const ready = await firstLine(child);
    expect(ready).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/);
    const watched = await watchEnd(ready);
    child.kill(signal);
    const { exitCode, stdout, stderr } = await child;
    await watched.end;
    expect([exitCode, stdout, stderr]).toEqual([0, ready, '']);
  });

  it('is gone when its parent was killed', async () => {
    const child = script();
    const watched = await watchEnd(await firstLine(child));
    child.kill('SIGKILL');
    await child;
    await watched.end;
  });

  it('listens on the port that is asked for, and says when that one is taken', async () => {
    const { exitCode, stdout, stderr } = await script('--port', String(emulator.port));
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^Port ${emulator.port} of 127.0.0.1 is in use`));
    const port = emulator.port;
    await emulator.stop();
    emulator = await startEmulator({ port });
    expect(emulator.endpoint).toBe(`http://127.0.0.1:${port}`);
  });

  it.each(['x', '-1', '65536', '1.5', ''])('refuses the port "%s" with exit code 2', async value => {
    const { exitCode, stderr } = await script(`--port=${value}`);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([
      2,
      `--port must be a whole number from 0 to 65535, got: '${value}'.`,
    ]);
  });

  it('ends when its signal is aborted, and says how it ended', async () => {
    const abort = new AbortController();
    const other = await startEmulator({ signal: abort.signal });
    abort.abort();
    expect(await other.exited).toEqual({ exitCode: 0, signal: null });
    await expect(startEmulator({ signal: abort.signal })).rejects.toBe(abort.signal.reason);
  });

  it('stays after its parent on request, and writes its own words to the log file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
    const log = join(folder, 'emulator.log');
    const program = `
      import { startEmulator } from './emulator/start.ts';
      const { port, pid } = await startEmulator({ exitWithParent: false, logFile: ${JSON.stringify(log)} });
      console.log(JSON.stringify({ port, pid }));`;
    const { stdout } = await execa(process.execPath, [...tsx, '--input-type=module', '-e', program], { cwd: root });
    const { port, pid } = JSON.parse(stdout) as { port: number; pid: number };
    try {
      const watched = await watchEnd(`ready http://127.0.0.1:${port}`);
      const account = new Account(`http://127.0.0.1:${port}`, 'us-east-1');
      await account.rule('lambda', [{ Arn: `arn:aws:lambda:us-east-1:${MAIN_ACCOUNT}:function:x` }]);
      await account.put('lambda');
      process.kill(pid, 'SIGTERM');
      await watched.end;
    } catch (error) {
      process.kill(pid, 'SIGKILL');
      throw error;
    }
    expect(readFileSync(log, 'utf8')).toContain('NotImplementedError');
    rmSync(folder, { recursive: true });
  });
});
