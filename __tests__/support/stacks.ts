import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRegions } from '../../src/config/region-plan.ts';
import { parseConfig, type BreakGlassConfigInput } from '../../src/config/schema.ts';
import { createApp, type RoleRegions } from '../../src/stacks/app.ts';

/** The parts of a synthesized stack that tests look at. */
export interface SynthesizedStack {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly terraform: Record<string, unknown>;
  readonly variable?: Record<string, Record<string, unknown>>;
  readonly output?: Record<string, Record<string, unknown>>;
}

export const EXAMPLE = {
  alerts: { emails: ['security@example.com'] },
  roles: [
    { accountId: '111122223333', deploymentRoleArn: 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole' },
  ],
} satisfies BreakGlassConfigInput;

/** The same in three regions, for tests to which the others are the same again. */
export const IN_THREE_REGIONS = {
  ...EXAMPLE,
  regions: ['us-east-1', 'eu-west-1', 'eu-west-2'],
} satisfies BreakGlassConfigInput;

/** Synthesizes into a folder of its own and returns every file's text by its path in there. */
export function synthesize(input: BreakGlassConfigInput, roleRegions?: RoleRegions): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'break-glass-synth-'));
  try {
    const config = parseConfig(input, 'test');
    const outdir = join(folder, 'cdktf.out');
    createApp({ config, secondaryRegions: planRegions(config, null).secondaries, roleRegions, outdir }).synth();
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    return new Map(
      files.map(file => {
        const path = join(file.parentPath, file.name);
        return [path.slice(outdir.length + 1), readFileSync(path, 'utf8')] as const;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function stack(files: ReadonlyMap<string, string>, id: string): SynthesizedStack {
  const text = files.get(`stacks/${id}/cdk.tf.json`);
  if (text === undefined) throw new Error(`no stack ${id} among ${[...files.keys()].join(', ')}`);
  return JSON.parse(text) as SynthesizedStack;
}

/** `type.name` of every resource, sorted: the addresses that states hold. */
export function addresses({ resource }: SynthesizedStack): string[] {
  return Object.entries(resource)
    .flatMap(([type, named]) => Object.keys(named).map(name => `${type}.${name}`))
    .sort();
}

/**
 * The object inside `${jsonencode({...})}`. Terraform's object syntax becomes JSON; references stay as text.
 */
export function decoded(expression: unknown): unknown {
  const inner = /^\$\{jsonencode\((.*)\)\}$/s.exec(String(expression))?.[1];
  if (inner === undefined) throw new Error(`not a jsonencode expression: ${String(expression)}`);
  return JSON.parse(inner.replaceAll('" = ', '": ').replaceAll(/([:,] |\[)([a-z]\w*\.[\w.]*\w)(?=[,\]}])/g, '$1"$2"'));
}
