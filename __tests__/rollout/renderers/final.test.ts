import { describe, expect, it } from '@jest/globals';
import { finalText } from '../../../src/rollout/renderers/final.ts';
import type { FinalOptions } from '../../../src/rollout/renderers/final.ts';
import type { Summary } from '../../../src/rollout/types.ts';
import { changes, result, summary } from '../helpers.ts';

const enabledRegions = ['us-east-1', 'eu-west-1', 'ap-south-1'];
const user = result('bg-user', 'succeeded', { region: 'us-east-1' });
const eu = result('regional-forwarder-eu-west-1');
const ap = result('regional-forwarder-ap-south-1', 'succeeded', { region: 'ap-south-1' });
const denied = {
  ...eu,
  state: 'failed',
  error: {
    code: 'permission',
    message:
      'events:PutRule was denied by a service control policy:\n' +
      '  User: arn:aws:sts::123456789012:assumed-role/Platform/ana is not authorized to perform: events:PutRule',
  },
  logFile: '.break-glass/logs/20261120T031200Z/regional-forwarder-eu-west-1.log',
} as const;
const resumeCommand = 'npm run deploy:all -- --resume';

const text = (rest: Partial<Summary>, options: Partial<FinalOptions> = {}): string[] =>
  finalText(summary({ enabledRegions, coveredRegions: enabledRegions, ...rest }), {
    columns: 80,
    colour: false,
    resumeCommand,
    ...options,
  });

describe('the end of a rollout', () => {
  it('that went well is two lines', () => {
    expect(text({ stacks: [user, eu, ap] })).toEqual(['3 of 3 stacks done in 41.2 s.', 'covered 3/3 regions']);
  });

  it('names what was taken over from a run that was cut off', () => {
    const adopted = new Map([[eu.stack, ['aws_iam_role.forwarder', 'aws_kms_alias.topic_alias']]]);
    expect(text({ stacks: [user, eu, ap] }, { adopted }).slice(2)).toEqual([
      '',
      '  ADOPTED  regional-forwarder-eu-west-1',
      '    An earlier run had begun to create this and was cut off; it is in the state',
      '    now:',
      '    aws_iam_role.forwarder, aws_kms_alias.topic_alias',
    ]);
  });

  it('names what may be left of such a run when nobody could look for it', () => {
    const perhapsLeft = new Map([[user.stack, ['aws_kms_key.topic_key (AccessDenied)']]]);
    expect(text({ stacks: [user, eu, ap] }, { perhapsLeft }).slice(2)).toEqual([
      '',
      '  PERHAPS LEFT  bg-user',
      '    An earlier run had begun to create this and was cut off; this run could not',
      '    look for it, so please do:',
      '    aws_kms_key.topic_key (AccessDenied)',
    ]);
  });

  it('with a failed region names it, its class, its message, the next step, the log, and what is not monitored', () => {
    const coveredRegions = ['us-east-1', 'ap-south-1'];
    const next = new Map([
      [eu.stack, 'exempt the deployment role from the region’s SCP, then  npm run deploy:all -- --resume'],
    ]);
    expect(text({ stacks: [user, denied, ap], coveredRegions, exitCode: 1 }, { next })).toEqual([
      '2 of 3 stacks done in 41.2 s. 1 failed.',
      'covered 2/3 regions',
      '',
      '  FAILED  regional-forwarder-eu-west-1   permission',
      '    events:PutRule was denied by a service control policy:',
      '      User: arn:aws:sts::123456789012:assumed-role/Platform/ana is not',
      '    authorized to perform: events:PutRule',
      '    Next: exempt the deployment role from the region’s SCP, then npm run',
      '    deploy:all -- --resume',
      '    Log:  .break-glass/logs/20261120T031200Z/regional-forwarder-eu-west-1.log',
      '',
      'eu-west-1 is NOT monitored.',
      'Continue with  npm run deploy:all -- --resume',
      'Exit code 1.',
    ]);
  });

  it('after the first stack failed puts all that were skipped together', () => {
    const error = { code: 'dependency', message: 'depends on bg-user, which failed' };
    const skipped = [eu, ap].map(stack => ({ ...stack, state: 'skipped' as const, attempts: 0, error }));
    const failed = { ...user, state: 'failed' as const, error: { code: 'lock', message: 'locked by ana' } };
    const next = new Map([['bg-user', 'wait']]);
    const lines = text({ stacks: [failed, ...skipped], coveredRegions: [], exitCode: 1 }, { next });
    expect(lines).toEqual([
      '0 of 3 stacks done in 41.2 s. 1 failed. 2 skipped.',
      'covered 0/3 regions',
      '',
      '  FAILED  bg-user   lock',
      '    locked by ana',
      '    Next: wait',
      '',
      '  SKIPPED, depends on bg-user, which failed:',
      '    regional-forwarder-eu-west-1, regional-forwarder-ap-south-1',
      '',
      'us-east-1, eu-west-1, ap-south-1 are NOT monitored.',
      'Continue with  npm run deploy:all -- --resume',
      'Exit code 1.',
    ]);
  });

  it('that was interrupted says what is done, what stopped midway and what never started', () => {
    const error = { code: 'interrupted', message: 'terraform stopped after 4 of 9 resources' };
    const stacks = [
      user,
      { ...eu, state: 'cancelled' as const, error, logFile: 'eu.log' },
      { ...ap, state: 'cancelled' as const, attempts: 0, error },
    ];
    expect(text({ stacks, coveredRegions: ['us-east-1'], exitCode: 130 })).toEqual([
      'Interrupted. 1 of 3 stacks done in 41.2 s. 1 stopped midway. 1 not started.',
      'covered 1/3 regions',
      '',
      '  STOPPED MIDWAY  regional-forwarder-eu-west-1   interrupted',
      '    terraform stopped after 4 of 9 resources',
      '    Log:  eu.log',
      '',
      '  NOT STARTED:',
      '    regional-forwarder-ap-south-1',
      '',
      'eu-west-1, ap-south-1 are NOT monitored.',
      'Continue with  npm run deploy:all -- --resume',
      'Exit code 130.',
    ]);
  });

  it('of some regions claims nothing of the others', () => {
    expect(text({ stacks: [user, eu], coveredRegions: ['us-east-1', 'eu-west-1'] })).toEqual([
      '2 of 2 stacks done in 41.2 s.',
      'covered 2/3 regions',
      '',
      'Not part of this run, so nothing is known of: ap-south-1.',
    ]);
  });

  it('names no command to continue with when there is none', () => {
    expect(text({ stacks: [denied], exitCode: 1 }, { resumeCommand: null }).at(-2)).toBe('');
  });
});

describe('the end of a destruction', () => {
  it('speaks of no coverage', () => {
    const options = { mode: 'destroy' } as const;
    expect(text({ stacks: [eu, user], coveredRegions: [] }, options)).toEqual(['2 of 2 stacks destroyed in 41.2 s.']);
    const left = text({ stacks: [denied, user], coveredRegions: [], exitCode: 1 }, options);
    expect(left.join('\n')).not.toMatch(/covered|monitored/);
    expect(left.slice(-2)).toEqual(['Continue with  npm run deploy:all -- --resume', 'Exit code 1.']);
  });
});

describe('the end of a plan', () => {
  const options = { mode: 'plan' } as const;

  it('says that nothing would change only if every stack was planned', () => {
    expect(text({ stacks: [user, eu] }, options)).toEqual(['2 of 2 stacks planned in 41.2 s. Nothing would change.']);
    expect(text({ stacks: [user, denied], exitCode: 1 }, options)[0]).toBe(
      '1 of 2 stacks planned in 41.2 s. 1 failed.',
    );
  });

  it('counts what would change', () => {
    const stacks = [user, { ...eu, changes: changes(1) }];
    expect(text({ stacks, exitCode: 3, coveredRegions: [] }, options)).toEqual([
      '2 of 2 stacks planned in 41.2 s. 1 would change.',
      '',
      'Exit code 3.',
    ]);
  });
});

describe('every line', () => {
  it.each([120, 80, 40, 20])('fits into %p columns', columns => {
    const error = { code: 'dependency', message: 'depends on bg-user, which failed' };
    const stacks = [denied, { ...ap, state: 'skipped' as const, attempts: 0, error }];
    const next = new Map([[eu.stack, 'exempt the deployment role']]);
    const lines = text({ stacks, coveredRegions: [], exitCode: 1 }, { columns, next });
    expect(lines.filter(line => line.length > columns)).toEqual([]);
  });

  it('says with colour what it says without', () => {
    const stacks = [user, denied, { ...ap, state: 'cancelled' as const }];
    const coloured = text({ stacks, coveredRegions: [], exitCode: 1 }, { colour: true }).join('\n');
    expect(coloured).toContain('\u001b[31mFAILED');
    // eslint-disable-next-line no-control-regex -- escape sequences are what is taken out
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(text({ stacks, coveredRegions: [], exitCode: 1 }).join('\n'));
  });

  it('is free of escape sequences that a message brought along', () => {
    const error = { code: 'x\u001b[2K', message: '\u001b[1A\u001b[2Kcovered\r3/3 regions' };
    expect(text({ stacks: [{ ...denied, error }], coveredRegions: [], exitCode: 1 }).join('\n')).not.toMatch(
      // eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
      /[\u001b\r]/,
    );
  });
});
