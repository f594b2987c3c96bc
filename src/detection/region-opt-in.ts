import { regionOptInAlert } from './alerts.ts';
import { RULE_PREFIX, type Detection } from './detection.ts';

/**
 * A region that is being enabled or disabled. AWS sends an event at the start and one at the end, to us-east-1 in its
 * example; the rule is everywhere, as no page promises that region.
 * https://docs.aws.amazon.com/accounts/latest/reference/monitoring-events.html
 */
export function regionOptInDetections(): readonly Detection[] {
  return [
    {
      id: 'region-opt-in',
      ruleName: `${RULE_PREFIX}region-opt-in`,
      description: 'A region is enabled or disabled for this account',
      pattern: { source: ['aws.account'], 'detail-type': ['Region Opt-In Status Change'] },
      alert: regionOptInAlert,
    },
  ];
}
