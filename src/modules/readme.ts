import type { ModuleJson, ModuleVariable } from './module-stack.ts';
import type { ModuleDescription } from './modules.ts';

/** @param example HCL of a root module that calls the module by `source = "../.."` */
export function readme({ name, summary, notes }: ModuleDescription, json: ModuleJson, example: string): string {
  return [
    `# ${name}`,
    '',
    summary,
    '',
    '```hcl',
    usage(name, example),
    '```',
    '',
    'The whole of it: [examples/basic](examples/basic/main.tf). Its tests: `terraform init && terraform test`, without AWS.',
    '',
    ...notes.map(note => `- ${note}`),
    '',
    'Written by `npm run modules` of aws-break-glass; changes belong there. Licence: [MIT-0](LICENSE).',
    '',
    '<!-- BEGIN_TF_DOCS -->',
    ...requirements(json),
    '',
    ...inputs(json.variable),
    '',
    ...outputs(json.output),
    '<!-- END_TF_DOCS -->',
    '',
  ].join('\n');
}

/** The example without what every root module has, by the path that a caller beside `modules/` would write. */
function usage(name: string, example: string): string {
  const calls = example.slice(example.indexOf('\nmodule "')).trim();
  return calls.replaceAll('"../.."', `"./modules/${name}"`);
}

function requirements({ terraform }: ModuleJson): string[] {
  const { required_version, required_providers } = terraform as {
    required_version: string;
    required_providers: Record<string, { source: string; version: string }>;
  };
  const providers = Object.values(required_providers).map(({ source, version }) => [source, version]);
  return table('Requirements', ['Name', 'Version'], [['terraform', required_version], ...providers]);
}

function inputs(variables: Readonly<Record<string, ModuleVariable>>): string[] {
  const rows = Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, variable]) => {
      const required = variable.default === undefined;
      const preset = required ? 'n/a' : code(JSON.stringify(variable.default));
      return [code(name), variable.description, code(variable.type), preset, required ? 'yes' : 'no'];
    });
  return table('Inputs', ['Name', 'Description', 'Type', 'Default', 'Required'], rows);
}

function outputs(all: ModuleJson['output']): string[] {
  const rows = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { description }]) => [code(name), description]);
  return table('Outputs', ['Name', 'Description'], rows);
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', line(head), line(head.map(cell => '-'.repeat(cell.length))), ...rows.map(line)];
}

const code = (text: string): string => `\`${text}\``;
