import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cellOf, type Cell } from '../../scripts/bench/cells.ts';
import { VARIANTS, type BenchResults, type Phase } from '../../scripts/bench/types.ts';

const REGIONS = 16;
const SLOW_CALLS_MS = 100;

describe('the figures in README', () => {
  const runsOf = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as BenchResults).runs;
  const runs = runsOf('docs/benchmarks/results.json');
  const withQueues = runsOf('docs/benchmarks/with-queues/results.json');
  const readme = readFileSync('README.md', 'utf8');
  const wall = (phase: Phase, latencyMs = 0, measured = runs) =>
    row(phase, latencyMs, ({ wallSeconds }) => wallSeconds.toFixed(0), measured);

  it('are those of the report', () => {
    const table = /<!-- bench:start -->\n([^]*?)\n<!-- bench:end -->/.exec(readme)?.[1] ?? '';
    const figures = table
      .split('\n')
      .slice(2)
      .map(line =>
        line
          .split('|')
          .slice(2, -1)
          .map(cell => cell.trim()),
      );
    expect(figures).toEqual([
      wall('deploy', 0, withQueues),
      wall('deploy'),
      wall('deploy', SLOW_CALLS_MS),
      wall('no-op'),
      wall('destroy'),
      row('deploy', 0, ({ cpuPerRegion }) => cpuPerRegion.toFixed(1)),
      row('deploy', 0, ({ peakMemoryBytes }) => (peakMemoryBytes / 1e9).toFixed(1)),
    ]);
  });

  function row(phase: Phase, latencyMs: number, text: (cell: Cell) => string, measured = runs): string[] {
    return VARIANTS.map(variant => {
      const cell = cellOf(measured, variant, REGIONS, phase, latencyMs);
      return cell === null ? 'not measured' : text(cell);
    });
  }
});
