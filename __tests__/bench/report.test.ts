import { describe, expect, it } from '@jest/globals';
import { chartOf } from '../../scripts/bench/chart.ts';
import { readmeOf } from '../../scripts/bench/readme.ts';
import { markdownTable, scenarioTable, targetTable, textTable } from '../../scripts/bench/table.ts';
import { benchResults, benchRun } from './results.ts';

const deploy = { phase: 'deploy', latencyMs: 0, title: 'Fresh deployment' } as const;

const results = benchResults({
  runs: [
    benchRun({ wallSeconds: 30, cpuSeconds: 51 }),
    benchRun({ variant: 'loop', wallSeconds: 150, cpuSeconds: 170, peakMemoryBytes: 4e8, httpCalls: 498 }),
    benchRun({ variant: 'cdktf', wallSeconds: 99, failure: 'cdktf deploy ended with 1:\n| `boom`' }),
    benchRun({ regions: 32, wallSeconds: 60 }),
  ],
  notRun: [{ variant: 'loop', regions: 32, latencyMs: 0, why: 'takes very long; measured with --full' }],
});

describe('a table', () => {
  it('says FAILED and not run where there is no number, and nothing where nothing was asked for', () => {
    expect(scenarioTable(results, deploy).slice(1)).toEqual([
      ['16', 'ours', '30.0', '51.0', '3.0', '3.5', '500', ''],
      ['16', 'loop', '150.0', '170.0', '10.0', '0.4', '498', 'wall x 5.0, CPU x 3.3'],
      ['16', 'cdktf', 'FAILED', '', '', '', '', ''],
      ['32', 'ours', '60.0', '51.0', '1.5', '3.5', '500', ''],
      ['32', 'loop', 'not run', '', '', '', '', ''],
    ]);
  });

  it('rounds a target to our disadvantage, so that no figure contradicts its verdict', () => {
    const target = { text: 't', unit: 'times' };
    expect(
      targetTable([
        { ...target, measured: 3.998, limit: 4, least: true },
        { ...target, measured: 4, limit: 4, least: true },
        { ...target, measured: 1.3001, limit: 1.3, least: false },
        { ...target, measured: 1.1, limit: 1.1, least: false },
      ])
        .slice(1)
        .map(row => row.slice(1).join(', ')),
    ).toEqual([
      'at least 4 times, 3.99 times, NOT met',
      'at least 4 times, 4.00 times, met',
      'at most 1.3 times, 1.31 times, NOT met',
      'at most 1.1 times, 1.10 times, met',
    ]);
  });

  it('is aligned for a terminal, numbers to the right', () => {
    const table = [
      ['n', 'name', 'wall s'],
      ['1', 'ours', '9.5'],
      ['16', 'loop', '110.0'],
    ];
    expect(textTable(table)).toBe(['n   name  wall s', ' 1  ours     9.5', '16  loop   110.0'].join('\n'));
  });

  it('is Markdown for the report', () => {
    expect(
      markdownTable([
        ['n', 'a|b'],
        ['1', 'x|y'],
      ]),
    ).toBe('| n | a\\|b |\n| ---: | --- |\n| 1 | x\\|y |');
  });
});

describe('the report', () => {
  const readme = readmeOf(results, [{ name: 'ours', description: 'what ours does', prepare: () => never() }]);

  it('names machine, versions, date and the command that repeats it', () => {
    expect(readme).toContain('- 2 cores (Test <CPU> & more, SHA instructions: no), 24 GiB, Linux 6.1');
    expect(readme).toContain(
      '- aws-break-glass 0.1.0, Node 20.9.0, Terraform 1.11.4, AWS provider 5.100.0, cdktf-cli 0.21.0',
    );
    expect(readme).toContain('- 2026-11-20; ours ran up to 4 stacks at a time, by its default');
    expect(readme).toContain('(2: 31.0 s, 4: 28.0 s)');
    expect(readme).toContain('npm ci\nnpm run bench -- --seed 7\n');
    expect(readme).toContain('- **ours**: what ours does.');
  });

  it('says which targets are met and which are not', () => {
    expect(readme).toContain('| faster than the loop | at least 5 times | 5.00 times | met |');
    expect(readme).toContain('| faster than cdktf deploy | at least 3.5 times |  | not measured |');
  });

  it('lists what failed, with its reason, and what was not run', () => {
    expect(readme).toContain(
      "- cdktf, 16 regions, deploy, 0 ms, run 1:\n\n  ```\n  cdktf deploy ended with 1:\n  | 'boom'\n  ```",
    );
    expect(readme).toContain('- loop, 32 regions: takes very long; measured with --full');
  });

  it('says what was left out of the deployment', () => {
    expect(readme).toContain('Each region has dead-letter queues, as by default.');
    expect(readmeOf(benchResults({ deadLetterQueues: false }), [])).toContain('**Without the dead-letter queues**');
  });

  it('says when the machine was busy with other work', () => {
    expect(readme).toContain('The machine was quiet: other work took at most 1 % of it');
    const busy = readmeOf(benchResults({ runs: [benchRun({ otherWork: 0.3 })] }), []);
    expect(busy).toContain('**The machine was NOT quiet**: other work took at most 30 % of it');
    expect(busy).toContain('Compare ratios of neighbours, not seconds.');
  });

  it('says when the machine was not equally fast all the time', () => {
    expect(readme).toContain('Its speed was steady');
    const runs = [0.5, 0.7].map(calibrationSeconds => benchRun({ calibrationSeconds }));
    const uneven = readmeOf(benchResults({ runs }), []);
    expect(uneven).toContain('**Its speed was NOT steady**: a fixed piece of work before each measurement');
    expect(uneven).toContain('took 0.50 to 0.70 s. Compare ratios of neighbours, not seconds.');
  });
});

describe('the chart', () => {
  const chart = chartOf(results);

  it('has a bar for wall and one for CPU, and their figures as text', () => {
    expect(chart).toContain('>Fresh deployment, 16 regions</text>');
    expect(chart).toContain('>150.0 s</text>');
    expect(chart).toContain('>170.0 s</text>');
    // Two background bars per measured variant: 16 ours and loop, 32 ours; and the background itself.
    expect(chart.match(/<rect /g)).toHaveLength(2 * 3 + 1);
  });

  it('says where there is no figure instead of a bar', () => {
    expect(chart.match(/>no figure</g)).toHaveLength(2);
  });

  it('draws a bar five times as long for five times as much', () => {
    const width = (label: string) => {
      const lines = chart.split('\n');
      const index = lines.findIndex(line => line.includes(`>${label}</text>`));
      return Number(/width="([\d.]+)"/.exec(lines[index - 1] ?? '')?.[1]);
    };
    expect(width('150.0 s') / width('30.0 s')).toBeCloseTo(5, 1);
  });

  it('is valid XML, whatever the name of the processor', () => {
    expect(chart).toContain('Test &lt;CPU> &amp; more');
  });
});

function never(): never {
  throw new Error('the report prepares nothing');
}
