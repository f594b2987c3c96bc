import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { clientSettings, type AwsSettings } from './settings.ts';

export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Puts events on the default bus of a region, at most 10. The emulator takes any source; AWS refuses those that start
 * with `aws.`. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 *
 * @throws Error when the bus refuses one of them
 */
export async function putEvents(settings: AwsSettings, events: readonly BusEvent[]): Promise<void> {
  const client = new EventBridgeClient(clientSettings(settings));
  try {
    const Entries = events.map(event => ({
      Source: event.source,
      DetailType: event.detailType,
      Detail: JSON.stringify(event.detail),
    }));
    const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries }));
    const refused = answers.find(answer => answer.ErrorCode !== undefined);
    if (refused)
      throw new Error(`the bus in ${settings.region} refused an event: ${refused.ErrorCode} ${refused.ErrorMessage}`);
  } finally {
    client.destroy();
  }
}
