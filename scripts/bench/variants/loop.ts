import { ACCOUNT } from '../account.ts';
import { PRIMARY_REGION, writeConfiguration } from '../modules.ts';
import type { Step } from '../types.ts';
import type { Site, Steps, Variant } from './variant.ts';

const CONFIGURATION = {
  variable: { region: { type: 'string' } },
  provider: { aws: [{ region: '${var.region}', allowed_account_ids: [ACCOUNT], skip_region_validation: true }] },
  module: {
    primary: { source: './primary', count: `\${var.region == "${PRIMARY_REGION}" ? 1 : 0}` },
    forwarder: {
      source: './forwarder',
      count: `\${var.region == "${PRIMARY_REGION}" ? 0 : 1}`,
      region: '${var.region}',
    },
  },
};

/** As the original's deploy-all-regions.sh works. It starts with `workspace select`, which a fresh run is spared here. */
export const loop: Variant = {
  name: 'loop',
  description:
    'one folder with a region variable: `terraform init` and `validate` once, then region after region `workspace new` (or `select`) and `apply -auto-approve`',
  prepare(site: Site): Steps {
    const { folder, modules, secondaryRegions, terraform } = site;
    writeConfiguration(folder, modules, CONFIGURATION);
    const step = (args: readonly string[], region = PRIMARY_REGION): Step => ({
      command: terraform,
      args,
      cwd: folder,
      env: { ...site.env, AWS_REGION: region, AWS_DEFAULT_REGION: region, TF_VAR_region: region },
    });
    const each = (regions: readonly string[], workspace: 'new' | 'select', command: string): Step[] =>
      regions.flatMap(region => [
        step(['workspace', workspace, region], region),
        step([command, '-input=false', '-auto-approve'], region),
      ]);
    const begin = [step(['init', '-input=false']), step(['validate'])];
    const regions = [PRIMARY_REGION, ...secondaryRegions];
    return {
      deploy: [...begin, ...each(regions, 'new', 'apply')],
      'no-op': [...begin, ...each(regions, 'select', 'apply')],
      destroy: each([...secondaryRegions, PRIMARY_REGION], 'select', 'destroy'),
    };
  },
};
