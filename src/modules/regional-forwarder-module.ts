import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import type { Construct } from 'constructs';
import type { TerraformVariable } from '../cdktf.ts';
import { iamArn } from '../constructs/place.ts';
import { RegionalForwarder } from '../constructs/regional-forwarder.ts';
import { primaryAccountIdVariable, primaryRegionVariable, REGION_PATTERN, variable } from '../constructs/variables.ts';
import { fromAccounts, userDetections } from '../detection/detections.ts';
import { matches, userNamesInput } from './inputs.ts';
import { current, ModuleStack } from './module-stack.ts';

const OWN_ACCOUNT = 'data.aws_caller_identity.current.account_id';

/** One more region of the security account: the region of the caller's provider. */
export class RegionalForwarderModule extends ModuleStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const primaryRegion = primaryRegionVariable(this);
    primaryAccountIdVariable(this, null);
    const names = userNamesInput(this, 'Break glass users to watch');
    const region = this.regionInput();
    this.checkRegion();
    const primaryAccount = this.local(
      'primary_account_id',
      `var.primary_account_id == "" ? ${OWN_ACCOUNT} : var.primary_account_id`,
    );
    const userArn = iamArn(
      { partition: '${data.aws_partition.current.partition}' },
      '${local.primary_account_id}',
      'user',
      '${name}',
    );
    const users = this.local('user_arns', `[for name in var.user_names : "${userArn}"]`);
    const { partition, accountId } = this;
    const made = new RegionalForwarder(this, 'Default', {
      place: { partition, region: region.stringValue, accountId },
      detections: userDetections({ names: names.listValue, arns: users.asList }).map(detection =>
        fromAccounts([accountId], detection),
      ),
      primary: { partition, region: primaryRegion.stringValue, accountId: primaryAccount.asString },
    });

    this.output('forwarder_role_arn', 'Role of the forwarding rules', made.role.arn);
    this.output(
      'rule_arns',
      'Detection rules of this region',
      made.rules.map(rule => rule.arn),
    );
  }

  /**
   * Asked for although the provider knows it: with `depends_on`, Terraform reads data sources only when it applies, and
   * while a dependency changes the plan would not know the region, hence not the role's name, hence replace the role.
   * Until it is back, events that are forwarded are lost: EventBridge doesn't retry a missing permission.
   * https://developer.hashicorp.com/terraform/language/data-sources#dependencies
   */
  private regionInput(): TerraformVariable {
    return variable(this, 'region', {
      type: 'string',
      description: 'Region of the provider that is passed to the module',
      validation: {
        condition: matches('var.region', REGION_PATTERN),
        errorMessage: 'region must be an AWS region such as eu-west-1.',
      },
    });
  }

  /** Holds what the caller says against the provider: a wrong region would lose every alert silently. */
  private checkRegion(): void {
    const region = new DataAwsRegion(this, 'provider-region', {
      lifecycle: {
        postcondition: [
          {
            condition: '${var.region == self.id}',
            errorMessage: 'region must be the region of the provider that is passed to the module: ${self.id}.',
          },
          {
            condition: `\${var.primary_region != self.id || !contains(["", ${OWN_ACCOUNT}], var.primary_account_id)}`,
            errorMessage:
              'The provider passed to the module is that of the primary region, ${self.id}, which has the bg-user module; pass one of another region.',
          },
        ],
      },
    });
    current(region);
  }
}
