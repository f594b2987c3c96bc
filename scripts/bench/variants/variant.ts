import type { Modules, Scope } from '../modules.ts';
import type { Phase, Step, VariantName } from '../types.ts';

/** Where and with what one cycle of a variant happens. */
export interface Site extends Scope {
  /** Empty, and the variant's alone. */
  readonly folder: string;
  readonly modules: Modules;
  readonly terraform: string;
  /** Terraform's own defaults; AWS is the counting proxy. */
  readonly env: Readonly<Record<string, string>>;
  /** What our rollout sets for terraform's garbage collector. */
  readonly collector: Readonly<Record<string, string>>;
  /** A copy of this project, made when the benchmark started. */
  readonly project: string;
  /** This project's installed packages. */
  readonly nodeModules: string;
  readonly cdktfParallelism: number;
}

export type Steps = Readonly<Record<Phase, readonly Step[]>>;

export interface Variant {
  readonly name: VariantName;
  /** For the report: what it does, one sentence. */
  readonly description: string;
  /** Writes the folder and says what to run there. Not part of the measurement. */
  prepare(site: Site): Steps;
}
