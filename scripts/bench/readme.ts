import { scenariosOf } from './cells.ts';
import { markdownTable, scenarioTable, targetTable } from './table.ts';
import { targetsOf } from './targets.ts';
import type { BenchResults, BenchRun } from './types.ts';
import type { Variant } from './variants/variant.ts';

/** Above it, figures of seconds say more about the other work on the machine than about the variants. */
const QUIET = 0.05;
/** The slowest against the fastest calibration: above it, the machine was not the same one all the time. */
const STEADY = 1.25;

/** The report, from the results alone. */
export function readmeOf(results: BenchResults, variants: readonly Variant[]): string {
  const { runs, notRun } = results;
  const failed = runs.filter(run => run.failure !== null);
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; changes by hand are lost. Raw figures: [results.json](results.json).',
    '',
    quietness(runs),
    '',
    '![Wall and CPU seconds per variant and number of regions](chart.svg)',
    '',
    '## Targets',
    '',
    'At 16 regions, fresh deployment, where nothing else is said.',
    '',
    markdownTable(targetTable(targetsOf(results))),
    ...scenariosOf(runs).flatMap(scenario => [
      '',
      `## ${scenario.title}`,
      '',
      markdownTable(scenarioTable(results, scenario)),
    ]),
    ...section('Failed', failed.map(failureLine)),
    ...section(
      'Not run',
      notRun.map(
        ({ variant, regions, latencyMs, why }) =>
          `- ${variant}, ${regions} regions${latencyMs > 0 ? `, ${latencyMs} ms per call` : ''}: ${why}`,
      ),
    ),
    '',
    '## Machine',
    '',
    ...machineLines(results),
    '',
    '## What is compared',
    '',
    ...variants.map(({ name, description }) => `- **${name}**: ${description}.`),
    '',
    queueLine(results),
    '',
    METHOD,
    '',
    '## Reproduce',
    '',
    '```sh',
    'npm ci',
    results.command,
    'npm run bench -- --help',
    '```',
    '',
  ].join('\n');
}

function queueLine({ deadLetterQueues }: BenchResults): string {
  return deadLetterQueues
    ? 'Each region has dead-letter queues, as by default. After creating one the AWS provider waits 25 s, in every variant.'
    : '**Without the dead-letter queues** that a deployment has by default: the 25 s that the AWS provider waits after creating them would hide what the variants compute; `--queues` adds them.';
}

function quietness(runs: readonly BenchRun[]): string {
  const most = Math.max(0, ...runs.map(run => run.otherWork));
  const calibrations = runs.filter(run => run.failure === null).map(run => run.calibrationSeconds);
  const [fastest, slowest] = [Math.min(...calibrations), Math.max(...calibrations)];
  const quiet = most <= QUIET;
  const steady = calibrations.length === 0 || slowest <= STEADY * fastest;
  return [
    `${quiet ? 'The machine was quiet' : '**The machine was NOT quiet**'}: other work took at most ${percent(most)} of it during a measurement.`,
    ...(calibrations.length === 0
      ? []
      : [
          `${steady ? 'Its speed was steady' : '**Its speed was NOT steady**'}: a fixed piece of work before each measurement (counting, touching 512 MB of new memory) took ${fastest.toFixed(2)} to ${slowest.toFixed(2)} s.`,
        ]),
    ...(quiet && steady ? [] : ['Compare ratios of neighbours, not seconds.']),
  ].join(' ');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function failureLine({ variant, regions, latencyMs, phase, run, failure }: BenchRun): string {
  const text = (failure ?? '').replaceAll('`', "'").split('\n').join('\n  ');
  return `- ${variant}, ${regions} regions, ${phase}, ${latencyMs} ms, run ${run}:\n\n  \`\`\`\n  ${text}\n  \`\`\``;
}

function machineLines({ machine, versions, startedAt, runs, pilots, cdktfParallelism }: BenchResults): string[] {
  const { cpu, cores, memoryBytes, system, shaInstructions } = machine;
  return [
    `- ${cores} cores (${cpu}, SHA instructions: ${shaInstructions}), ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}`,
    `- aws-break-glass ${versions.project}, Node ${versions.node}, Terraform ${versions.terraform}, AWS provider ${versions.provider}, cdktf-cli ${versions.cdktf}`,
    `- ${startedAt.slice(0, 10)}; ours ran up to ${Math.max(0, ...runs.filter(run => run.variant === 'ours').map(run => run.peakStacks))} stacks at a time, by its default`,
    ...(cdktfParallelism === null ? [] : [`- cdktf ran with parallelism ${cdktfParallelism}${pilotText(pilots)}`]),
  ];
}

function pilotText(pilots: BenchResults['pilots']): string {
  const tried = pilots.map(({ parallelism, wallSeconds, failure }) =>
    failure === null ? `${parallelism}: ${wallSeconds.toFixed(1)} s` : `${parallelism}: failed`,
  );
  return tried.length === 0
    ? ''
    : `, the best of those tried first with ${pilots[0]?.regions} regions (${tried.join(', ')})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

const METHOD = `## How it is measured

- N regions are N forwarder stacks; \`bg-user\` in the primary region comes on top, in every variant, so a figure "per region" is divided by N + 1. The others' configurations are derived from our synthesized JSON, and after each deployment the rules, targets, users and roles in the emulator are counted and compared: a variant that deployed something else has failed and gets no figure.
- Every measurement starts with an empty emulator and an empty folder, so ours pays for \`terraform init\`, the lock file and the check of the provider as on a first run. No-op and destroy follow on the same deployment. Variants of one size are measured after one another, in an order that the seed decides; several runs give the median.
- All variants get the provider from the same local package, and talk to the emulator through the same proxy on the same machine, which counts the calls and delays them. The emulator takes part of the processors too, in every variant alike; its time is in results.json and not in CPU s.
- Checking the provider package is a SHA-256 of 700 MB, which the others do several times per region and ours once per run. It costs 0.4 s with SHA instructions and two to five times as much without, as on many older processors; \`--without-sha\` switches them off for all variants.
- CPU s is the user and system time of every process of the variant, as the Linux kernel accounts it to the parent that waited for them. A process that stays behind makes the run a failure.
- Peak memory is the highest sum of the processes' proportional set sizes (PSS: shared pages count once), looked at once or twice a second; a shorter peak goes unseen.
- cdktf's stacks are synthesized beforehand, and the loop is spared the original's \`aws ec2 describe-regions\` per region and its progress bar; both are to our disadvantage. So is that the emulator shares the two processors: a variant that leaves one of them idle pays nothing for it.`;
