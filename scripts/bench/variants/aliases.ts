import { ACCOUNT } from '../account.ts';
import { PRIMARY_REGION, writeConfiguration } from '../modules.ts';
import type { Step } from '../types.ts';
import type { Site, Steps, Variant } from './variant.ts';

export const aliases: Variant = {
  name: 'aliases',
  description:
    'one state that holds all regions by provider aliases: `terraform init`, `apply -auto-approve`, with the same garbage collector settings as ours',
  prepare(site: Site): Steps {
    const { folder, modules, secondaryRegions } = site;
    writeConfiguration(folder, modules, configurationOf(secondaryRegions));
    const step = (...args: string[]): Step => ({
      command: site.terraform,
      args: [...args, '-input=false'],
      cwd: folder,
      env: { ...site.env, ...site.collector },
    });
    const deploy = [step('init'), step('apply', '-auto-approve')];
    return { deploy, 'no-op': deploy, destroy: [step('destroy', '-auto-approve')] };
  },
};

function configurationOf(secondaryRegions: readonly string[]) {
  const provider = (region: string) => ({ region, allowed_account_ids: [ACCOUNT], skip_region_validation: true });
  const forwarders = secondaryRegions.map(region => [
    `forwarder_${region}`,
    { source: './forwarder', region, providers: { aws: `aws.${region}` } },
  ]);
  return {
    provider: {
      aws: [provider(PRIMARY_REGION), ...secondaryRegions.map(region => ({ ...provider(region), alias: region }))],
    },
    module: { primary: { source: './primary' }, ...Object.fromEntries(forwarders) },
  };
}
