import { putEvents } from '../aws/event-bus.ts';
import { settingsFrom } from '../aws/settings.ts';
import { subscribe } from '../aws/subscriber.ts';
import { drillEvents, type DrillEvent, type DrillSubject } from '../detection/drill-events.ts';

/** What became of one event. */
export interface DrillOutcome {
  readonly event: DrillEvent;
  /** How often its alert arrived; 1 is right, 0 is a lost alert. */
  readonly deliveries: number;
  /** Milliseconds from the event to its first alert; null if none came. */
  readonly latencyMs: number | null;
  /** The alert as a person gets it. */
  readonly text: string | null;
}

export interface DrillOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly subject: DrillSubject;
  readonly topicArn: string;
  readonly primaryRegion: string;
  readonly regions: readonly string[];
  readonly drillId: string;
  /** Milliseconds to wait for alerts after the last one came. @default 10000 */
  readonly patienceMs?: number;
  readonly now: () => number;
}

/** Fires one event per detection in every region and waits at the topic for the alerts. For the emulator only. */
export async function fireDrill(options: DrillOptions): Promise<readonly DrillOutcome[]> {
  const { env, subject, drillId, now, patienceMs = 10_000 } = options;
  const inbox = await subscribe(
    settingsFrom(env, options.primaryRegion),
    options.topicArn,
    `break-glass-drill-${drillId}`,
  );
  try {
    const fired = new Map<string, { event: DrillEvent; at: number; alerts: { text: string; at: number }[] }>();
    for (const region of options.regions) {
      const events = drillEvents(subject, region, drillId);
      for (const event of events) fired.set(event.eventId, { event, at: now(), alerts: [] });
      await putEvents(settingsFrom(env, region), events);
    }
    let lastNews = now();
    // One more look after everything came: an alert that comes twice is a fault too.
    for (let quiet = false; !quiet;) {
      const texts = await inbox.receive();
      if (texts.length > 0) lastNews = now();
      for (const text of texts) fired.get(eventIdIn(text) ?? '')?.alerts.push({ text, at: now() });
      const complete = [...fired.values()].every(({ alerts }) => alerts.length > 0);
      quiet = texts.length === 0 && (complete || now() - lastNews > patienceMs);
    }
    return [...fired.values()].map(({ event, at, alerts }) => ({
      event,
      deliveries: alerts.length,
      latencyMs: alerts[0] === undefined ? null : alerts[0].at - at,
      text: alerts[0]?.text ?? null,
    }));
  } finally {
    await inbox.close();
  }
}

function eventIdIn(text: string): string | undefined {
  return /Event\s+(drill-\S+)/.exec(text)?.[1];
}
