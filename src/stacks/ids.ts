/** Stack ids, as the contract names them. State files, workspaces and folders bear the same names. */

export const PRIMARY_STACK_ID = 'bg-user';

/** The role for the account of the caller's credentials; `deploy:all` leaves it to the person who has them. */
export const ROLE_STACK_ID = 'bg-role';

export function forwarderStackId(region: string): string {
  return `regional-forwarder-${region}`;
}

/** Forwarder in another account, which a monitored role stands in. */
export function accountForwarderStackId(accountId: string, region: string): string {
  return `regional-forwarder-${accountId}-${region}`;
}

/** Whether a stack's id is one of {@link accountForwarderStackId}. */
export function isAccountForwarder(stackId: string): boolean {
  return /^regional-forwarder-\d{12}-/.test(stackId);
}

export function roleStackId(accountId: string): string {
  return `bg-role-${accountId}`;
}
