import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { benchNeedsLinux, benchResultsUnreadable } from '../src/errors.ts';
import { createInterrupt } from '../src/rollout/interrupt.ts';
import { scenariosOf } from './bench/cells.ts';
import { benchOptions } from './bench/options.ts';
import { runBench, writeReport } from './bench/run.ts';
import { scenarioTable, targetTable, textTable } from './bench/table.ts';
import { targetsOf } from './bench/targets.ts';
import type { BenchResults } from './bench/types.ts';
import { main } from './cli/main.ts';
import { PROJECT_ROOT } from './cli/rollout.ts';

const INTERRUPTED = 130;

await main(async () => {
  const options = benchOptions(process.argv.slice(2));
  if (options === null) return 0;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  if (options.render) return report(options.out, earlier(join(options.out, 'results.json')), say);

  if (process.platform !== 'linux') throw benchNeedsLinux(process.platform);
  say(`Order by --seed ${options.seed}. Nothing else should run on this machine meanwhile.`);
  const interrupt = createInterrupt();
  try {
    const { signal } = interrupt;
    const before = options.add ? earlier(join(options.out, 'results.json')) : null;
    const results = await runBench(options, { root: PROJECT_ROOT, say, signal }, before);
    if (!signal.aborted) return report(options.out, results, say);
    say('Interrupted: nothing was written.');
    return INTERRUPTED;
  } finally {
    interrupt.dispose();
  }
});

function report(out: string, results: BenchResults, say: (text: string) => void): number {
  writeReport(out, results);
  for (const scenario of scenariosOf(results.runs)) {
    say(`\n${scenario.title}\n${textTable(scenarioTable(results, scenario))}`);
  }
  say(`\nTargets, at 16 regions\n${textTable(targetTable(targetsOf(results)))}`);
  const failed = results.runs.filter(run => run.failure !== null).length;
  say(
    `\n${results.runs.length - failed} measurements, ${failed} failed. Report: ${relative('.', join(out, 'README.md'))}`,
  );
  return failed === 0 ? 0 : 1;
}

function earlier(file: string): BenchResults {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BenchResults;
  } catch (error) {
    throw benchResultsUnreadable(file, error instanceof Error ? error.message : String(error));
  }
}
