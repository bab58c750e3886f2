import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { carriersOf } from './frames.js';
import type { HttpContract } from './subject.js';
import { Visitor } from './visitor.js';
import { openWorld } from './world.js';

/** A proxy under whose own prefix the site is known: it cuts that off, and puts the mount in its place. */
export const describeProxied = (contract: HttpContract): void => {
  describe('behind a proxy that strips a prefix', () => {
    it.each(carriersOf(contract))('a visitor writes, changes, and reads over %s', async (_name, open) => {
      const world = await openWorld(contract);
      const visitor = new Visitor(await proxyTo(world.url), 'proxied');
      await visitor.connect();
      const { messageId } = await visitor.send('helo');
      const { sessionId } = visitor;
      await visitor.post('/edit', { sessionId, messageId, content: 'hello' });
      const reader = open(visitor, { after: 0 });
      const frames = await reader.upTo('ping');
      expect(frames.at(-1)?.type).toBe('ping');
      await world.pp.sendMessage(sessionId, { content: 'hi' });
      const [answer] = (await reader.upTo('message')).slice(-1);
      expect(answer).toMatchObject({ data: { content: 'hi', sender: 'operator' } });
      expect(await visitor.contents()).toEqual(['hello', 'hi']);
      reader.carrier.close();
      await reader.ended;
    });

    it('keeps its connections for many requests, and none of them mixes with another', async () => {
      const world = await openWorld(contract, { rateLimits: false });
      const url = await proxyTo(world.url);
      const visitors = await Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          const visitor = new Visitor(url, `proxied-${n}`);
          await visitor.connect();
          for (let i = 0; i < 5; i++) await visitor.send(`${n}.${i}`);
          return visitor;
        }),
      );
      for (const [n, visitor] of visitors.entries())
        expect(await visitor.contents()).toEqual([0, 1, 2, 3, 4].map((i) => `${n}.${i}`));
    });
  });
};

const PREFIX = '/support/chat';

/** @returns where the proxy has what is below `url` */
const proxyTo = async (url: string): Promise<string> => {
  const { hostname, port, pathname } = new URL(url);
  const onward = (req: IncomingMessage) =>
    request({
      hostname,
      port,
      method: req.method,
      path: pathname + (req.url ?? '').slice(PREFIX.length),
      headers: { ...req.headers, host: `${hostname}:${port}` },
    });
  const proxy = createServer((req, res) => {
    const to = onward(req);
    to.on('response', (from) => {
      res.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(res);
    });
    to.on('error', () => res.destroy());
    res.on('close', () => to.destroy());
    req.pipe(to);
  });
  proxy.on('upgrade', (req: IncomingMessage, socket: Duplex) => {
    const to = onward(req);
    to.on('upgrade', (from, upstream, head) => {
      const lines = Object.entries(from.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      if (head.length > 0) socket.write(head);
      upstream.pipe(socket).pipe(upstream);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    to.on('error', () => socket.destroy());
    to.end();
  });
  return listen(proxy);
};

const listen = async (proxy: Server): Promise<string> => {
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}`;
};
