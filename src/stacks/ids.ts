/** Stack ids, as the contract names them. State files, workspaces and folders bear the same names. */

export const PRIMARY_STACK_ID = 'bg-user';

/** The role for the account of the caller's credentials; `deploy:all` leaves it to the person who has them. */
export const ROLE_STACK_ID = 'bg-role';

export function forwarderStackId(region: string): string {
  return `regional-forwarder-${region}`;
}

export function roleStackId(accountId: string): string {
  return `bg-role-${accountId}`;
}
