import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchConfig } from '../modules.ts';
import type { Step } from '../types.ts';
import type { Site, Steps, Variant } from './variant.ts';

/** What a copy needs to run deploy:all. */
export const PROJECT_FILES = ['package.json', 'tsconfig.json', 'src', 'scripts', 'emulator'] as const;

const CONFIG = 'bench.config.json';

export const ours: Variant = {
  name: 'ours',
  description:
    '`npm run deploy:all`, `destroy:all` with their defaults: the same node process, synthesis, preflight and the check of the provider included',
  prepare(site: Site): Steps {
    cpSync(site.project, site.folder, { recursive: true });
    symlinkSync(site.nodeModules, join(site.folder, 'node_modules'), 'dir');
    writeFileSync(join(site.folder, CONFIG), JSON.stringify(benchConfig(site)));
    const run = (script: string): Step => ({
      command: process.execPath,
      args: ['--import', 'tsx', script, '--yes', '--config', CONFIG],
      cwd: site.folder,
      env: site.env,
    });
    const deploy = [run('scripts/deploy-all-regions.ts')];
    return { deploy, 'no-op': deploy, destroy: [run('scripts/destroy-all-regions.ts')] };
  },
};
