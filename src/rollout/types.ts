/** The words of a rollout. This room knows no AWS, and terraform only as a function that is passed in. */

/** Where a stack stands. The last four are final, and the only ones that a summary holds. */
export type StackState = 'pending' | 'running' | FinalState;
export type FinalState = 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** One stack in the graph. `account` is null until somebody knows it. */
export interface StackNode {
  readonly id: string;
  readonly account: string | null;
  /** An AWS region, or `global` for stacks that hold only IAM. */
  readonly region: string;
  readonly dependsOn: readonly string[];
  /**
   * What happens to this stack when one that it depends on didn't succeed.
   * @default 'skip' - it's not attempted; `run` attempts it once all of them have ended
   */
  readonly onFailure?: 'skip' | 'run';
}

export interface Changes {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** One resource that a stack's task changed or would change. `action`: `create`, `update`, `delete`, `replace`. */
export interface ResourceChange {
  readonly address: string;
  readonly action: string;
  /** Present when somebody changed or deleted it outside Terraform since the last apply. */
  readonly drifted?: true;
}

/** What a stack's task hands back when it succeeded. */
export interface TaskOutcome {
  readonly changes: Changes;
  readonly logFile: string | null;
  /** For `--plan`: which resources. */
  readonly details?: readonly ResourceChange[];
  /** Resources that an earlier run of ours had begun to create and that were taken into the state. @default - none */
  readonly adopted?: readonly string[];
  /** Resources that an earlier run of ours may have left and that nobody could look for, with the reason. @default - none */
  readonly perhapsLeft?: readonly string[];
}

/** Progress of one running stack. `done` and `total` count resources; `total` is null until terraform said it. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

export interface TaskContext {
  readonly attempt: number;
  /** Aborted when the run is interrupted: the task asks its process to stop and still waits for it. */
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Does the work of one stack. Throws {@link StackError} for a failure that has a name. */
export type StackTask = (node: StackNode, context: TaskContext) => Promise<TaskOutcome>;

/** A failure of one stack, as data. `code` names its class: credentials, permission, scp, throttling, lock, … */
export class StackError extends Error {
  override readonly name = 'StackError';
  constructor(
    readonly code: string,
    message: string,
    readonly phase: string,
    readonly logFile: string | null,
    /** What to do next, one sentence or command; shown under the failure. */
    readonly next: string | null = null,
    /** True when the task stopped because the run was interrupted. */
    readonly interrupted: boolean = false,
  ) {
    super(message);
  }
}

export interface StackResult {
  readonly stack: string;
  readonly account: string | null;
  readonly region: string;
  readonly state: FinalState;
  /** The phase it ended in: `waiting`, `prepare`, `apply`, `destroy`, `plan`. */
  readonly phase: string;
  readonly attempts: number;
  readonly durationMs: number;
  readonly changes: Changes;
  readonly logFile: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The summary object of the contract, section 5. */
export interface Summary {
  readonly schemaVersion: 1;
  readonly command: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly account: string;
  readonly partition: string;
  readonly primaryRegion: string;
  readonly exitCode: number;
  readonly enabledRegions: readonly string[];
  readonly coveredRegions: readonly string[];
  readonly stacks: readonly StackResult[];
}

/** What a run does. A plan changes nothing, so it covers nothing new. */
export type RunMode = 'apply' | 'destroy' | 'plan';

/** What a run tells its renderers. Logic emits, renderers draw. */
export type RolloutEvent =
  | {
      readonly type: 'start';
      readonly time: string;
      readonly command: string;
      readonly stacks: readonly StackNode[];
      readonly concurrency: number;
      /** @default 'apply' */
      readonly mode?: RunMode;
      /** What continues an unfinished run, for the end summary. @default - none is named */
      readonly resumeCommand?: string;
    }
  | {
      readonly type: 'stack';
      readonly time: string;
      readonly stack: string;
      readonly state: StackState;
      readonly region: string;
      readonly attempt: number;
      readonly progress?: Progress;
      /** Present when the state is final. */
      readonly result?: StackResult;
      /** Present on a failure that has a next step. */
      readonly next?: string | null;
      /** Present on a success whose task told them. */
      readonly details?: readonly ResourceChange[];
      /** Present on a success that took resources of an earlier, cut off run into the state. */
      readonly adopted?: readonly string[];
      /** Present on a success that could not rule out that an earlier, cut off run left something. */
      readonly perhapsLeft?: readonly string[];
    }
  | {
      /** The stack stays `running`: it keeps its slot while it waits. `attempt` is the one to come. */
      readonly type: 'retry';
      readonly time: string;
      readonly stack: string;
      readonly state: 'running';
      readonly attempt: number;
      readonly of: number;
      readonly reason: string;
      readonly delayMs: number;
    }
  | { readonly type: 'interrupt'; readonly time: string; readonly times: number }
  | { readonly type: 'summary'; readonly time: string; readonly summary: Summary };
