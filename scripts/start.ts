import { Option } from 'commander';
import { commaList, command, parse } from './cli/flags.ts';
import { main } from './cli/main.ts';
import { demonstrate, type DemoFlags } from './cli/demo.ts';

const program = command(
  'start',
  'The whole story on this machine: deploy, alert, destroy on a local AWS. No AWS account, no Docker.',
  ['', '--regions us-east-1,eu-west-1', '--keep'],
)
  .addOption(new Option('--regions <regions>', 'only these, comma separated').argParser(commaList))
  .option('--keep', 'leave the emulator and the deployment up, and say how to use and stop them', false);

await main(async () => {
  const flags = parse<DemoFlags>(program, 'start', process.argv.slice(2));
  return flags === null ? 0 : demonstrate(flags);
});
