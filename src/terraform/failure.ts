import { StackError } from '../rollout/types.ts';
import { decisive, lockHolder, nextStep, type FailureContext } from './classify.ts';
import type { Diagnostic } from './events.ts';
import type { TerraformBinary } from './find-terraform.ts';
import type { TerraformExit } from './run.ts';

export interface FailedCommand extends FailureContext {
  readonly terraform: TerraformBinary;
  readonly stackDir: string;
  readonly phase: string;
  readonly logFile: string | null;
  readonly cliConfigFile?: string | null;
}

/** A failure of which terraform gave the reasons. */
export class TerraformFailure extends StackError {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    ...rest: ConstructorParameters<typeof StackError>
  ) {
    super(...rest);
  }
}

/** What a failed command of one stack means, as the rollout's own kind of error. */
export function stackFailure(exit: TerraformExit, command: FailedCommand): StackError {
  const { terraform, phase, logFile } = command;
  if (exit.interrupted) {
    const how = exit.exitCode === null && exit.signal ? ` (ended by ${exit.signal})` : '';
    const message = `Interrupted: terraform was asked to stop and has stopped${how}. What it had done is in the state.`;
    return new StackError('interrupted', message, phase, logFile, 'Run again with --resume.', true);
  }
  if (exit.signal) {
    const next = 'When memory ran out, use a lower --concurrency. Run again with --resume.';
    return new StackError(
      'killed',
      `terraform was ended by ${exit.signal}, which we did not send.`,
      phase,
      logFile,
      next,
    );
  }
  const [first = withoutDiagnostic(exit), ...others] = exit.errors;
  const { code, diagnostic } = decisive([first, ...others], command);
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  const program = terraform.path.endsWith(`/${terraform.name}`) ? terraform.name : terraform.path;
  const next = nextStep(code, {
    text,
    folder: command.stackDir,
    program,
    cliConfigFile: command.cliConfigFile ?? null,
  });
  return new TerraformFailure(exit.errors, code, message(diagnostic, others.length), phase, logFile, next);
}

function message(diagnostic: Diagnostic, others: number): string {
  const { summary, detail, address } = diagnostic;
  const holder = /state lock/.test(summary) ? lockHolder(detail) : null;
  const said = holder
    ? `The state is locked by ${holder.who} since ${holder.created} (${holder.operation}, lock ID ${holder.id}).`
    : [summary, detail].filter(Boolean).join('\n');
  const about = address && !said.includes(address) ? ` (${address})` : '';
  return said + about + (others > 0 ? `\nand ${others} more ${others === 1 ? 'error' : 'errors'} in the log` : '');
}

function withoutDiagnostic(exit: TerraformExit): Diagnostic {
  const summary = `terraform ended with ${exit.exitCode} and gave no reason.`;
  return { severity: 'error', summary, detail: exit.lastLines, address: null };
}
