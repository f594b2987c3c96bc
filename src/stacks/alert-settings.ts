import type { Construct } from 'constructs';
import type { BreakGlassConfig } from '../config/schema.ts';
import type { AlertPathSettings } from '../constructs/alert-path.ts';
import { DEFAULT_NAMES } from '../names.ts';
import { EMAIL_SET, emailAddressVariable } from '../constructs/variables.ts';

/** Who is told, on either path: the variable for the addresses, and the rest from the configuration. */
export function alertSettings(scope: Construct, config: BreakGlassConfig): AlertPathSettings {
  const { emails, httpsEndpoints, chat } = config.alerts;
  // No preset while nobody is named: terraform then asks, and no deployment alerts nobody.
  const nobody = emails.length === 0 && httpsEndpoints.length === 0;
  emailAddressVariable(scope, nobody ? undefined : emails.join(','));
  return {
    emails: EMAIL_SET,
    httpsEndpoints: `toset(${JSON.stringify(httpsEndpoints)})`,
    auditLogRetentionDays: config.monitoring.auditLogRetentionDays,
    names: DEFAULT_NAMES,
    chatTopicName: chat?.topicName,
  };
}
