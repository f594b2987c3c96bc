/** A loopback proxy in front of the emulator that fails on demand, as AWS and networks do. */
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorResponse } from './aws-errors.ts';

/**
 * `reset` and `hang` are the network's: before AWS got the request. `late`: AWS does as it was asked, its answer waits.
 * Every other one is an answer of AWS.
 */
export type Fault = NetworkFault | 'error500' | 'throttle' | 'denied' | 'scp' | 'expired' | 'not-ready';
export type NetworkFault = 'reset' | 'hang' | 'late';

export interface Rule {
  readonly fault: Fault;
  /** Of the credential scope. At an endpoint of our own also IAM signs for the provider's region. @default - every region */
  readonly region?: string;
  /** Of the credential scope: `events`, `iam`, `kms`, … @default - every service */
  readonly service?: string;
  /** `PutRule`, `CreateRole`, … @default - every action */
  readonly action?: string;
  /** What the request's body has to hold, for example a role's name. @default - anything */
  readonly body?: string;
  /** How many requests it takes. @default Infinity */
  readonly times?: number;
}

export interface Call {
  readonly region: string;
  readonly service: string;
  readonly action: string;
  /** Null when it was passed on. */
  readonly fault: Fault | null;
}

export interface ActiveRule {
  /** Requests that it took so far. */
  hits(): number;
  /** Resolves at its first request; with `late`, when AWS has done it. */
  readonly met: Promise<void>;
}

export interface FaultProxy {
  readonly endpoint: string;
  readonly calls: readonly Call[];
  /** Rules are asked in the order in which they were added; the first that matches takes the request. */
  add(rule: Rule): ActiveRule;
  /** Takes all rules away; what hangs is passed on, unless its client has left. */
  lift(): void;
  close(): Promise<void>;
}

interface Entry extends Rule {
  left: number;
  hit(): void;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const calls: Call[] = [];
  let rules: Entry[] = [];
  let hanging: (() => void)[] = [];

  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 30_000;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const told = describe(incoming, body);
    const rule = rules.find(entry => entry.left > 0 && matches(entry, told, body));
    calls.push({ ...told, fault: rule?.fault ?? null });
    const pass = () => passOn(incoming, body, outgoing);
    if (rule === undefined) return pass();
    rule.left -= 1;
    if (rule.fault !== 'late') rule.hit();
    switch (rule.fault) {
      case 'reset':
        incoming.socket.resetAndDestroy();
        return;
      case 'hang':
        hanging.push(() => (outgoing.destroyed ? undefined : pass()));
        return;
      case 'late':
        return passOn(incoming, body, outgoing, goOn => {
          hanging.push(goOn);
          rule.hit();
        });
      default: {
        const { status, headers, text } = errorResponse(rule.fault, told, incoming.headers);
        outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
      }
    }
  }

  function passOn(
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
    when: (goOn: () => void) => void = goOn => goOn(),
  ): void {
    const { method, url, headers } = incoming;
    const forwarded = request(`${target}${url}`, { method, headers, agent }, answered => {
      when(() => {
        outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(outgoing);
      });
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    add(rule) {
      let hits = 0;
      let tell = () => {};
      const met = new Promise<void>(resolve => (tell = resolve));
      rules.push({
        ...rule,
        left: rule.times ?? Infinity,
        hit: () => {
          hits += 1;
          tell();
        },
      });
      return { hits: () => hits, met };
    },
    lift() {
      rules = [];
      const waiting = hanging;
      hanging = [];
      for (const goOn of waiting) goOn();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

/** Region and service are signed into every request: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
function describe({ headers, method, url }: IncomingMessage, body: Buffer): Omit<Call, 'fault'> {
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');
  const target = headers['x-amz-target'];
  const action =
    typeof target === 'string'
      ? target.split('.').at(-1)
      : (/(?:^|&)Action=(\w+)/.exec(body.subarray(0, 10_000).toString())?.[1] ?? `${method} ${url}`);
  return { region: scope?.[1] ?? '', service: scope?.[2] ?? '', action: action ?? '' };
}

function matches(rule: Rule, call: Omit<Call, 'fault'>, body: Buffer): boolean {
  return (
    (rule.region === undefined || rule.region === call.region) &&
    (rule.service === undefined || rule.service === call.service) &&
    (rule.action === undefined || rule.action === call.action) &&
    (rule.body === undefined || body.includes(rule.body))
  );
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
