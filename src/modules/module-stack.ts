import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import type { Construct, Node } from 'constructs';
import { TerraformLocal, TerraformOutput, TerraformStack, type TerraformElement } from '../cdktf.ts';
import { PROVIDER_SOURCE } from '../config/versions.ts';
import { ReadableIds } from '../stacks/logical-id.ts';

/**
 * The oldest Terraform that a caller may have. Validation, `nullable` and postconditions need 1.2; 1.5 is where OpenTofu
 * began, so one bound serves both. Stacks ask for more, because their S3 backend does; a module has no backend.
 */
const MODULE_TERRAFORM_CONSTRAINT = '>= 1.5.0';

/** No upper bound: a module that has one can't be used beside modules that need more. */
const MODULE_PROVIDER_CONSTRAINT = '>= 5.100.0';

/** A module's configuration as Terraform JSON: block types to their contents. */
export interface ModuleJson {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  readonly variable: Readonly<Record<string, ModuleVariable>>;
  readonly output: Readonly<Record<string, { readonly description: string; readonly value: unknown }>>;
}

export interface ModuleVariable {
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
  readonly nullable: false;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

/**
 * A stack that becomes a module: provider, state and tags are its caller's, and what a stack knows from the
 * configuration it asks for by variables, or of AWS.
 */
export class ModuleStack extends TerraformStack {
  private readonly ids = new ReadableIds(this);
  protected readonly partition: string;
  protected readonly accountId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.partition = current(new DataAwsPartition(this, 'partition')).partition;
    this.accountId = current(new DataAwsCallerIdentity(this, 'account')).accountId;
  }

  /** @param expression what Terraform evaluates, without `${}` */
  protected local(name: string, expression: string): TerraformLocal {
    const local = new TerraformLocal(this, `local-${name}`, `\${${expression}}`);
    local.overrideLogicalId(name);
    return local;
  }

  protected output(name: string, description: string, value: unknown): void {
    new TerraformOutput(this, `output-${name}`, { value, description }).overrideLogicalId(name);
  }

  /** Without provider and backend, which are the caller's, and without the notes that cdktf leaves for its own tools. */
  override toTerraform(): ModuleJson {
    const { data, locals, resource, variable, output } = withoutNotes(super.toTerraform()) as ModuleJson;
    return {
      terraform: {
        required_version: MODULE_TERRAFORM_CONSTRAINT,
        required_providers: { aws: { source: PROVIDER_SOURCE, version: MODULE_PROVIDER_CONSTRAINT } },
      },
      data,
      ...(locals && { locals }),
      resource,
      variable,
      output,
    };
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    return this.ids.of(element);
  }
}

/** Names a data source `current`, as its readers expect. */
export function current<Source extends TerraformElement>(source: Source): Source {
  source.overrideLogicalId('current');
  return source;
}

function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .map(([key, inner]) => [key, withoutNotes(inner)]),
  );
}
