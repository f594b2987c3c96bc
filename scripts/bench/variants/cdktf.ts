import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../modules.ts';
import { forwarderStackId, PRIMARY_STACK_ID } from '../../../src/stacks/ids.ts';
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
    synthesize(join(folder, 'cdktf.out'), secondaryRegions);
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
