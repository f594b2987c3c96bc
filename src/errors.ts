/**
 * Every message a person can meet: what happened, why, what to do.
 * One factory per situation, grouped by room. Exit codes are those of the contract: 2 means that nothing was changed.
 */

/** An error that a person caused or can mend. Printed without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';

  /**
   * @param code stable, kebab-case, for scripts (`error.code` in the report)
   * @param what what happened, one sentence, naming the offending thing
   * @param fix what to do about it: a command or a setting
   * @param why the reason, when it isn't plain from `what`
   */
  constructor(
    readonly code: string,
    readonly what: string,
    readonly fix: string,
    readonly why?: string,
    readonly exitCode: number = 2,
  ) {
    super([what, why, fix && `Fix: ${fix}`].filter(Boolean).join('\n  '));
  }
}

// ---- configuration ---------------------------------------------------------------------------------------------

// ---- terraform -------------------------------------------------------------------------------------------------

// ---- aws -------------------------------------------------------------------------------------------------------

// ---- emulator --------------------------------------------------------------------------------------------------

// ---- rollout ---------------------------------------------------------------------------------------------------
