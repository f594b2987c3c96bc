import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleFiles } from '../src/modules/module-files.ts';
import { MODULES } from '../src/modules/modules.ts';
import { writeModules } from '../src/modules/write-modules.ts';
import { command, parse } from './cli/flags.ts';
import { main } from './cli/main.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const program = command('modules', 'Write the Terraform modules, for HCL roots that call them by module blocks.', [
  '',
  '--out ../infrastructure/modules',
]).option('--out <folder>', 'where to write them', relative(process.cwd(), join(ROOT, 'dist/modules')));

await main(async () => {
  const flags = parse<{ readonly out: string }>(program, 'modules', process.argv.slice(2));
  if (flags === null) return 0;
  const files = moduleFiles(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  const { removed } = writeModules(flags.out, files);
  for (const { name, summary } of MODULES) {
    process.stdout.write(`${join(flags.out, name)}\n`);
    process.stdout.write(`  ${summary}\n`);
    for (const path of files.keys()) if (path.startsWith(`${name}/`)) process.stdout.write(`  ${path}\n`);
  }
  for (const path of removed) process.stdout.write(`Removed, as it is no longer made: ${path}\n`);
  process.stdout.write(`Each README.md shows how to call its module.\n`);
  return 0;
});
