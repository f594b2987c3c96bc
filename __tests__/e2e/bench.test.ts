import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { measure } from '../../scripts/bench/measure.ts';
import type { BenchResults } from '../../scripts/bench/types.ts';

jest.setTimeout(240_000);

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'break-glass-bench-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bench = (...args: string[]) =>
  execa(process.execPath, ['--import', 'tsx', 'scripts/bench.ts', '--out', folder, ...args], {
    cwd: PROJECT,
    env: { NODE_OPTIONS: '' },
    stdin: 'ignore',
    reject: false,
  });

if (process.platform === 'linux') {
  describe('npm run bench', () => {
    it('deploys by our rollout and by the loop, checks what both left, and writes the report', async () => {
      const flags = ['--regions', '1', '--variants', 'ours,loop', '--phases', 'deploy', '--latency-ms', '0'];
      const { exitCode, stdout, stderr } = await bench(...flags);
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('2 measurements, 0 failed.');

      const { runs } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as BenchResults;
      expect(runs.map(({ variant, failure }) => `${variant} ${failure}`).sort()).toEqual(['loop null', 'ours null']);
      for (const run of runs) {
        // Two stacks, each of which needs more than a second of a processor and 400 MB on any machine.
        expect(run.cpuSeconds).toBeGreaterThan(2);
        expect(run.peakMemoryBytes).toBeGreaterThan(2e8);
        expect(run.httpCalls).toBeGreaterThan(40);
      }
      const report = ['README.md', 'chart.svg', 'results.json'].map(file => readFileSync(join(folder, file), 'utf8'));
      for (const text of report) expect(text).not.toMatch(/\/(tmp|home|root|Users)\//);
    });
  });

  describe('a measurement', () => {
    const options = () => ({
      logFile: join(folder, 'steps.log'),
      emulatorPid: process.pid,
      cores: 2,
      limitMs: 60_000,
      signal: new AbortController().signal,
    });
    const node = (code: string) => ({
      command: process.execPath,
      args: ['-e', code],
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
    });
    const BURN = 'const end = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < end);';

    it('counts the processor time of a detached grandchild too', async () => {
      const code = `const { spawn } = require('child_process');
        spawn(process.execPath, ['-e', ${JSON.stringify(BURN)}], { detached: true })`;
      const { cpuSeconds, failure } = await measure([node(code), node(code)], options());
      expect(failure).toBeNull();
      expect(cpuSeconds).toBeGreaterThan(0.8);
    });

    it('stops at the first step that fails, and says what it said without its folders', async () => {
      const steps = [
        node('console.log("it broke"); process.exit(3)'),
        node('require("fs").writeFileSync("second", "")'),
      ];
      const { failure } = await measure(steps, options());
      expect(failure).toContain('ended with 3:\nit broke');
      expect(existsSync(join(folder, 'second'))).toBe(false);
    });

    it('is a failure when a process stays behind, for its time would be missing', async () => {
      const code = `const { spawn } = require('child_process');
        const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
        require('fs').writeFileSync('pid', String(child.pid));
        child.unref();
        setTimeout(() => process.exit(0), 1500);`;
      const { failure } = await measure([node(code)], options());
      process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')));
      expect(failure).toContain('left processes behind: sleep');
    });

    it('kills a step that does not end, with all that it started', async () => {
      const code = `const child = require('child_process').spawn('sleep', ['30'], { detached: true });
        require('fs').writeFileSync('pid', String(child.pid))`;
      const { failure } = await measure([node(code)], { ...options(), limitMs: 1000 });
      expect(failure).toMatch(/ did not end within 0 minutes$/);
      const stat = `/proc/${readFileSync(join(folder, 'pid'), 'utf8')}/stat`;
      expect(existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ')).toBe(false);
    });

    it('is a failure when the program does not exist', async () => {
      const step = { ...node(''), command: join(folder, 'missing') };
      const { failure } = await measure([step], options());
      expect(failure).toMatch(/^missing -e {1,2}did not start: .*ENOENT/);
    });
  });
} else {
  describe('npm run bench', () => {
    it('says that it needs Linux', () => {
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/bench.ts'], { cwd: PROJECT });
      expect(status).toBe(2);
      expect(String(stderr)).toContain('The benchmark runs on Linux only');
    });
  });
}
