import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { usage } from '../../src/errors.ts';

/** Flags of deploy:all and destroy:all, as the contract names them. */
export interface RolloutFlags {
  readonly email?: string[];
  readonly primaryRegion?: string;
  readonly regions?: string[];
  readonly excludeRegions?: string[];
  readonly config?: string;
  readonly yes: boolean;
  readonly plan: boolean;
  readonly concurrency?: number;
  readonly resume: boolean;
  readonly lockTimeout: number;
  readonly verifyProvider: 'rollout' | 'every';
  /** Only of deploy:all. */
  readonly prune?: boolean;
  readonly json: boolean;
  readonly report?: string;
}

/** Comma separated values; blanks around them and empty ones are dropped. */
export function commaList(value: string): string[] {
  return value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

function wholeNumber(min: number, max: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

/** A command whose usage errors are thrown, so that one place decides on the exit code. */
export function command(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name === 'start' ? 'npm start --' : `npm run ${name} --`)
    .description(description)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      ['', 'Examples:', ...examples.map(example => `  npm run ${name} -- ${example}`.trimEnd())].join('\n'),
    );
}

/**
 * @returns the flags, or null when help was asked for and printed
 * @throws UserError for anything that the command doesn't take
 */
export function parse<Flags>(program: Command, name: string, argv: readonly string[]): Flags | null {
  try {
    return program.parse([...argv], { from: 'user' }).opts() as Flags;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help') return null;
    throw usage(error.message.replace(/^error: /, ''), name);
  }
}

export function rolloutCommand(name: 'deploy:all' | 'destroy:all'): Command {
  const destroys = name === 'destroy:all';
  const program = command(
    name,
    destroys
      ? 'Destroy every stack: the regional forwarders and roles first, the primary region when nothing else is left.'
      : 'Deploy the primary region, then every other enabled region and every configured role.',
    destroys
      ? ['', '--plan', '--yes --json > destroy.ndjson']
      : ['', '--email security@example.com --yes', '--plan --json', '--regions us-east-1,eu-west-1 --concurrency 2'],
  )
    .option('--email <addresses>', 'who gets the alerts, comma separated (EMAIL_ADDRESS)', commaList)
    .option('--primary-region <region>', 'region of the topic and the audit log (PRIMARY_REGION)')
    .option(
      '--regions <regions>',
      'only these, comma separated (BREAK_GLASS_REGIONS); default: every enabled region',
      commaList,
    )
    .option('--exclude-regions <regions>', 'all but these, comma separated', commaList)
    .option('--config <file>', 'configuration, .ts or .json (BREAK_GLASS_CONFIG)')
    .option('--yes', 'ask nothing', false)
    .option('--plan', 'change nothing, show what would change; exit code 3 if anything would', false)
    .addOption(
      new Option('--concurrency <n>', 'stacks at a time; default: from cores and free memory').argParser(
        wholeNumber(1, 64),
      ),
    )
    .option('--resume', 'only what the last run did not finish', false)
    .addOption(
      new Option('--lock-timeout <seconds>', 'how long to wait for a state that somebody else has locked')
        .argParser(wholeNumber(0, 86_400))
        .default(0),
    )
    .addOption(
      new Option('--verify-provider <when>', 'check the provider package once per rollout, or in every command')
        .choices(['rollout', 'every'])
        .default('rollout'),
    )
    .option('--json', 'events as one JSON object per line on standard output, nothing else there', false)
    .option('--report <file>', 'write the summary as a JSON file');
  return destroys ? program : program.option('--prune', 'destroy stacks of regions that are no longer wanted', false);
}
