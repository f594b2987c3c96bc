import { execa } from 'execa';
import { StackError } from '../rollout/types.ts';
import { terraformEnvironment, type Environment } from './environment.ts';
import { textDiagnostics } from './events.ts';
import { stackFailure } from './failure.ts';
import type { TerraformBinary } from './find-terraform.ts';

/**
 * The outputs of a prepared stack, from its state. Sensitive ones too, so nothing of this is logged.
 * @throws StackError of phase `outputs`
 */
export async function readOutputs(request: {
  readonly terraform: TerraformBinary;
  readonly stackDir: string;
  readonly env: Environment;
}): Promise<Readonly<Record<string, unknown>>> {
  const { terraform, stackDir, env } = request;
  const result = await execa(terraform.path, ['output', '-json', '-no-color'], {
    cwd: stackDir,
    env: terraformEnvironment(env),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (result.failed) {
    const errors = textDiagnostics(result.stderr ?? '');
    const lastLines = result.stderr?.trim() || result.shortMessage || '';
    const exit = {
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      interrupted: false,
      errors,
      lastLines,
    };
    throw stackFailure(exit, { terraform, stackDir, phase: 'outputs', logFile: null });
  }
  try {
    const outputs = JSON.parse(result.stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.value]));
  } catch {
    throw new StackError('unknown', `terraform output in ${stackDir} was not JSON.`, 'outputs', null);
  }
}
