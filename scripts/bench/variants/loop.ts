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

/**
 * The terraform commands of the original's deploy-all-regions.sh and destroy-all-regions.sh, in their order; its
 * `aws ec2 describe-regions` per region and its progress bar, which ends up to half a second late, are left out.
 * https://github.com/aws-samples/aws-cross-account-break-glass-example/tree/main/bg-user
 */
export const loop: Variant = {
  name: 'loop',
  description:
    'the terraform commands of the original’s scripts, one folder with a region variable: `init` and `validate` once, then region after region `workspace select || workspace new` and `apply -auto-approve`; down again with `workspace list`, `select`, `destroy`, `select default`, `delete`',
  prepare(site: Site): Steps {
    const { folder, modules, secondaryRegions, terraform } = site;
    writeConfiguration(folder, modules, CONFIGURATION);
    const step = (args: readonly string[], region = PRIMARY_REGION): Step => ({
      command: terraform,
      args,
      cwd: folder,
      env: { ...site.env, AWS_REGION: region, AWS_DEFAULT_REGION: region, TF_VAR_region: region },
    });
    const select = (region: string): Step => step(['workspace', 'select', region], region);
    const auto = (command: string, region: string): Step => step([command, '-input=false', '-auto-approve'], region);
    const begin = [step(['init', '-input=false']), step(['validate'])];
    const regions = [PRIMARY_REGION, ...secondaryRegions];
    return {
      deploy: [
        ...begin,
        ...regions.flatMap(region => [
          { ...select(region), mayFail: true as const },
          step(['workspace', 'new', region], region),
          auto('apply', region),
        ]),
      ],
      'no-op': [...begin, ...regions.flatMap(region => [select(region), auto('apply', region)])],
      destroy: [...secondaryRegions, PRIMARY_REGION].flatMap(region => [
        step(['workspace', 'list']),
        select(region),
        auto('destroy', region),
        select('default'),
        step(['workspace', 'delete', region], region),
      ]),
    };
  },
};
