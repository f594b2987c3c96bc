import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { forwarderModule, synthesizedModules } from '../../scripts/bench/modules.ts';
import { expectedRules, wrongResult } from '../../scripts/bench/verify.ts';

const stack = (region: string, extra = {}) => ({
  '//': { metadata: { stackName: region } },
  provider: { aws: [{ region }] },
  resource: { aws_iam_role: { role: { '//': { path: region }, name: `Forwarder-${region}`, ...extra } } },
  terraform: { backend: { local: { path: region } }, required_version: '>= 1.10.0' },
  variable: { primary: { type: 'string' } },
});

describe('the module of a forwarder', () => {
  it('takes the region as a variable and leaves provider, backend and notes to the root', () => {
    expect(forwarderModule(new Map([['eu-west-1', stack('eu-west-1')]]))).toEqual({
      resource: { aws_iam_role: { role: { name: 'Forwarder-${var.region}' } } },
      terraform: { required_version: '>= 1.10.0' },
      variable: { primary: { type: 'string' }, region: { type: 'string' } },
    });
  });

  it('is refused when one module could not stand for all regions', () => {
    const stacks = new Map([
      ['eu-west-1', stack('eu-west-1')],
      ['us-west-2', stack('us-west-2', { path: '/special/' })],
    ]);
    expect(() => forwarderModule(stacks)).toThrow('differ in more than the name of the region');
  });

  it('is the same for every region of the real stacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'break-glass-bench-modules-'));
    try {
      const modules = synthesizedModules(join(folder, 'out'), {
        secondaryRegions: ['eu-west-1', 'ap-southeast-1'],
        queues: true,
      });
      expect(JSON.stringify(modules.forwarder)).not.toMatch(/eu-west-1|ap-southeast-1|"provider"|"backend"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the rules of a region', () => {
  it('are as many as its stack holds', () => {
    const rules = (...names: string[]) => ({
      resource: { aws_cloudwatch_event_rule: Object.fromEntries(names.map(name => [name, {}])) },
    });
    const modules = { primary: rules('a', 'b', 'c'), forwarder: rules('a', 'b') };
    expect(expectedRules(modules, ['eu-west-1', 'us-west-2'])).toEqual({
      'us-east-1': 3,
      'eu-west-1': 2,
      'us-west-2': 2,
    });
  });
});

describe('a phase that ended well', () => {
  const expected = { 'us-east-1': 1, 'eu-west-1': 1 };
  const rules = ['us-east-1 | rule', 'eu-west-1 | rule'];
  const good = { rulesByRegion: expected, lines: rules };

  it('counts when every region has its rules and all variants left the same', () => {
    expect(wrongResult('deploy', good, expected, null)).toBeNull();
    expect(wrongResult('no-op', good, expected, good)).toBeNull();
  });

  it('does not count when a region has no rules', () => {
    const missing = { rulesByRegion: { 'us-east-1': 1, 'eu-west-1': 0 }, lines: rules.slice(0, 1) };
    expect(wrongResult('deploy', missing, expected, null)).toBe('ended well, but rules are missing: eu-west-1 0 of 1');
  });

  it('does not count when it deployed something else than the first variant', () => {
    const other = { rulesByRegion: expected, lines: ['us-east-1 | rule', 'eu-west-1 | other'] };
    expect(wrongResult('deploy', other, expected, good)).toBe(
      'deployed something else than the others, only here: eu-west-1 | other',
    );
  });

  it('does not count as a teardown when anything is left', () => {
    expect(wrongResult('destroy', { rulesByRegion: {}, lines: [] }, expected, good)).toBeNull();
    expect(wrongResult('destroy', { rulesByRegion: {}, lines: ['role R'] }, expected, good)).toBe(
      'left behind: role R',
    );
  });
});
