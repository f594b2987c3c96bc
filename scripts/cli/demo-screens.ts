import type { Emulator } from '../../emulator/start.ts';
import type { DrillOutcome } from '../../src/operations/fire-drill.ts';
import type { Summary } from '../../src/rollout/types.ts';

/** `4  Deploy    real Terraform, real AWS provider   1.2 s` */
export function stepLine(number: number, title: string, text: string, durationMs?: number): string {
  const time = durationMs === undefined ? '' : `  (${(durationMs / 1000).toFixed(1)} s)`;
  return `${number}  ${title.padEnd(10)}${text}${time}`;
}

/** The first alert as a person gets it, then one line per region. */
export function alertsText(outcomes: readonly DrillOutcome[], primary: string): string[] {
  const first = outcomes.find(outcome => outcome.text !== null);
  const regions = [...new Set(outcomes.map(outcome => outcome.event.region))];
  return [
    '',
    ...(first?.text == null
      ? []
      : ['The first alert, as it arrives:', '', ...first.text.split('\n').map(line => `   | ${line}`), '']),
    ...regions.map(region =>
      regionLine(
        region,
        outcomes.filter(outcome => outcome.event.region === region),
        region === primary,
      ),
    ),
    '',
  ];
}

function regionLine(region: string, outcomes: readonly DrillOutcome[], isPrimary: boolean): string {
  const delivered = outcomes.filter(outcome => outcome.deliveries === 1);
  const latencies = delivered.flatMap(outcome => outcome.latencyMs ?? []);
  const faults = outcomes
    .filter(outcome => outcome.deliveries !== 1)
    .map(({ event, deliveries }) => `${event.act} ${deliveries === 0 ? 'LOST' : `arrived ${deliveries} times`}`);
  const slowest = latencies.length === 0 ? '' : `  slowest ${(Math.max(...latencies) / 1000).toFixed(1)} s`;
  const note = [isPrimary ? '  primary' : '', ...faults.map(fault => `  ${fault}`)].join('');
  return `   ${region.padEnd(16)}${delivered.length} of ${outcomes.length} alerts${slowest}${note}`;
}

export function keepText(emulator: Emulator, folder: string): string[] {
  return [
    'The emulator and the deployment stay. Use them:',
    `   export AWS_ENDPOINT_URL=${emulator.endpoint} AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_REGION=us-east-1`,
    '   aws events list-rules --region eu-west-1',
    '   npm run deploy:all -- --plan --email security@example.com',
    `Stacks and states are in ${folder}. Stop it:`,
    `   kill ${emulator.pid}`,
    '',
  ];
}

/** What to do next, and then the two lines that the contract promises. */
export function closingLines(deployed: Summary, delivered: number, fired: number): string[] {
  return [
    '',
    'What next:',
    '   deploy for real      npm run deploy:all -- --email you@example.com   (README, "Deploy for real")',
    '   read the procedure   docs/break-glass-procedure.md',
    '   change the defaults  break-glass.config.ts',
    '',
    `covered ${deployed.coveredRegions.length}/${deployed.enabledRegions.length} regions`,
    `alerts delivered ${delivered}/${fired}`,
  ];
}
