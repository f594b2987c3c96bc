/** The words of the benchmark. */

export const VARIANTS = ['ours', 'loop', 'cdktf', 'aliases'] as const;
export type VariantName = (typeof VARIANTS)[number];

/** In the order in which they are measured: each needs what the one before left. */
export const PHASES = ['deploy', 'no-op', 'destroy'] as const;
export type Phase = (typeof PHASES)[number];

/** One command of a variant. Several make a phase; they run one after another. */
export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Exit code 1 is as good as 0. @default false */
  readonly mayFail?: true;
}

/** What one phase of one variant took, or why it is no number. */
export interface BenchRun {
  readonly variant: VariantName;
  /** Forwarder stacks; the primary region comes on top in every variant. */
  readonly regions: number;
  readonly latencyMs: number;
  readonly phase: Phase;
  /** Counted from 1. */
  readonly run: number;
  readonly wallSeconds: number;
  /** User and system time of every process that the phase started. */
  readonly cpuSeconds: number;
  /** The highest sum of the proportional set sizes (PSS) of the phase's processes. */
  readonly peakMemoryBytes: number;
  /** The most terraform processes at one time: the stacks that ran side by side. */
  readonly peakStacks: number;
  readonly httpCalls: number;
  /** What the emulator needed meanwhile; not part of `cpuSeconds`. */
  readonly emulatorCpuSeconds: number;
  /** Share of the machine's processor time that neither the phase nor the benchmark itself used, 0 to 1. */
  readonly otherWork: number;
  /** A fixed piece of work, done just before: tells a slow machine from a slow variant. */
  readonly calibrationSeconds: number;
  /** Null for a run that counts. */
  readonly failure: string | null;
}

/** A measurement that the options left out. It's named, and never reckoned from another one. */
export interface NotRun {
  readonly variant: VariantName;
  readonly regions: number;
  readonly latencyMs: number;
  readonly why: string;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Whether the processor has SHA instructions; without them checking a provider package costs several times more. */
  readonly shaInstructions: 'yes' | 'no' | 'switched off';
}

export interface Versions {
  readonly project: string;
  readonly node: string;
  readonly terraform: string;
  readonly provider: string;
  readonly cdktf: string;
}

/** `cdktf deploy` at one parallelism, to find its best. */
export interface Pilot {
  readonly parallelism: number;
  readonly regions: number;
  readonly wallSeconds: number;
  readonly failure: string | null;
}

export interface BenchResults {
  readonly schemaVersion: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The flags that repeat it. */
  readonly command: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly cdktfParallelism: number | null;
  readonly deadLetterQueues: boolean;
  readonly pilots: readonly Pilot[];
  readonly runs: readonly BenchRun[];
  readonly notRun: readonly NotRun[];
}
