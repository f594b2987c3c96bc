import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from '../cdktf.ts';
import type { ModuleJson } from './module-stack.ts';
import { MODULES, type ModuleDescription } from './modules.ts';
import { readme } from './readme.ts';

const HCL = fileURLToPath(new URL('./hcl', import.meta.url));
const EXAMPLE = 'examples/basic/main.tf';

/** Every file of every module, by its path below the folder of the modules, sorted. @param license text of the licence */
export function moduleFiles(license: string): ReadonlyMap<string, string> {
  const files = MODULES.flatMap(module =>
    filesOf(module, license).map(([path, text]) => [`${module.name}/${path}`, text] as const),
  );
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The module as Terraform JSON. Needs no credentials, network or clock. */
export function synthesizeModule({ name, stack }: ModuleDescription): ModuleJson {
  // cdktf makes its output folder at once, though nothing is written there.
  const outdir = mkdtempSync(join(tmpdir(), 'break-glass-modules-'));
  try {
    const module = new stack(new App({ outdir }), name);
    module.prepareStack();
    return module.toTerraform();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The standard module structure. https://developer.hashicorp.com/terraform/language/modules/develop/structure */
function filesOf(module: ModuleDescription, license: string): [path: string, text: string][] {
  const json = synthesizeModule(module);
  const { data, locals, resource } = json;
  const hcl = hclOf(module);
  return [
    ['main.tf.json', text({ data, ...(locals && { locals }), resource })],
    ['variables.tf.json', text({ variable: json.variable })],
    ['outputs.tf.json', text({ output: json.output })],
    ['versions.tf.json', text({ terraform: json.terraform })],
    ['README.md', readme(module, json, hcl.get(EXAMPLE) ?? '')],
    ['LICENSE', license],
    ...hcl,
  ];
}

/** Examples and tests, which are written by hand. */
function hclOf({ name }: ModuleDescription): Map<string, string> {
  const folder = join(HCL, name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return new Map(
    files.map(file => {
      const path = join(file.parentPath, file.name);
      return [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')] as const;
    }),
  );
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
