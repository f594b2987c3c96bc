import type { Deployed } from './account.ts';
import { PRIMARY_REGION, type Modules } from './modules.ts';
import type { Phase } from './types.ts';

/** How many rules each region must have: as many as the synthesized stacks hold. */
export function expectedRules(modules: Modules, secondaryRegions: readonly string[]): Readonly<Record<string, number>> {
  const forwarder = ruleCount(modules.forwarder);
  return {
    [PRIMARY_REGION]: ruleCount(modules.primary),
    ...Object.fromEntries(secondaryRegions.map(region => [region, forwarder])),
  };
}

function ruleCount({ resource }: Modules['primary']): number {
  const resources = resource as Readonly<Record<string, object | undefined>>;
  return Object.keys(resources.aws_cloudwatch_event_rule ?? {}).length;
}

/**
 * Why a phase that ended well is no number all the same, or null: every region must have every rule after a deployment
 * and none after a teardown, and all variants must have deployed the same.
 *
 * @param reference what the first variant of this size left, or null when this is the first
 */
export function wrongResult(
  phase: Phase,
  deployed: Deployed,
  expected: Readonly<Record<string, number>>,
  reference: Deployed | null,
): string | null {
  if (phase === 'destroy') return deployed.lines.length === 0 ? null : `left behind: ${deployed.lines.join('; ')}`;
  const wrong = Object.entries(expected).flatMap(([region, wanted]) => {
    const found = deployed.rulesByRegion[region] ?? 0;
    return found === wanted ? [] : `${region} ${found} of ${wanted}`;
  });
  if (wrong.length > 0) return `ended well, but rules are missing: ${wrong.join(', ')}`;
  if (reference === null) return null;
  const differences = [
    ...deployed.lines.filter(line => !reference.lines.includes(line)).map(line => `only here: ${line}`),
    ...reference.lines.filter(line => !deployed.lines.includes(line)).map(line => `missing here: ${line}`),
  ];
  return differences.length === 0 ? null : `deployed something else than the others, ${differences[0]}`;
}
