import { Command } from 'commander';

import { startEmulator } from '../emulator/start.ts';
import { emulatorPortInvalid, emulatorStopped, UserError } from '../src/errors.ts';

const HELP = `
Examples:
  npm run emulator                     on any free port
  npm run emulator -- --port 5005
  AWS_ENDPOINT_URL=http://127.0.0.1:5005 AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing \\
    aws events list-rules --region us-east-1
Stop it with Ctrl-C. Everything it holds is in memory.`;

const USAGE_ERROR = 2;

async function main(): Promise<number> {
  const program = new Command('emulator')
    .description('A local AWS on this machine: it prints one line "ready http://127.0.0.1:N" and runs until Ctrl-C.')
    .option('--port <number>', 'the port to listen on; 0 takes any free one', '0')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR))
    .parse();
  const port = toPort(program.opts<{ port: string }>().port);

  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  try {
    const emulator = await startEmulator({ port, signal: stopping.signal, onNotice: notice => console.error(notice) });
    console.log(`ready ${emulator.endpoint}`);
    await emulator.exited;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
  if (!stopping.signal.aborted) throw emulatorStopped();
  return 0;
}

function toPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw emulatorPortInvalid(text);
  return port;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
