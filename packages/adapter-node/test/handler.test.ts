import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createHandler } from '../src/index.js';

const setUp = () => {
  const logger = recordingLogger();
  const pp = new PocketPing({ storage: new MemoryStorage(), logger });
  onTestFinished(() => pp.stop());
  return { pp, logger };
};

const listen = async (listener: RequestListener): Promise<{ server: Server; url: string }> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const connect = async (url: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ visitorId: 'v' }),
  });
  return { status: response.status, body: await response.json() };
};

const refusedWith = (url: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
  });

describe('the mount', () => {
  it.each(['/pocketping', 'pocketping/', '/'])('may be written %s', async (path) => {
    const { handle } = createHandler(setUp().pp, { path });
    const { url } = await listen(handle);
    expect((await connect(`${url}${path === '/' ? '' : '/pocketping'}/connect`)).status).toBe(200);
  });

  it('leaves what is elsewhere to the next handler, and answers 404 where there is none', async () => {
    const { handle } = createHandler(setUp().pp);
    const { url } = await listen((req, res) => {
      if (req.headers['x-alone']) handle(req, res);
      else handle(req, res, () => res.end('mine'));
    });
    for (const path of ['/', '/pocketpingx', '/pocketping-2/connect', '/connect']) {
      expect(await (await fetch(url + path)).text()).toBe('mine');
      expect((await fetch(url + path, { headers: { 'x-alone': '1' } })).status).toBe(404);
    }
  });

  it('refuses options that make no sense', () => {
    const { pp } = setUp();
    expect(() => createHandler(pp, { origins: ['shop.example'] })).toThrow(/https:\/\/www\.example\.com/);
    expect(() => createHandler(pp, { origins: ['https://shop.example/path'] })).toThrow(TypeError);
    expect(() => createHandler(pp, { trustProxy: ['my-proxy'] })).toThrow(/my-proxy/);
    expect(() => createHandler(pp, { rateLimits: { message: { requests: 0, perMs: 1 } } })).toThrow(
      TypeError,
    );
  });
});

describe('a body that somebody else has read', () => {
  it('is an error that says what to do, and not a request that hangs', async () => {
    const { pp, logger } = setUp();
    const { handle } = createHandler(pp);
    const { url } = await listen((req, res) => {
      req.resume().on('end', () => handle(req, res));
    });
    expect(await connect(`${url}/pocketping/connect`)).toMatchObject({
      status: 500,
      body: { error: { code: 'internal_error' } },
    });
    const [line] = logger.lines.filter(({ level }) => level === 'error');
    expect(String(line?.fields.err)).toContain('req.body');
  });

  it('is taken from req.body, within the same limit', async () => {
    const { handle } = createHandler(setUp().pp);
    const { url } = await listen((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const padding = Buffer.alloc(req.headers['x-pad'] ? 70_000 : 0, 32);
        handle(Object.assign(req, { body: Buffer.concat([...chunks, padding]) }), res);
      });
    });
    expect((await connect(`${url}/pocketping/connect`)).status).toBe(200);
    const padded = await fetch(`${url}/pocketping/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pad': '1' },
      body: '{}',
    });
    expect(padded.status).toBe(413);
  });
});

describe('upgrades', () => {
  it('elsewhere are left to others, and refused where there are none', async () => {
    const handler = createHandler(setUp().pp);
    const { server, url } = await listen(handler.handle);
    const ws = url.replace('http', 'ws');
    const detach = handler.attach(server);
    expect(await refusedWith(`${ws}/elsewhere`)).toBe(404);

    const others = new WebSocketServer({ noServer: true });
    const listener: Parameters<typeof server.on>[1] = (req, socket, head) => {
      if (req.url === '/elsewhere')
        others.handleUpgrade(req, socket, head, (socket) => socket.send('theirs'));
    };
    server.on('upgrade', listener);
    const theirs = await new Promise((resolve) => {
      const socket = new WebSocket(`${ws}/elsewhere`);
      socket.on('message', (data) => {
        socket.terminate();
        resolve(data.toString());
      });
    });
    expect(theirs).toBe('theirs');
    server.off('upgrade', listener);

    detach();
    expect(server.listenerCount('upgrade')).toBe(0);
    // Node hands an upgrade that nobody listens to over as a request.
    expect(await refusedWith(`${ws}/pocketping/stream?sessionId=s`)).toBe(401);
  });

  it.each([
    [
      'an app of Express',
      Object.assign(() => {}, { on: () => {}, listenerCount: () => 0 }),
      /not a function, as the app is\.$/,
    ],
    ['an app', { on: () => {}, listen: () => {} }, /not an object that is no server\.$/],
    ['undefined', undefined, /not undefined\.$/],
    ['null', null, /not null\.$/],
    ['a port', 3000, /not number\.$/],
  ])('are not taken from what is no server: %s', (_what, server, said) => {
    const { attach } = createHandler(setUp().pp);
    expect(() => attach(server as never)).toThrow(TypeError);
    expect(() => attach(server as never)).toThrow(/^attach: pass what app\.listen\(\) returns/);
    expect(() => attach(server as never)).toThrow(said);
  });

  it('come too late while the handler closes', async () => {
    const handler = createHandler(setUp().pp);
    const { server, url } = await listen(handler.handle);
    handler.attach(server);
    await handler.close();
    expect(await refusedWith(`${url.replace('http', 'ws')}/pocketping/stream?sessionId=s`)).toBe(503);
    const late = await fetch(`${url}/pocketping/health`);
    expect(late.status).toBe(503);
    expect(late.headers.get('connection')).toBe('close');
  });
});

describe('beside other listeners', () => {
  it('an offer of another protocol is ignored, and the request served', async () => {
    const { pp } = setUp();
    const handler = createHandler(pp);
    const { server, url } = await listen((req, res) =>
      handler.handle(req, res, () => res.end(`the app's own ${req.url}`)),
    );
    handler.attach(server);
    const ask = (path: string) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const headers = {
          Connection: 'Upgrade, HTTP2-Settings',
          Upgrade: 'h2c',
          'HTTP2-Settings': 'AAMAAABk',
        };
        request(`${url}${path}`, { headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode, text }));
        })
          .on('error', reject)
          .end();
      });
    expect(await ask('/page')).toEqual({ status: 200, text: "the app's own /page" });
    expect((await ask('/pocketping/presence')).status).toBe(200);
  });

  it('attaching twice serves each WebSocket once', async () => {
    const { pp } = setUp();
    const handler = createHandler(pp);
    const { server, url } = await listen((req, res) => handler.handle(req, res));
    handler.attach(server);
    handler.attach(server);
    const connected = await connect(`${url}/pocketping/connect`);
    const body = connected.body as { sessionId: string; token: string; seq: number };
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/pocketping/stream?sessionId=${body.sessionId}`,
    );
    const first = new Promise<string>((resolve) => socket.once('message', (frame) => resolve(String(frame))));
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', data: { token: body.token, after: body.seq } })),
    );
    expect(JSON.parse(await first)).toMatchObject({ type: 'ping' });
    socket.close();
  });
});
