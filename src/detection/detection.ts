import type { AlertContext, AlertText } from './alerts.ts';
import type { EventPattern } from './patterns.ts';

/** One thing that is watched: the rule that sees it and the alert that tells it. */
export interface Detection {
  /** Construct id and part of the resource address; never renamed. */
  readonly id: string;
  readonly ruleName: string;
  readonly description: string;
  readonly pattern: EventPattern;
  alert(context: AlertContext): AlertText;
}

/** Every rule name starts with this; trust policies of forwarders and policies of queues rely on it. */
export const RULE_PREFIX = 'capture-breakglass-';

/** The same detection, for events of these accounts only: an allow-list, as other accounts may reach the bus too. */
export function fromAccounts(accounts: readonly string[], detection: Detection): Detection {
  return { ...detection, pattern: { account: accounts, ...detection.pattern } };
}

/**
 * The rule that only passes an event on, beside the one that alerts. It sees events of its own region alone: one that
 * came from elsewhere has made its one hop. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function forwardingFrom(region: string, detection: Detection): Detection {
  return {
    ...detection,
    id: `forward-${detection.id}`,
    ruleName: `${RULE_PREFIX}forward-${detection.ruleName.slice(RULE_PREFIX.length)}`,
    description: `Sends to the other alert path: ${detection.description}`,
    pattern: { region: [region], ...detection.pattern },
  };
}
