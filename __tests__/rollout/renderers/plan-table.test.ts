import { describe, expect, it } from '@jest/globals';
import { planTable } from '../../../src/rollout/renderers/plan-table.ts';
import { changes, result } from '../helpers.ts';

const results = [
  result('bg-user', 'succeeded', { changes: changes(1, 2, 30) }),
  result('regional-forwarder-111122223333-eu-west-1'),
  result('bg-role', 'failed', { error: { code: 'permission', message: 'denied' } }),
];
const details = new Map([
  [
    'bg-user',
    [
      { address: 'aws_sns_topic.alerts', action: 'create' },
      { address: 'aws_iam_user.user["a"]', action: 'update' },
      { address: 'aws_kms_key.key', action: 'replace' },
      { address: 'aws_sns_topic_subscription.mail', action: 'delete' },
    ],
  ],
]);

describe('the table of a plan', () => {
  it('shows each stack, the total, and the resources of those that would change', () => {
    expect(planTable({ results, details, columns: 80, colour: false })).toEqual([
      '  stack                                         add  change  remove',
      '  bg-user                                         1       2      30',
      '  regional-forwarder-111122223333-eu-west-1       0       0       0',
      '  bg-role                                    failed: permission',
      '  total                                           1       2      30',
      '',
      '  bg-user',
      '    create   aws_sns_topic.alerts',
      '    update   aws_iam_user.user["a"]',
      '    replace  aws_kms_key.key',
      '    delete   aws_sns_topic_subscription.mail',
    ]);
  });

  it('totals nothing when nothing is known', () => {
    const [failed] = results.slice(2);
    expect(planTable({ results: failed ? [failed] : [], details, columns: 80, colour: false })).toEqual([
      '  stack       add  change  remove',
      '  bg-role  failed: permission',
    ]);
  });

  it.each([60, 50, 40, 34])('fits into %p columns', columns => {
    const lines = planTable({ results, details, columns, colour: false });
    expect(lines.filter(line => line.length > columns)).toEqual([]);
    expect(lines[1]).toMatch(/1 {7}2 {6}30$/);
  });

  it('says with colour what it says without', () => {
    const coloured = planTable({ results, details, columns: 80, colour: true }).join('\n');
    expect(coloured).toContain('\u001b[');
    // eslint-disable-next-line no-control-regex -- escape sequences are what is taken out
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(
      planTable({ results, details, columns: 80, colour: false }).join('\n'),
    );
  });
});
