import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LatencyProxy {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Starts counting anew. `latencyMs` is added to each call from now on. */
  begin(latencyMs: number): void;
  /** Since the last `begin`: how many calls came, and how many of them the emulator left without an answer. */
  counted(): { readonly calls: number; readonly lost: number };
  close(): Promise<void>;
}

/**
 * A loopback HTTP proxy in front of the emulator, which counts calls and slows each one down, side by side as a network
 * does. Connections are kept alive on both sides, as AWS keeps them. Request and answer go through as they are.
 */
export async function startLatencyProxy(target: string): Promise<LatencyProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  let latencyMs = 0;
  let calls = 0;
  let lost = 0;

  const server = createServer((incoming, outgoing) => {
    calls += 1;
    if (latencyMs === 0) forward(incoming, outgoing);
    else setTimeout(() => forward(incoming, outgoing), latencyMs);
  });

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming;
    const call = request({ hostname, port, agent, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    call.on('error', () => {
      lost += 1;
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    incoming.pipe(call);
  }

  // A client that picks up an idle connection just as we close it would lose a call.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(latency) {
      latencyMs = latency;
      calls = 0;
      lost = 0;
    },
    counted: () => ({ calls, lost }),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
