import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/schema.ts';
import { createApp } from '../../src/stacks/app.ts';
import { forwarderStackId, PRIMARY_STACK_ID } from '../../src/stacks/ids.ts';
import { ACCOUNT } from './account.ts';

type Json = { readonly [key: string]: unknown };

/** Our stacks' content as two plain modules, so that every other way deploys the same resources. */
export interface Modules {
  readonly primary: Json;
  /** Takes the variable `region`. */
  readonly forwarder: Json;
}

export const PRIMARY_REGION = 'us-east-1';

export interface Scope {
  readonly secondaryRegions: readonly string[];
  /** Whether each region gets a dead-letter queue. The provider waits 25 s for one, and computes nothing meanwhile. */
  readonly queues: boolean;
}

/** What all variants deploy. Others' `break-glass.config.ts` must not change the benchmark. */
export function benchConfig({ secondaryRegions, queues }: Scope) {
  return {
    primaryRegion: PRIMARY_REGION,
    securityAccountId: ACCOUNT,
    regions: [PRIMARY_REGION, ...secondaryRegions],
    alerts: { emails: ['security@example.com'] },
    monitoring: { deadLetterQueues: queues },
  };
}

/** Writes what `cdktf synth` would: one folder per stack below `outdir`. */
export function synthesize(outdir: string, scope: Scope): void {
  const config = parseConfig(benchConfig(scope), 'the benchmark');
  createApp({ config, secondaryRegions: scope.secondaryRegions, outdir }).synth();
}

/**
 * @param scratch a folder to synthesize into; removed afterwards
 * @throws Error when the forwarders of two regions differ in more than the region's name
 */
export function synthesizedModules(scratch: string, scope: Scope): Modules {
  synthesize(scratch, scope);
  const stack = (id: string): Json =>
    JSON.parse(readFileSync(join(scratch, 'stacks', id, 'cdk.tf.json'), 'utf8')) as Json;
  const modules = {
    primary: moduleOf(stack(PRIMARY_STACK_ID)),
    forwarder: forwarderModule(
      new Map(scope.secondaryRegions.map(region => [region, stack(forwarderStackId(region))])),
    ),
  };
  rmSync(scratch, { recursive: true });
  return modules;
}

/** One module for the forwarders of every region. */
export function forwarderModule(stacks: ReadonlyMap<string, Json>): Json {
  const [first, ...others] = [...stacks].map(([region, stack]) => withRegionVariable(moduleOf(stack), region));
  if (first === undefined) throw new Error('A forwarder needs a region beside the primary.');
  if (!others.every(other => isDeepStrictEqual(other, first))) {
    throw new Error('The forwarders of two regions differ in more than the name of the region.');
  }
  return first;
}

/** A root configuration without what belongs to the root alone. */
function moduleOf(stack: Json): Json {
  const { provider: _provider, terraform, ...content } = withoutComments(stack) as Record<string, Json>;
  const { backend: _backend, ...settings } = terraform as Json;
  return { ...content, terraform: settings };
}

/** cdktf's own notes (`//`) name the stack. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === '//' ? [] : [[key, withoutComments(inner)]])),
  );
}

function withRegionVariable(module: Json, region: string): Json {
  // In Terraform JSON every string is a template, also inside a jsonencode.
  const text = JSON.stringify(module).replaceAll(region, '${var.region}');
  const { variable, ...rest } = JSON.parse(text) as Record<string, Json>;
  return { ...rest, variable: { ...variable, region: { type: 'string' } } };
}

/** Writes `primary/` and `forwarder/` and the configuration that calls them. */
export function writeConfiguration(folder: string, modules: Modules, root: Json): void {
  for (const [name, content] of [
    ['.', { ...root, terraform: modules.primary.terraform }],
    ['primary', modules.primary],
    ['forwarder', modules.forwarder],
  ] as const) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'main.tf.json'), JSON.stringify(content, null, 2));
  }
}
