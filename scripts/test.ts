import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { findPython } from '../emulator/find-python.ts';
import { findTerraform } from '../src/terraform/find-terraform.ts';
import { main } from './cli/main.ts';
import { countsOf, type Counts } from './cli/test-counts.ts';

const CHECKS = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'eslint', ['.']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['unused code', 'knip', ['--include', 'files,dependencies,unlisted,exports']],
] as const;

/** `npm test`: static checks, unit tests, end-to-end tests. The last line is the counts of all tests together. */
await main(async () => {
  const wanted = process.argv.slice(2);
  const results = mkdtempSync(join(tmpdir(), 'break-glass-test-'));
  try {
    // Both are needed by the end-to-end tests: said now, by name, and not after minutes.
    await findTerraform(process.env);
    await findPython({ env: process.env, onNotice: notice => process.stderr.write(`${notice}\n`) });
    let failedChecks = 0;
    for (const [title, tool, args] of wanted.length > 0 ? [] : CHECKS) failedChecks += await check(title, tool, args);
    const unit = await jest(['unit', 'cdktn'], [...wanted], results);
    // One after another: each of them fills both cores with terraform.
    const e2e = await jest(['e2e'], ['--runInBand', ...wanted], results);
    const passed = unit.passed + e2e.passed;
    const failed = unit.failed + e2e.failed;
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed + failedChecks === 0 && passed > 0 ? 0 : 1;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
});

async function check(title: string, tool: string, args: readonly string[]): Promise<number> {
  process.stdout.write(`${title} …\n`);
  const { exitCode } = await execa(tool, args, { preferLocal: true, stdio: 'inherit', reject: false });
  return exitCode === 0 ? 0 : 1;
}

async function jest(projects: readonly string[], args: readonly string[], results: string): Promise<Counts> {
  const outputFile = join(results, `${projects[0]}.json`);
  const { exitCode } = await execa(
    'jest',
    [...args, '--selectProjects', ...projects, '--passWithNoTests', '--json', `--outputFile=${outputFile}`],
    {
      preferLocal: true,
      stdin: 'ignore',
      // Jest prints its JSON on standard output too, although a file is named.
      stdout: 'ignore',
      stderr: 'inherit',
      reject: false,
      env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    },
  );
  return countsOf(readFileSync(outputFile, 'utf8'), exitCode ?? 1);
}
