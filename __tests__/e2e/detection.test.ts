import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EventBridgeClient,
  PutEventsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  PutPermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { IAMClient, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PurgeQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { emulatorEnv } from '../../emulator/credentials.ts';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { subscribe, type Subscriber } from '../../src/aws/subscriber.ts';
import { ALARMS, DEAD_LETTER_QUEUE } from '../../src/detection/delivery.ts';
import {
  alertingActs,
  ELSEWHERE,
  IAM_REGION,
  innocentActs,
  OWN_ROLE,
  PRIMARY,
  SECOND_USER,
  STANDBY,
  TRUSTED_USER,
  type Act,
  type AlertingAct,
} from '../fixtures/acts.ts';
import { SECURITY_ACCOUNT, TARGET_ACCOUNT, USER } from '../fixtures/records.ts';
import { settings, settingsIn } from './support/account.ts';
import { checkout, type Checkout } from './support/checkout.ts';

jest.setTimeout(300_000);

type Settings = ReturnType<typeof settings>;

const CONFIG = {
  primaryRegion: PRIMARY,
  standbyRegion: STANDBY,
  regions: [PRIMARY, STANDBY, IAM_REGION, ELSEWHERE],
  alerts: { emails: ['security@example.com'], chat: { topicName: 'breakglass-chat' } },
  users: [{ name: USER }, { name: SECOND_USER, permissions: 'assume-role-only' }],
  roles: [
    { accountId: TARGET_ACCOUNT },
    // The procedure's role of one account: its trusted users are named, and it may do everything.
    {
      accountId: SECURITY_ACCOUNT,
      name: OWN_ROLE,
      managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      trustedUserArns: [TRUSTED_USER],
    },
  ],
};

// The keys are known only after the deployment; here it is the names that matter.
const NAMES = alertingActs({ primary: '', standby: '' }).map(act => act.name);

// One story in one file: a deployment, every act, then the faults, each of which breaks something for good.
describe('with a standby region and a monitored account', () => {
  let emulator: Emulator;
  let project: Checkout;
  let acts: readonly AlertingAct[];
  const mail: Record<'primary' | 'standby' | 'chat', string[]> = { primary: [], standby: [], chat: [] };
  const idOf = new Map<string, string>();
  let other: (region: string) => Promise<Settings>;

  const topic = (region: string, name = 'breakglassuser-console-logins') =>
    `arn:aws:sns:${region}:${SECURITY_ACCOUNT}:${name}`;
  const here = (region: string) => settings(emulator.endpoint, region);

  beforeAll(async () => {
    emulator = await startEmulator();
    project = checkout();
    const file = join(project.root, 'test.config.json');
    writeFileSync(file, JSON.stringify(CONFIG));
    const env = { ...emulatorEnv(emulator.endpoint), BREAK_GLASS_CONFIG: file };
    const args = ['--yes', '--json', '--concurrency', '8'];
    const deployed = await project.script('deploy:all', args, env);
    if (deployed.exitCode !== 0) throw new Error(`${deployed.stdout}\n${deployed.stderr}`);
    const credentials = new Map<string, Settings>();
    other = async region => {
      if (!credentials.has(region))
        credentials.set(region, await settingsIn(emulator.endpoint, TARGET_ACCOUNT, region));
      return credentials.get(region)!;
    };
    acts = alertingActs({ primary: keyOf('bg-user'), standby: keyOf(`regional-forwarder-${STANDBY}`) });
  });

  afterAll(async () => {
    await emulator.stop();
    project.remove();
  });

  function keyOf(stack: string): string {
    const state = JSON.parse(readFileSync(join(project.root, 'state', `${stack}.tfstate`), 'utf8')) as {
      outputs: { key_arn: { value: string } };
    };
    return state.outputs.key_arn.value.split('/')[1] ?? '';
  }

  /** Puts the act on the bus of its account and region; the answer is what its alert calls the event. */
  async function happen(act: Act, eventID = act.name.replaceAll(/[^a-zA-Z0-9]/g, '-')): Promise<string> {
    const client = new EventBridgeClient({
      ...(act.account === TARGET_ACCOUNT ? await other(act.region) : here(act.region)),
      maxAttempts: 1,
    });
    const isService = !act.detailType.endsWith('via CloudTrail');
    const Detail = JSON.stringify(isService ? act.detail : { ...act.detail, eventID });
    const { Entries } = await client.send(
      new PutEventsCommand({ Entries: [{ Source: act.source, DetailType: act.detailType, Detail }] }),
    );
    client.destroy();
    return isService ? (Entries?.[0]?.EventId ?? '') : eventID;
  }

  async function everything(inbox: Subscriber): Promise<string[]> {
    const texts: string[] = [];
    for (let some = await inbox.receive(); some.length > 0; some = await inbox.receive()) texts.push(...some);
    await inbox.close();
    return texts;
  }

  const alertsOf = (texts: readonly string[], name: string) =>
    texts.filter(text => new RegExp(`Event     ${idOf.get(name)}[ ,]`).test(text));

  describe('every act', () => {
    beforeAll(async () => {
      const inboxes = {
        primary: await subscribe(here(PRIMARY), topic(PRIMARY), 'inbox-primary'),
        standby: await subscribe(here(STANDBY), topic(STANDBY), 'inbox-standby'),
        chat: await subscribe(here(PRIMARY), topic(PRIMARY, 'breakglass-chat'), 'inbox-chat'),
      };
      for (const act of acts) idOf.set(act.name, await happen(act));
      for (const act of innocentActs()) await happen(act);
      mail.primary = await everything(inboxes.primary);
      mail.standby = await everything(inboxes.standby);
      mail.chat = await everything(inboxes.chat);
    });

    it.each(NAMES)('alerts exactly once on each path: %s', name => {
      const act = acts.find(candidate => candidate.name === name)!;
      for (const path of ['primary', 'standby'] as const) {
        const alerts = alertsOf(mail[path], name);
        expect(alerts).toHaveLength(1);
        const [alert = ''] = alerts;
        for (const words of act.says) expect(alert).toContain(words);
        expect(alert).toContain(`region ${act.region}, account ${act.account}`);
        expect(alert).toContain(`path: ${path} (${path === 'primary' ? PRIMARY : STANDBY})`);
        expect(alert).toMatch(/^"When {6}\d{4}-\d\d-\d\dT/m);
        expect(alert).toMatch(/^"Outcome {3}\S/m);
        expect(alert).not.toMatch(/<[a-zA-Z]+>|undefined|null/);
      }
    });

    it('of somebody else, or on something else, alerts nobody', () => {
      expect(mail.primary).toHaveLength(acts.length);
      expect(mail.standby).toHaveLength(acts.length);
    });

    it('leaves the lines of its alert as they are, whatever its caller wrote into the record', () => {
      for (const text of [...mail.primary, ...mail.standby]) {
        const lines = text.split('\n');
        for (const line of lines) expect(line).toMatch(/^"[^"\r\u2028]*"$/);
        expect(lines.filter(line => line.startsWith('"Outcome '))).toHaveLength(1);
        expect(text).not.toMatch(/FORGED|evil\.example|```|\*\*/);
        expect(lines[0]).toMatch(/^"BREAK GLASS: /);
        expect(lines.length).toBeLessThanOrEqual(11);
      }
    });

    it('reaches chat as the event that it is, forged words and all inside its JSON', () => {
      expect(mail.chat).toHaveLength(acts.length);
      for (const text of mail.chat) {
        expect(JSON.parse(text)).toMatchObject({ version: '0', source: expect.stringMatching(/^aws\./), detail: {} });
      }
    });
  });

  describe('when something on the way is broken', () => {
    const signIn = (region: string, account = SECURITY_ACCOUNT): Act => {
      const wanted =
        account === SECURITY_ACCOUNT ? 'console sign-in with MFA' : 'role switched, seen by its own account';
      return { ...acts.find(act => act.name === wanted)!, account, region };
    };

    /** What waits in a dead-letter queue: the code of the error and the id of the event. */
    async function deadLetters(account: Settings, owner = SECURITY_ACCOUNT): Promise<string[]> {
      const sqs = new SQSClient(account);
      const QueueUrl = `${emulator.endpoint}/${owner}/${DEAD_LETTER_QUEUE}`;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
          MessageAttributeNames: ['All'],
        }),
      );
      sqs.destroy();
      return Messages.map(message => {
        const { detail } = JSON.parse(message.Body ?? '') as { detail: { eventID: string } };
        return `${message.MessageAttributes?.ERROR_CODE?.StringValue} ${detail.eventID}`;
      });
    }

    async function emptyQueues(): Promise<void> {
      const accounts = [SECURITY_ACCOUNT, TARGET_ACCOUNT];
      for (const [region, owner] of CONFIG.regions.flatMap(name => accounts.map(account => [name, account] as const))) {
        const sqs = new SQSClient(owner === SECURITY_ACCOUNT ? here(region) : await other(region));
        await sqs.send(new PurgeQueueCommand({ QueueUrl: `${emulator.endpoint}/${owner}/${DEAD_LETTER_QUEUE}` }));
        sqs.destroy();
      }
    }

    /** Alerts on one path while something happens. */
    async function heard(region: string, name: string, doing: () => Promise<unknown>): Promise<string[]> {
      const inbox = await subscribe(here(region), topic(region), name);
      await doing();
      return everything(inbox);
    }

    const isTold = (texts: readonly string[], id: string) =>
      texts.filter(text => text.includes(`Event     ${id} (`)).length;

    it('has an alarm in every region of both accounts that would say so, and it reaches people by a rule', () => {
      const stacks = ['bg-user', ...[STANDBY, IAM_REGION, ELSEWHERE].map(region => `regional-forwarder-${region}`)];
      const inAccount = CONFIG.regions.map(region => `regional-forwarder-${TARGET_ACCOUNT}-${region}`);
      for (const stack of [...stacks, ...inAccount]) {
        const state = readFileSync(join(project.root, 'state', `${stack}.tfstate`), 'utf8');
        for (const alarm of [ALARMS.deadLetters, ALARMS.failedInvocations])
          expect(state).toContain(`"alarm_name": "${alarm}"`);
        expect(state).toMatch(/capture-breakglass-(account-)?delivery-alarm/);
      }
    });

    it('keeps the event of an account that the bus no longer lets in, and alerts on the other path', async () => {
      const bus = new EventBridgeClient(here(PRIMARY));
      await bus.send(new RemovePermissionCommand({ StatementId: `break-glass-${TARGET_ACCOUNT}` }));
      const told = await heard(STANDBY, 'bus-denied', () => happen(signIn(ELSEWHERE, TARGET_ACCOUNT), 'bus-denied'));
      expect(isTold(told, 'bus-denied')).toBe(1);
      expect(await deadLetters(await other(ELSEWHERE), TARGET_ACCOUNT)).toEqual(['NO_PERMISSIONS bus-denied']);
      const put = {
        StatementId: `break-glass-${TARGET_ACCOUNT}`,
        Action: 'events:PutEvents',
        Principal: TARGET_ACCOUNT,
      };
      await bus.send(new PutPermissionCommand(put));
      bus.destroy();
    });

    it('lets no other account onto the bus', async () => {
      const stranger = new EventBridgeClient(await settingsIn(emulator.endpoint, '999999999999', PRIMARY));
      const { FailedEntryCount, Entries } = await stranger.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: `arn:aws:events:${PRIMARY}:${SECURITY_ACCOUNT}:event-bus/default`,
              Source: 'x',
              DetailType: 'x',
              Detail: '{}',
            },
          ],
        }),
      );
      stranger.destroy();
      expect([FailedEntryCount, Entries?.[0]?.ErrorCode]).toEqual([1, 'AccessDeniedException']);
    });

    it.each([
      [PRIMARY, STANDBY],
      [STANDBY, PRIMARY],
    ])('alerts on the other path while %s does not answer, and keeps what was meant for it', async (down, up) => {
      const outage = async (isDown: boolean) => {
        const body = JSON.stringify({ region: down, down: isDown });
        const { ok } = await fetch(`${emulator.endpoint}/emulator-api/outages`, { method: 'POST', body });
        expect(ok).toBe(true);
      };
      await outage(true);
      await expect(happen(signIn(down), 'never')).rejects.toThrow();
      for (const [region, account] of [
        [up, SECURITY_ACCOUNT],
        [ELSEWHERE, SECURITY_ACCOUNT],
        [IAM_REGION, TARGET_ACCOUNT],
      ] as const) {
        const id = `${down}-down-${region}`;
        const told = await heard(up, id, () => happen(signIn(region, account), id));
        expect(isTold(told, id)).toBe(1);
        const letters = await deadLetters(account === SECURITY_ACCOUNT ? here(region) : await other(region), account);
        expect(letters).toContain(`SDK_CLIENT_ERROR ${id}`);
      }
      await outage(false);
      await emptyQueues();
    });

    it('alerts on the standby path what the primary no longer passes to its topic', async () => {
      const bus = new EventBridgeClient(here(PRIMARY));
      const Ids = ['alert-topic'];
      await bus.send(new RemoveTargetsCommand({ Rule: 'capture-breakglass-user-sign-in', Ids }));
      bus.destroy();
      let primary: string[] = [];
      const standby = await heard(STANDBY, 'no-target-standby', async () => {
        primary = await heard(PRIMARY, 'no-target-primary', () => happen(signIn(PRIMARY), 'no-target'));
      });
      expect([isTold(primary, 'no-target'), isTold(standby, 'no-target')]).toEqual([0, 1]);
    });

    it('keeps the alert of a topic that is gone, and alerts on the standby path, from every region', async () => {
      const sns = new SNSClient(here(PRIMARY));
      await sns.send(new DeleteTopicCommand({ TopicArn: topic(PRIMARY) }));
      sns.destroy();
      const act = acts.find(candidate => candidate.name === 'session token taken')!;
      for (const region of [PRIMARY, ELSEWHERE, STANDBY]) {
        const told = await heard(STANDBY, `no-topic-${region}`, () => happen({ ...act, region }, `no-topic-${region}`));
        expect(isTold(told, `no-topic-${region}`)).toBe(1);
      }
      expect((await deadLetters(here(PRIMARY))).sort()).toEqual(
        [ELSEWHERE, PRIMARY, STANDBY].map(region => `NO_RESOURCE no-topic-${region}`).sort(),
      );
    });

    it('keeps what the forwarding role may no longer send, and its alarm says so on any path that is left', async () => {
      const iam = new IAMClient(here(IAM_REGION));
      const RoleName = `BreakGlassForwarder-${IAM_REGION}`;
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'ForwardToPrimary' }));
      iam.destroy();
      await happen(signIn(IAM_REGION), 'role-emptied');
      // One for each bus.
      expect(await deadLetters(here(IAM_REGION))).toEqual([
        'NO_PERMISSIONS role-emptied',
        'NO_PERMISSIONS role-emptied',
      ]);
    });

    it('alerts on the primary path, and only there, while the standby region does not answer', async () => {
      const sns = new SNSClient(here(STANDBY));
      await sns.send(new DeleteTopicCommand({ TopicArn: topic(STANDBY) }));
      sns.destroy();
      const chat = await subscribe(here(PRIMARY), topic(PRIMARY, 'breakglass-chat'), 'chat-only');
      await happen(signIn(ELSEWHERE), 'standby-gone');
      const told = await everything(chat);
      expect(told.map(text => (JSON.parse(text) as { detail: { eventID: string } }).detail.eventID)).toEqual([
        'standby-gone',
      ]);
      expect(await deadLetters(here(STANDBY))).toContain('NO_RESOURCE standby-gone');
    });

    it('loses the event where the policy of the queue is wrong too: the alarm on failures is for that', async () => {
      const sqs = new SQSClient(here(IAM_REGION));
      const QueueUrl = `${emulator.endpoint}/${SECURITY_ACCOUNT}/${DEAD_LETTER_QUEUE}`;
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }));
      sqs.destroy();
      await happen(signIn(IAM_REGION), 'queue-closed');
      expect(await deadLetters(here(IAM_REGION))).not.toContainEqual(expect.stringContaining('queue-closed'));
      const state = readFileSync(join(project.root, 'state', `regional-forwarder-${IAM_REGION}.tfstate`), 'utf8');
      expect(state).toMatch(
        /"FailedInvocations"[\s\S]*capture-breakglass-user-sign-in|capture-breakglass-user-sign-in[\s\S]*"FailedInvocations"/,
      );
    });
  });
});
