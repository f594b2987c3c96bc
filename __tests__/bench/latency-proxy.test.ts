import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startLatencyProxy, type LatencyProxy } from '../../scripts/bench/latency-proxy.ts';

describe('the proxy that counts and delays', () => {
  let server: Server;
  let proxy: LatencyProxy;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { method, url, headers } = request;
      response.writeHead(418, { 'x-amzn-requestid': 'abc' });
      response.end(JSON.stringify({ method, url, host: headers.host, body: Buffer.concat(parts).toString() }));
    });
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startLatencyProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });

  it('passes call and answer on as they are', async () => {
    const answer = await fetch(`${proxy.endpoint}/path?a=b`, { method: 'POST', body: 'text' });
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-amzn-requestid')).toBe('abc');
    expect(await answer.json()).toEqual({
      method: 'POST',
      url: '/path?a=b',
      host: new URL(proxy.endpoint).host,
      body: 'text',
    });
  });

  it('counts since it was told to begin, and keeps the connection', async () => {
    for (let call = 0; call < 3; call += 1) await (await fetch(proxy.endpoint)).text();
    expect(proxy.counted()).toEqual({ calls: 3, lost: 0 });
    expect(connections).toBe(1);
    proxy.begin(0);
    expect(proxy.counted()).toEqual({ calls: 0, lost: 0 });
  });

  it('delays calls side by side, not one after another', async () => {
    proxy.begin(150);
    const started = performance.now();
    await Promise.all(Array.from({ length: 10 }, async () => (await fetch(proxy.endpoint)).text()));
    const taken = performance.now() - started;
    expect(taken).toBeGreaterThanOrEqual(145);
    expect(taken).toBeLessThan(10 * 150);
  });

  it('counts a call that nobody answered as lost', async () => {
    server.closeAllConnections();
    server.close();
    expect((await fetch(proxy.endpoint)).status).toBe(502);
    expect(proxy.counted()).toEqual({ calls: 1, lost: 1 });
  });
});
