import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADOPTION_FILE, applyAdopting, destroyAdopting, type KeySearch } from '../../src/terraform/adopt.ts';
import { fakeProvider, fakeTerraform, playing, recorded, temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(stack());
  mkdirSync(at('package'));
  writeFileSync(at('package/provider'), 'binary');
  writeFileSync(join(stack(), 'cdk.tf.json'), JSON.stringify({ resource: RESOURCES }));
});
afterEach(() => folder.remove());

const at = (...parts: string[]) => join(folder.path, ...parts);
const stack = () => at('stack');
const RESOURCES = {
  aws_iam_role: { forwarder: { name: 'Forwarder' }, other: { name: '${var.name}' } },
  aws_iam_policy: { access: { name: 'Access' } },
  aws_iam_user: { user: { name: 'User' } },
  aws_kms_alias: { alias: { name: 'alias/key' } },
  aws_kms_key: { key: { description: 'Encrypts' } },
  aws_cloudwatch_log_group: { log: { name: '/aws/events/log' } },
  aws_sns_topic: { topic: { name: 'topic' } },
  aws_lb: { unknown: { name: 'lb' } },
};
const PLACE = { partition: 'aws-us-gov', account: '123456789012', region: 'us-gov-west-1' };

/** Keys by description. */
let keys: Readonly<Record<string, string | Error>> = {};
const asked: KeySearch[] = [];
afterEach(() => {
  keys = {};
  asked.length = 0;
});
const findKey = async (key: KeySearch) => {
  asked.push(key);
  const found = keys[key.description] ?? null;
  if (found instanceof Error) throw found;
  return found;
};

const started = (address: string, action = 'create') => ({
  type: 'apply_start',
  hook: { resource: { addr: address }, action },
});
const error = (address: string, summary: string) => ({
  type: 'diagnostic',
  diagnostic: { severity: 'error', summary, detail: '', address },
});
const exists = (address: string) => error(address, 'creating: EntityAlreadyExists: it is there already');
const complete = { type: 'change_summary', changes: { add: 1, change: 0, remove: 0, operation: 'apply' } };

/** Applies with a terraform that says the lines and fails, except where the adoption file is there. */
async function apply(lines: readonly object[], earlier: readonly object[], terraform = failsUntilAdopted(lines)) {
  writeFileSync(at('earlier.log'), earlier.map(line => JSON.stringify(line)).join('\n'));
  return applyAdopting(
    {
      terraform: { ...fakeTerraform, path: terraform },
      provider: await fakeProvider(at('package')),
      stackDir: stack(),
      env: playing({}),
      logFile: at('stack.log'),
    },
    { place: PLACE, earlierLogs: [at('gone.log'), at('earlier.log')], findKey },
  );
}

/** A script, as the fake terraform can't answer differently from one run to the next. It keeps what it was given. */
function failsUntilAdopted(lines: readonly object[]): string {
  const file = at('terraform');
  const text = lines.map(line => JSON.stringify(line)).join('\n');
  writeFileSync(at('failure'), `${text}\n`);
  writeFileSync(at('success'), `${JSON.stringify(complete)}\n`);
  const script = `if [ -f ${ADOPTION_FILE} ]; then cat ${ADOPTION_FILE} > ${at('given')}; cat ${at('success')}; else cat ${at('failure')}; exit 1; fi`;
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
const given = () => {
  const text = existsSync(at('given')) ? readFileSync(at('given'), 'utf8') : '';
  return text === '' ? null : (JSON.parse(text) as unknown);
};

describe('applying a stack in which an earlier run was cut off', () => {
  it.each([
    ['aws_iam_role.forwarder', 'Forwarder'],
    ['aws_iam_user.user', 'User'],
    ['aws_cloudwatch_log_group.log', '/aws/events/log'],
    ['aws_kms_alias.alias', 'alias/key'],
    ['aws_iam_policy.access', 'arn:aws-us-gov:iam::123456789012:policy/Access'],
    ['aws_sns_topic.topic', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:topic'],
  ])('imports %s, which it had begun to create, as %s', async (address, id) => {
    const outcome = await apply([exists(address)], [started(address)]);
    expect(outcome.adopted).toEqual([address]);
    expect(given()).toEqual({ import: [{ to: address, id }] });
    expect(existsSync(join(stack(), ADOPTION_FILE))).toBe(false);
  });

  it.each<[string, readonly object[]]>([
    ['that it had never begun', []],
    ['that it had only begun to change', [started('aws_iam_role.forwarder', 'update')]],
    ['that had existed then already', [started('aws_iam_role.forwarder'), exists('aws_iam_role.forwarder')]],
    [
      'that it had been denied',
      [started('aws_iam_role.forwarder'), error('aws_iam_role.forwarder', 'AccessDenied: no')],
    ],
  ])('takes over nothing %s', async (_name, earlier) => {
    await expect(apply([exists('aws_iam_role.forwarder')], earlier)).rejects.toMatchObject({ code: 'exists' });
    expect(given()).toBeNull();
  });

  it.each([
    ['a lost connection', 'request send failed: read: connection reset by peer'],
    ['a stop in the middle of the call', 'creating IAM Role (Forwarder): context canceled'],
  ])('takes over what ended with %s', async (_name, summary) => {
    const address = 'aws_iam_role.forwarder';
    expect((await apply([exists(address)], [started(address), error(address, summary)])).adopted).toEqual([address]);
  });

  it.each(['aws_lb.unknown', 'aws_iam_role.other'])('leaves %s alone: its import id is not known', async address => {
    await expect(apply([exists(address)], [started(address)])).rejects.toMatchObject({ code: 'exists' });
  });

  it('tells what it took over when the apply fails after that', async () => {
    const address = 'aws_iam_role.forwarder';
    const denied = error('aws_iam_policy.access', 'AccessDenied: no');
    failsUntilAdopted([exists(address)]);
    writeFileSync(at('success'), `${JSON.stringify(denied)}\n`);
    const script = `if [ -f ${ADOPTION_FILE} ]; then cat ${at('success')}; else cat ${at('failure')}; fi; exit 1`;
    writeFileSync(at('terraform'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await expect(apply([], [started(address)], at('terraform'))).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining(`from an earlier run that was cut off: ${address}`),
    });
  });

  it('adopts in several rounds what only comes to light one after another', async () => {
    const [first, second] = ['aws_iam_role.forwarder', 'aws_kms_alias.alias'] as const;
    writeFileSync(at('first'), `${JSON.stringify(exists(first))}\n`);
    writeFileSync(at('second'), `${JSON.stringify(exists(second))}\n`);
    const script = [
      `grep -q ${second} ${ADOPTION_FILE} 2>/dev/null && cat ${at('success')} && exit 0`,
      `grep -q ${first} ${ADOPTION_FILE} 2>/dev/null && cat ${at('second')} && exit 1`,
      `cat ${at('first')}; exit 1`,
    ];
    failsUntilAdopted([]);
    writeFileSync(at('terraform'), `#!/bin/sh\n${script.join('\n')}\n`, { mode: 0o755 });
    const outcome = await apply([], [started(first), started(second)], at('terraform'));
    expect(outcome.adopted).toEqual([first, second]);
  });

  describe('and its key, which has no name', () => {
    const address = 'aws_kms_key.key';
    const since = '2026-11-21T05:40:41.466Z';
    const begun = { ...started(address), '@timestamp': since };
    /** Knows `state` and applies, with what is in the adoption file. */
    const withKey = (state: readonly string[]) => {
      writeFileSync(at('state'), state.map(line => `${line}\n`).join(''));
      writeFileSync(at('success'), `${JSON.stringify(complete)}\n`);
      const applies = `cat ${ADOPTION_FILE} > ${at('given')} 2>/dev/null; cat ${at('success')}`;
      const script = `case $1 in state) cat ${at('state')};; apply) ${applies};; esac`;
      writeFileSync(at('terraform'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return apply([], [begun], at('terraform'));
    };

    it('is looked for before, and imported', async () => {
      keys = { Encrypts: 'key-id' };
      expect((await withKey([])).adopted).toEqual([address]);
      expect(given()).toEqual({ import: [{ to: address, id: 'key-id' }] });
      expect(asked).toEqual([{ description: 'Encrypts', aliases: ['alias/key'], createdSince: new Date(since) }]);
    });

    it('is not looked for when the state knows it', async () => {
      expect(await withKey([address])).not.toHaveProperty('adopted');
      expect(asked).toEqual([]);
    });

    it('is made when there is none', async () => {
      const outcome = await withKey([]);
      expect(outcome).not.toHaveProperty('adopted');
      expect(outcome).not.toHaveProperty('perhapsLeft');
    });

    it('is named as perhaps left when nobody could look', async () => {
      keys = { Encrypts: new Error('AccessDenied: kms:ListKeys') };
      expect(await withKey([])).toMatchObject({ perhapsLeft: [`${address} (AccessDenied: kms:ListKeys)`] });
    });
  });

  it('is a plain apply when nothing exists', async () => {
    const outcome = await applyAdopting(
      {
        terraform: fakeTerraform,
        provider: await fakeProvider(at('package')),
        stackDir: stack(),
        env: playing({ lines: [complete], record: at('record') }),
        logFile: at('stack.log'),
      },
      { place: PLACE, earlierLogs: [], findKey },
    );
    expect(outcome).not.toHaveProperty('adopted');
    expect(recorded(at('record')).filter(entry => entry.event === 'start')).toHaveLength(1);
  });
});

describe('destroying a stack in which an earlier run was cut off', () => {
  const role = 'aws_iam_role.forwarder';
  const destroyed = { type: 'change_summary', changes: { add: 0, change: 0, remove: 1, operation: 'destroy' } };

  /** @param apply what an apply does: a line of shell */
  async function destroy(begun: readonly string[], state: readonly string[], apply: string) {
    writeFileSync(at('earlier.log'), begun.map(address => JSON.stringify(started(address))).join('\n'));
    writeFileSync(at('state'), state.map(address => `${address}\n`).join(''));
    writeFileSync(at('destroyed'), `${JSON.stringify(destroyed)}\n`);
    writeFileSync(at('success'), `${JSON.stringify(complete)}\n`);
    writeFileSync(at('failure'), `${JSON.stringify(error(role, 'AccessDenied: no'))}\n`);
    const commands = `state) cat ${at('state')};; apply) ${apply};; destroy) cat ${at('destroyed')};;`;
    const script = `echo $1 >> ${at('commands')}; case $1 in ${commands} esac`;
    writeFileSync(at('terraform'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return destroyAdopting(
      {
        terraform: { ...fakeTerraform, path: at('terraform') },
        provider: await fakeProvider(at('package')),
        stackDir: stack(),
        env: playing({}),
        logFile: at('stack.log'),
      },
      { place: PLACE, earlierLogs: [at('earlier.log')], findKey },
    );
  }
  const commands = () => readFileSync(at('commands'), 'utf8').trim().split('\n');

  it('only destroys when nothing had been begun, or the state knows all of it', async () => {
    expect((await destroy([], [], 'false')).changes.remove).toBe(1);
    await destroy([role], ['data.aws_caller_identity.current', role], 'false');
    expect(commands()).toEqual(['destroy', 'state', 'destroy']);
  });

  it('applies first when the state misses something, so that it is destroyed too', async () => {
    await destroy([role], ['aws_kms_key.key'], `cat ${at('success')}`);
    expect(commands()).toEqual(['state', 'apply', 'destroy']);
  });

  it('destroys what the state knows when that fails, and says what may be left', async () => {
    await expect(destroy([role], [], `cat ${at('failure')}; exit 1`)).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringMatching(/^What the state knows is destroyed\. .* perhaps left: aws_iam_role\.forwarder/),
    });
    expect(commands()).toEqual(['state', 'apply', 'destroy']);
  });
});
