import type { RolloutEvent, RunMode, StackNode } from '../rollout/types.ts';
import type { TerraformBinary } from '../terraform/find-terraform.ts';
import type { VerifyMode } from '../terraform/provider.ts';
import type { Preflight } from './preflight.ts';
import type { Workspace } from './workspace.ts';

/** One run over all stacks, as a person asked for it. */
export interface RolloutRequest {
  /** As a person called it: `deploy:all`, `destroy:all`. */
  readonly command: string;
  readonly mode: RunMode;
  readonly preflight: Preflight;
  readonly workspace: Workspace;
  readonly terraform: TerraformBinary;
  /** In the order of a deployment; a teardown reverses it. */
  readonly nodes: readonly StackNode[];
  /** Regions of forwarders beside those of the plan, for stacks that only a state remembers. @default - none */
  readonly formerRegions?: readonly string[];
  /** Stacks that only a state remembers, to be destroyed beside a deployment. @default - none */
  readonly pruned?: readonly StackNode[];
  readonly env: NodeJS.ProcessEnv;
  readonly concurrency: Concurrency;
  /** Seconds to wait for a state lock that somebody else holds. @default 0 */
  readonly lockTimeoutSeconds?: number;
  /** @default 'rollout' - the provider's package is checked once, before its first use */
  readonly verifyProvider?: VerifyMode;
  /** Only what the last run did not finish. @default false */
  readonly resume?: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RolloutEvent) => void;
  readonly onNotice: (text: string) => void;
}

/** A fixed number of stacks at a time, or one that rises from `base` to `max` while stacks only wait for AWS. */
export type Concurrency = number | { readonly base: number; readonly max: number };
