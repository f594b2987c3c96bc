/**
 * The only door to the cdktf core. Moving to its continuation (cdktn) is a change in this file:
 * export only what cdktf 0.21 and cdktn 0.24 share.
 */
export {
  App,
  CloudBackend,
  Fn,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TerraformElement,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
} from 'cdktf';
export type { IResolvable, ITerraformDependable } from 'cdktf';
