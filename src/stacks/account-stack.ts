import { AwsProvider, type AwsProviderConfig } from '@cdktf/provider-aws/lib/provider/index.js';
import type { Construct, Node } from 'constructs';
import { TerraformStack, type TerraformElement } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';
import { PROVIDER_CONSTRAINT, PROVIDER_SOURCE, TERRAFORM_CONSTRAINT } from '../config/versions.ts';
import { useBackend } from './backends.ts';
import { ReadableIds } from './logical-id.ts';

export interface AccountStackProps {
  readonly config: BreakGlassConfig;
  /** Region of the provider. IAM is global, but its calls are signed for a region all the same. */
  readonly region: string;
  /** Account that the resources belong to; terraform stops at any other. @default - not checked */
  readonly accountId?: string;
  /** Role by which terraform enters the account. @default - the caller's credentials */
  readonly deploymentRoleArn?: string;
}

/** What all stacks share: versions, a state of their own, one provider guarded against the wrong account, readable names. */
export class AccountStack extends TerraformStack {
  private readonly ids = new ReadableIds(this);

  constructor(scope: Construct, id: string, props: AccountStackProps) {
    super(scope, id);
    const { config, region, accountId, deploymentRoleArn } = props;
    useBackend(this, id, config.backend);
    const settings: AwsProviderConfig = {
      region,
      // The provider's own list ends with its release (5.100.0 refuses ap-southeast-6); the account's list is ours.
      // https://registry.terraform.io/providers/hashicorp/aws/latest/docs#skip_region_validation-1
      skipRegionValidation: true,
      ...(accountId === undefined ? {} : { allowedAccountIds: [accountId] }),
      ...(deploymentRoleArn === undefined
        ? {}
        : { assumeRole: [{ roleArn: deploymentRoleArn, sessionName: 'break-glass-deploy' }] }),
      ...(Object.keys(config.tags).length === 0 ? {} : { defaultTags: [{ tags: { ...config.tags } }] }),
    };
    new AwsProvider(this, 'aws', settings);
    this.addOverride('terraform.required_version', TERRAFORM_CONSTRAINT);
    this.addOverride('terraform.required_providers.aws', { source: PROVIDER_SOURCE, version: PROVIDER_CONSTRAINT });
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    return this.ids.of(element);
  }
}
