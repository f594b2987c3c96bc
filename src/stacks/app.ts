import { mkdirSync } from 'node:fs';
import { App, type TerraformStack } from '../cdktf.ts';
import { partitionOf } from '../config/regions.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { TERRAFORM_CONSTRAINT } from '../config/versions.ts';
import { AccountForwarderStack } from './account-forwarder-stack.ts';
import { BgRoleStack } from './bg-role-stack.ts';
import { BgUserStack } from './bg-user-stack.ts';
import { accountForwarderStackId, forwarderStackId, PRIMARY_STACK_ID, roleStackId, ROLE_STACK_ID } from './ids.ts';
import { RegionalForwarderStack } from './regional-forwarder-stack.ts';
import { StandbyRegionStack } from './standby-region-stack.ts';
import { monitoredRoles } from '../config/watch.ts';

export interface AppProps {
  readonly config: BreakGlassConfig;
  /** Regions beside the primary that get a forwarder. */
  readonly secondaryRegions: readonly string[];
  /**
   * Regions of each account with a monitored role, by its id.
   * @default - those of the security account: synthesis without a network can't ask
   */
  readonly roleRegions?: RoleRegions | undefined;
  /** @default - `CDKTF_OUTDIR`, else `cdktf.out` */
  readonly outdir?: string;
}

/** Account id to the regions that are enabled in it. */
export type RoleRegions = Readonly<Record<string, readonly string[]>>;

/** Every stack of a deployment, in dependency order. Needs no credentials, network or clock. */
export function createApp({ config, secondaryRegions, roleRegions, outdir }: AppProps): App {
  if (outdir !== undefined) mkdirSync(outdir, { recursive: true });
  // cdktf 0.21 ignores the context; its continuation refuses S3's native locks without it.
  const context = { targetVersions: { terraform: TERRAFORM_CONSTRAINT, opentofu: TERRAFORM_CONSTRAINT } };
  const app = new App({ context, ...(outdir === undefined ? {} : { outdir }) });
  const partition = partitionOf(config.primaryRegion) ?? 'aws';
  const primary = new BgUserStack(app, PRIMARY_STACK_ID, config, partition);
  let standby: TerraformStack | null = null;
  for (const region of secondaryRegions) {
    const id = forwarderStackId(region);
    const isStandby = region === config.standbyRegion;
    const forwarder = isStandby
      ? new StandbyRegionStack(app, id, config, partition, region)
      : new RegionalForwarderStack(app, id, config, partition, region);
    forwarder.addDependency(primary);
    if (isStandby) standby = forwarder;
  }
  const { elsewhere } = monitoredRoles(config, partition);
  for (const role of config.roles) {
    new BgRoleStack(app, roleStackId(role.accountId), config, partition, role).addDependency(primary);
    if (!elsewhere.some(({ accountId }) => accountId === role.accountId)) continue;
    for (const region of roleRegions?.[role.accountId] ?? [...secondaryRegions, config.primaryRegion].sort()) {
      const id = accountForwarderStackId(role.accountId, region);
      const forwarder = new AccountForwarderStack(app, id, config, partition, role, region);
      // A bus takes events of another account only once its policy says so.
      forwarder.addDependency(primary);
      if (standby !== null) forwarder.addDependency(standby);
    }
  }
  new BgRoleStack(app, ROLE_STACK_ID, config, partition, null).addDependency(primary);
  return app;
}
