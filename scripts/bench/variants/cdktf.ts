import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../modules.ts';
import { forwarderStackId, PRIMARY_STACK_ID, ROLE_STACK_ID } from '../../../src/stacks/ids.ts';
import type { Step } from '../types.ts';
import type { Site, Steps, Variant } from './variant.ts';

/** Its own settings, not the project's; the app never runs. */
const SETTINGS = {
  language: 'typescript',
  app: 'node --version',
  projectId: 'bench',
  sendCrashReports: 'false',
  terraformProviders: [],
  terraformModules: [],
};

export const cdktf: Variant = {
  name: 'cdktf',
  description:
    '`cdktf deploy --auto-approve --skip-synth --skip-provider-lock` at its best parallelism, on stacks that are synthesized beforehand',
  prepare(site: Site): Steps {
    const { folder, secondaryRegions } = site;
    synthesize(join(folder, 'cdktf.out'), site);
    leaveOut(ROLE_STACK_ID, join(folder, 'cdktf.out', 'manifest.json'));
    writeFileSync(join(folder, 'cdktf.json'), JSON.stringify(SETTINGS));
    const stacks = [PRIMARY_STACK_ID, ...secondaryRegions.map(forwarderStackId)];
    const flags = ['--auto-approve', '--skip-synth', '--skip-provider-lock'];
    const run = (command: string): Step => ({
      command: process.execPath,
      args: [
        join(site.nodeModules, 'cdktf-cli', 'bundle', 'bin', 'cdktf'),
        command,
        ...stacks,
        ...flags,
        ...['--parallelism', String(site.cdktfParallelism)],
      ],
      cwd: folder,
      // It would else put its cache into the home folder.
      env: { ...site.env, TF_PLUGIN_CACHE_DIR: join(folder, '..', 'plugin-cache') },
    });
    return { deploy: [run('deploy')], 'no-op': [run('deploy')], destroy: [run('destroy')] };
  },
};

/**
 * `cdktf destroy` insists on the stacks that depend on the named ones, deployed or not; told to ignore them it starts the
 * same stack again and again without end (0.21.0).
 */
function leaveOut(stack: string, manifestFile: string): void {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { stacks: Record<string, unknown> };
  delete manifest.stacks[stack];
  writeFileSync(manifestFile, JSON.stringify(manifest));
}
