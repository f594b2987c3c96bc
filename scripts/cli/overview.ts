import type { Preflight } from '../../src/operations/preflight.ts';
import type { BreakGlassConfig } from '../../src/config/schema.ts';
import { wrap } from '../../src/rollout/renderers/text.ts';
import type { StackNode } from '../../src/rollout/types.ts';

const LABEL_WIDTH = 11;

/**
 * What is about to happen, before anybody is asked to confirm it.
 *
 * @param columns width of the terminal; lines break between words. @default - no limit
 */
export function overview(
  preflight: Preflight,
  nodes: readonly StackNode[],
  verb: 'apply' | 'destroy' | 'plan',
  columns = Infinity,
): string {
  const row = (label: string, text: string): string =>
    wrap(text, columns - LABEL_WIDTH)
      .map((line, index) => (index === 0 ? label : '').padEnd(LABEL_WIDTH) + line)
      .join('\n');
  const { config, identity, regions, plan } = preflight;
  const enabled = regions.filter(region => region.status === 'enabled');
  const off = regions.filter(region => region.status !== 'enabled').map(region => region.name);
  const recipients = [...config.alerts.emails, ...config.alerts.httpsEndpoints.map(hostOf)];
  return [
    row('Account', `${identity.accountId} as ${identity.arn}    partition ${identity.partition}`),
    row('Primary', `${config.primaryRegion}        State  ${stateOf(config.backend)}`),
    row('Alerts', recipients.join(', ') || 'nobody'),
    row(
      'Regions',
      `${enabled.length} enabled of ${regions.length}${off.length === 0 ? '' : ` (not enabled: ${shorten(off, 2)})`}`,
    ),
    ...(plan.leftOut.length === 0
      ? []
      : [row('', `left out by the configuration, NOT monitored: ${plan.leftOut.join(', ')}`)]),
    ...(plan.pending.length === 0 ? [] : [row('', `still changing, run again later: ${plan.pending.join(', ')}`)]),
    row('Stacks', `${nodes.length} to ${verb}: ${groups(nodes).join(', ')}`),
  ].join('\n');
}

/** An https endpoint's path often holds a secret. */
function hostOf(url: string): string {
  return `https://${new URL(url).host}/…`;
}

function shorten(names: readonly string[], show: number): string {
  return names.length <= show + 1
    ? names.join(', ')
    : `${names.slice(0, show).join(', ')}, … ${names.length - show} more`;
}

function groups(nodes: readonly StackNode[]): string[] {
  const forwarders = nodes.filter(node => node.id.startsWith('regional-forwarder-'));
  const others = nodes.filter(node => !forwarders.includes(node)).map(node => node.id);
  const group = forwarders.length > 2 ? [`${forwarders.length} regional-forwarder-*`] : forwarders.map(node => node.id);
  return [
    ...others.slice(0, 1),
    ...group,
    ...(others.length > 4 ? [`${others.length - 1} bg-role-*`] : others.slice(1)),
  ];
}

function stateOf(backend: BreakGlassConfig['backend']): string {
  switch (backend.type) {
    case 'local':
      return 'local (state/)';
    case 's3':
      return `s3://${backend.bucket}/${backend.keyPrefix}/`;
    case 'cloud':
      return `${backend.hostname}/${backend.organization}`;
  }
}
