import { InvalidArgumentError, Option } from 'commander';
import { command, commaList, parse } from '../cli/flags.ts';
import { PHASES, VARIANTS, type Phase, type VariantName } from './types.ts';

export interface BenchOptions {
  /** Numbers of forwarders, ascending. */
  readonly regions: readonly number[];
  readonly variants: readonly VariantName[];
  readonly phases: readonly Phase[];
  readonly runs: number;
  /** 0 measures no deployment with slow calls. */
  readonly latencyMs: number;
  readonly out: string;
  readonly seed: number;
  readonly full: boolean;
  /** Whether the dead-letter queues are deployed too. */
  readonly queues: boolean;
  /** Hash as on a processor without SHA instructions. */
  readonly withoutSha: boolean;
  /** Keep what an earlier run measured, and measure the rest. */
  readonly add: boolean;
  /** Only draw the report of an earlier run again. */
  readonly render: boolean;
}

/** The emulator has 34 regions, as AWS has; one is the primary. */
const MAX_REGIONS = 33;
const SEED_RANGE = 1_000_000;

const EXAMPLES = ['', '--quick', '--full --runs 3', '--regions 16 --variants ours,loop', '--render'];

/**
 * @returns the options, or null when help was asked for and printed
 * @throws UserError usage
 */
export function benchOptions(argv: readonly string[], random: () => number = Math.random): BenchOptions | null {
  const program = command(
    'bench',
    'Measure our rollout against a workspace loop, cdktf deploy and one state with provider aliases, on the emulator. About an hour on two cores; nothing else should run on the machine.',
    EXAMPLES,
  )
    .addOption(
      new Option('--regions <numbers>', 'numbers of regions beside the primary, comma separated')
        .default([1, 4, 16, 32], '1,4,16,32')
        .argParser(sizes),
    )
    .addOption(
      new Option('--variants <names>', `which of ${VARIANTS.join(',')}`)
        .default(VARIANTS, 'all')
        .argParser(oneOf(VARIANTS)),
    )
    .addOption(
      new Option('--phases <names>', `which of ${PHASES.join(',')}`).default(PHASES, 'all').argParser(oneOf(PHASES)),
    )
    .addOption(new Option('--runs <n>', 'how often each is measured').default(1).argParser(whole(1, 100)))
    .addOption(
      new Option('--latency-ms <n>', 'added to each call in a further deployment; 0: none is made')
        .default(100)
        .argParser(whole(0, 10_000)),
    )
    .option('--out <folder>', 'where the report goes', 'docs/benchmarks')
    .addOption(new Option('--seed <n>', 'repeats the order of an earlier run').argParser(whole(0, SEED_RANGE)))
    .option('--quick', '1 and 4 regions, ours and the loop: a look at the format, about 10 minutes', false)
    .option('--full', 'also what takes very long: slow calls at every size, and the loop above 16 regions', false)
    .option('--queues', 'with the dead-letter queues, for which the provider waits 25 s in each region', false)
    .option(
      '--without-sha',
      'switch SHA instructions off for all variants, as older and many cloud processors lack them',
      false,
    )
    .option('--add', 'keep what results.json in --out holds, and measure only what failed there or is missing', false)
    .option('--render', 'measure nothing, draw the report in --out again from its results.json', false);
  const flags = parse<FlagValues>(program, 'bench', argv);
  if (flags === null) return null;
  const given = (name: string): boolean => program.getOptionValueSource(name) !== 'default';
  const { quick, ...options } = flags;
  return {
    ...options,
    ...(quick && !given('regions') ? { regions: [1, 4] } : {}),
    ...(quick && !given('variants') ? { variants: ['ours', 'loop'] } : {}),
    seed: flags.seed ?? Math.floor(random() * SEED_RANGE),
  };
}

type FlagValues = Omit<BenchOptions, 'seed'> & { readonly quick: boolean; readonly seed?: number };

function whole(min: number, max: number) {
  return (value: string): number => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isInteger(number) || number < min || number > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

function sizes(value: string): number[] {
  const numbers = some(commaList(value)).map(whole(1, MAX_REGIONS));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Keeps the order of `names`, whatever the order in which they were given. */
function oneOf<Name extends string>(names: readonly Name[]) {
  return (value: string): Name[] => {
    const given = some(commaList(value));
    const unknown = given.find(name => !(names as readonly string[]).includes(name));
    if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${names.join(', ')}.`);
    return names.filter(name => given.includes(name));
  };
}

function some(list: string[]): string[] {
  if (list.length === 0) throw new InvalidArgumentError('It must name at least one.');
  return list;
}
