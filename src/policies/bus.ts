/** Who may put events on the default bus from another account. */
export interface BusPermission {
  readonly action: 'events:PutEvents';
  /** The account, whole: EventBridge takes no role here. */
  readonly principal: string;
  readonly statementId: string;
}

/**
 * One statement per account, added to the bus's policy beside those of other people: a policy as a whole would replace
 * theirs. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 *
 * @param prefix of the statement id, by which tampering with it is seen
 */
export function busPermission(prefix: string, accountId: string): BusPermission {
  return { action: 'events:PutEvents', principal: accountId, statementId: `${prefix}${accountId}` };
}
