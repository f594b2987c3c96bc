import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from '../cdktf.ts';
import type { BreakGlassConfig } from '../config/schema.ts';

/**
 * Gives a stack a state of its own.
 *
 * - local: `state/<stack>.tfstate` beside the output folder. Relative, as cdktf's default is an absolute path of the
 *   machine that synthesized; outside the output folder, which may be deleted at any time.
 * - s3: one key per stack, encrypted, with S3's native lock file (Terraform 1.10 and later).
 *   https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 * - cloud: one workspace per stack.
 */
export function useBackend(stack: TerraformStack, name: string, backend: BreakGlassConfig['backend']): void {
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, { path: `../../../state/${name}.tfstate` });
      return;
    case 's3': {
      // A variable, as cdktf 0.21 has no typed `useLockfile` but passes it through.
      const settings = {
        bucket: backend.bucket,
        key: `${backend.keyPrefix}/${name}.tfstate`,
        region: backend.region,
        encrypt: true,
        useLockfile: true,
        ...(backend.kmsKeyId === null ? {} : { kmsKeyId: backend.kmsKeyId }),
      };
      new S3Backend(stack, settings);
      return;
    }
    case 'cloud':
      new CloudBackend(stack, {
        hostname: backend.hostname,
        organization: backend.organization,
        workspaces: new NamedCloudWorkspace(`${backend.workspacePrefix}${name}`, backend.project ?? undefined),
      });
  }
}
