import { assumeRoleAlert, signInAlert, switchRoleAlert, type AlertContext, type AlertText } from './alerts.ts';
import {
  assumeRolePattern,
  signInPattern,
  switchRolePattern,
  type EventPattern,
  type WatchedUsers,
} from './patterns.ts';

/** One thing that is watched: the rule that sees it and the alert that tells it. */
export interface Detection {
  /** Construct id and part of the resource address; never renamed. */
  readonly id: string;
  readonly ruleName: string;
  readonly description: string;
  readonly pattern: EventPattern;
  alert(context: AlertContext): AlertText;
}

/** Every rule name starts with this; trust policies of forwarders rely on it. */
export const RULE_PREFIX = 'capture-breakglass-';

/** The use of a break glass user, as its own account sees it. No event matches two of them, so none alerts twice. */
export function userDetections(users: WatchedUsers): readonly Detection[] {
  return [
    {
      id: 'sign-in',
      ruleName: `${RULE_PREFIX}user-sign-in`,
      description: 'A break glass user signs in, fails to, passes MFA, or uses aws login',
      pattern: signInPattern(users),
      alert: signInAlert,
    },
    {
      id: 'switch-role',
      ruleName: `${RULE_PREFIX}user-switch-role`,
      description: 'A break glass user switches role in the console',
      pattern: switchRolePattern(users),
      alert: switchRoleAlert,
    },
    {
      id: 'assume-role',
      ruleName: `${RULE_PREFIX}user-assume-role`,
      description: 'A break glass user assumes a role or takes a session, or is denied it',
      pattern: assumeRolePattern(users),
      alert: assumeRoleAlert,
    },
  ];
}
