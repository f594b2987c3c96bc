import { UserError } from '../../src/errors.ts';

/**
 * Runs a script's body and turns what it throws into an exit code: a person's error is one message without a stack,
 * anything else is a bug and keeps its stack.
 */
export async function main(body: () => Promise<number>): Promise<void> {
  // A notice of the SDK on Node 20's end of support; the lock file pins a version that runs on it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  try {
    process.exitCode = await body();
  } catch (error) {
    if (error instanceof UserError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
      return;
    }
    process.stderr.write(
      `This is a bug in aws-break-glass, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
