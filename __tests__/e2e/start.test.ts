import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { checkout } from './support/checkout.ts';

jest.setTimeout(300_000);

describe('npm start', () => {
  it('tells the whole story on all 17 regions, ends with the two promised lines and leaves nothing running', async () => {
    const project = checkout();
    try {
      const before = readdirSync(project.root);
      const { AWS_PROFILE: _profile, ...env } = process.env;
      const result = await project.script('start', [], env);

      expect(result.stderr).toBe('');
      expect(result.exitCode).toBe(0);
      expect(result.stdout.split('\n').slice(-2)).toEqual(['covered 17/17 regions', 'alerts delivered 51/51']);
      expect(result.stdout).toContain('BREAK GLASS: sign-in by BreakglassUser, ConsoleLogin Success');
      expect(result.stdout).toContain('18 of 18 stacks destroyed');
      for (const step of ['1  Emulator', '2  Discover', '3  Plan', '4  Deploy', '5  Drill', '6  Destroy']) {
        expect(result.stdout).toContain(step);
      }

      const endpoint = /ready at (http:\S+)/.exec(result.stdout)?.[1] ?? '';
      await expect(fetch(endpoint)).rejects.toThrow();
      // Only what git ignores was added, and no state survives its emulator.
      expect(readdirSync(project.root).filter(name => !before.includes(name))).toEqual(['.break-glass']);
      expect(existsSync(join(project.root, '.break-glass/demo/state'))).toBe(false);
    } finally {
      project.remove();
    }
  });

  it('with --keep leaves the emulator and the deployment up, and says how to use and stop them', async () => {
    const project = checkout();
    let pid = 0;
    try {
      const result = await project.script('start', ['--keep', '--regions', 'us-east-1,eu-west-1'], process.env);
      pid = Number(/kill (\d+)/.exec(result.stdout)?.[1]);
      expect(result.exitCode).toBe(0);
      expect(result.stdout).toContain('covered 2/17 regions');
      expect(result.stdout.split('\n').at(-1)).toBe('alerts delivered 6/6');

      const exports = /export (AWS_ENDPOINT_URL=.*)$/m.exec(result.stdout)?.[1] ?? '';
      const kept = Object.fromEntries(exports.split(' ').map(pair => pair.split('=') as [string, string]));
      const { ok } = await fetch(String(kept.AWS_ENDPOINT_URL) + '/moto-api/data.json');
      expect(ok).toBe(true);
      expect(existsSync(join(project.root, '.break-glass/demo/state/bg-user.tfstate'))).toBe(true);
    } finally {
      if (pid > 0) process.kill(pid);
      project.remove();
    }
  });
});
