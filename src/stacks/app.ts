import { mkdirSync } from 'node:fs';
import { App } from '../cdktf.ts';
import { partitionOf } from '../config/regions.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { TERRAFORM_CONSTRAINT } from '../config/versions.ts';
import { BgRoleStack } from './bg-role-stack.ts';
import { BgUserStack } from './bg-user-stack.ts';
import { forwarderStackId, PRIMARY_STACK_ID, roleStackId, ROLE_STACK_ID } from './ids.ts';
import { RegionalForwarderStack } from './regional-forwarder-stack.ts';

export interface AppProps {
  readonly config: BreakGlassConfig;
  /** Regions beside the primary that get a forwarder. */
  readonly secondaryRegions: readonly string[];
  /** @default - `CDKTF_OUTDIR`, else `cdktf.out` */
  readonly outdir?: string;
}

/** Every stack of a deployment, in dependency order. Needs no credentials, network or clock. */
export function createApp({ config, secondaryRegions, outdir }: AppProps): App {
  if (outdir !== undefined) mkdirSync(outdir, { recursive: true });
  // cdktf 0.21 ignores the context; its continuation refuses S3's native locks without it.
  const context = { targetVersions: { terraform: TERRAFORM_CONSTRAINT, opentofu: TERRAFORM_CONSTRAINT } };
  const app = new App({ context, ...(outdir === undefined ? {} : { outdir }) });
  const partition = partitionOf(config.primaryRegion) ?? 'aws';
  const primary = new BgUserStack(app, PRIMARY_STACK_ID, config, partition);
  for (const region of secondaryRegions) {
    new RegionalForwarderStack(app, forwarderStackId(region), config, partition, region).addDependency(primary);
  }
  for (const role of config.roles) {
    new BgRoleStack(app, roleStackId(role.accountId), config, partition, role).addDependency(primary);
  }
  new BgRoleStack(app, ROLE_STACK_ID, config, partition, null).addDependency(primary);
  return app;
}
