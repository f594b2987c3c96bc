import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that a deployment uses. The real one is the project's root; the demonstration has one of its own. */
export interface Workspace {
  readonly root: string;
  /** Synthesized stacks: the folders that `cdktf deploy` uses too. */
  readonly outdir: string;
  /** Local states, one file per stack. */
  readonly stateDir: string;
  /** Logs, journal, provider check: nothing that can't be made again. */
  readonly workDir: string;
  /** Terraform's lock file, shared by all stacks. */
  readonly lockFile: string;
}

/** @param lockRoot folder of the lock file. @default - the workspace's root */
export function workspaceAt(root: string, lockRoot = root): Workspace {
  return {
    root,
    outdir: join(root, 'cdktf.out'),
    stateDir: join(root, 'state'),
    workDir: join(root, '.break-glass'),
    lockFile: join(lockRoot, '.terraform.lock.hcl'),
  };
}

export function stackDir(workspace: Workspace, stack: string): string {
  return join(workspace.outdir, 'stacks', stack);
}

/** Stacks of which a local state holds resources, sorted. What S3 or HCP Terraform hold is not seen here. */
export function localStates({ stateDir }: Workspace): readonly string[] {
  if (!existsSync(stateDir)) return [];
  return readdirSync(stateDir)
    .filter(file => file.endsWith('.tfstate') && holdsResources(join(stateDir, file)))
    .map(file => file.slice(0, -'.tfstate'.length))
    .sort();
}

/** Terraform keeps the file of an empty state. One that can't be read counts as full: better named than forgotten. */
function holdsResources(file: string): boolean {
  try {
    const { resources } = JSON.parse(readFileSync(file, 'utf8')) as { resources?: unknown[] };
    return resources === undefined || resources.length > 0;
  } catch {
    return true;
  }
}
