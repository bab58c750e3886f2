import { type AddressInfo, connect as connectTo } from 'node:net';
import websocket from '@fastify/websocket';
import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { pocketping } from '../src/index.js';

const engine = () => {
  const pp = new PocketPing({ storage: new MemoryStorage(), logger: recordingLogger() });
  onTestFinished(() => pp.stop());
  return pp;
};

const listen = async (app: FastifyInstance): Promise<string> => {
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
};

const connect = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ visitorId: 'v' }),
  });
  return { status: response.status, body: (await response.json()) as { sessionId: string; token: string } };
};

const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  const body = (await response.json()) as { error: { code: string } };
  return [response.status, body.error.code];
};

/** What comes back for a request that is written as it is, until the server ends the connection. */
const rawAnswer = (url: string, text: string) =>
  new Promise<string>((resolve, reject) => {
    const connection = connectTo(Number(new URL(url).port), '127.0.0.1', () => connection.write(text));
    onTestFinished(() => void connection.destroy());
    let answer = '';
    connection.on('error', reject);
    connection.on('close', () => resolve(answer));
    connection.on('data', (chunk) => {
      answer += chunk;
    });
  });

const firstFrame = (url: string, { sessionId, token }: { sessionId: string; token: string }) =>
  new Promise<{ type: string }>((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/stream?sessionId=${sessionId}`);
    onTestFinished(() => socket.terminate());
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', data: { token } })));
    socket.on('message', (text) => resolve(JSON.parse(text.toString())));
  });

describe('the Fastify plugin', () => {
  it('leaves the rest of the app alone: its routes, its parsers, its own 404', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    app.post('/double', async (request) => ({ twice: (request.body as { n: number }).n * 2 }));
    const url = await listen(app);
    expect((await connect(`${url}/chat`)).status).toBe(200);
    const doubled = await fetch(`${url}/double`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"n":2}',
    });
    expect(await doubled.json()).toEqual({ twice: 4 });
    expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({
      error: 'Not Found',
      statusCode: 404,
    });
  });

  it('answers everything below its prefix itself', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    for (const path of ['/chat', '/chat/', '/chat/nothing', '/chat/a/b/c?d=e'])
      expect(await codeOf(fetch(url + path)), path).toEqual([404, 'not_found']);
    const untyped = { method: 'POST', headers: { 'content-type': 'no type at all' }, body: '{}' };
    expect(await codeOf(fetch(`${url}/chat/connect`, untyped))).toEqual([415, 'unsupported_media_type']);
  });

  it.each([
    ['in a plugin of the app', '/v1/chat', '/v1', '/chat'],
    ['below a parameter', '/shops/7/chat', '/shops/:shop', '/chat'],
    ['with slashes too many', '/v1/chat', '/v1', '/chat/'],
    ['at the root', '', '', '/'],
  ])('works %s', async (_where, at, outer, prefix) => {
    const app = Fastify();
    await app.register(
      (scope, _options, done) => {
        scope.register(pocketping(engine()), { prefix });
        done();
      },
      { prefix: outer },
    );
    const url = await listen(app);
    expect((await connect(url + at)).status).toBe(200);
  });

  it('works where letters of a path do not matter', async () => {
    const app = Fastify({ routerOptions: { caseSensitive: false } });
    await app.register(pocketping(engine()), { prefix: '/Chat' });
    const url = await listen(app);
    expect((await connect(`${url}/chat`)).status).toBe(200);
  });

  it('is behind the hooks of the app, and what they refuse, the app answers', async () => {
    const app = Fastify();
    app.setErrorHandler((error: Error, _request, reply) => reply.code(418).send({ app: error.message }));
    app.addHook('preHandler', async (request) => {
      if (request.headers['x-staff'] === undefined) throw new Error('staff only');
    });
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    expect(await connect(`${url}/chat`)).toEqual({ status: 418, body: { app: 'staff only' } });
    expect((await connect(`${url}/chat`, { 'x-staff': 'yes' })).status).toBe(200);
  });

  it.each(['before', 'after'])(
    'shares the server with @fastify/websocket, registered %s it',
    async (when) => {
      const app = Fastify();
      const chat = pocketping(engine());
      if (when === 'after') await app.register(chat, { prefix: '/chat' });
      await app.register(websocket);
      if (when === 'before') await app.register(chat, { prefix: '/chat' });
      await app.register(async (scope) => {
        scope.get('/echo', { websocket: true }, (socket) => {
          socket.on('message', (text) => socket.send(`${text}`));
        });
      });
      const url = await listen(app);
      const { body } = await connect(`${url}/chat`);
      expect(await firstFrame(`${url}/chat`, body)).toMatchObject({ type: 'ping' });
      const echo = new WebSocket(`${url.replace('http', 'ws')}/echo`);
      echo.on('open', () => echo.send('"hello"'));
      expect(await new Promise((resolve) => echo.on('message', (text) => resolve(`${text}`)))).toBe(
        '"hello"',
      );
      echo.close();
    },
  );

  it('has two engines in one app', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/one' });
    await app.register(pocketping(engine()), { prefix: '/two' });
    const url = await listen(app);
    for (const mount of [`${url}/one`, `${url}/two`]) {
      const { body } = await connect(mount);
      expect(await firstFrame(mount, body)).toMatchObject({ type: 'ping' });
    }
  });

  it('ends with the app that it is registered in, and goes on in others', async () => {
    const pp = engine();
    const plugin = pocketping(pp);
    const apps = [Fastify(), Fastify()] as const;
    const urls = await Promise.all(
      apps.map(async (app) => {
        await app.register(plugin, { prefix: '/chat' });
        return `${await listen(app)}/chat`;
      }),
    );
    const { sessionId, token } = (await connect(urls[0] as string)).body;
    const streams = await Promise.all(
      urls.map((url) =>
        fetch(`${url}/stream?sessionId=${sessionId}`, { headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    await apps[0].close();
    expect(await streams[0]?.text()).toContain('"type":"ping"');
    expect((await connect(urls[1] as string)).status).toBe(200);
    const rest = streams[1]?.text();
    await pp.sendMessage(sessionId, { content: 'still here' });
    await apps[1].close();
    expect(await rest).toContain('still here');
    const later = Fastify();
    await later.register(plugin, { prefix: '/chat' });
    const url = `${await listen(later)}/chat`;
    expect((await connect(url)).status).toBe(200);
    await plugin.close();
    expect((await connect(url)).status).toBe(503);
    const last = Fastify();
    await last.register(plugin, { prefix: '/chat' });
    expect((await connect(`${await listen(last)}/chat`)).status).toBe(503);
  });

  it('closes with the app, though a stream is open', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    const { sessionId, token } = (await connect(`${url}/chat`)).body;
    const stream = await fetch(`${url}/chat/stream?sessionId=${sessionId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(stream.status).toBe(200);
    const read = stream.text();
    await app.close();
    expect(await read).toContain('"type":"ping"');
  });

  it('answers what asks for a WebSocket and not for the upgrade of its connection, as behind a proxy that drops that', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    const halfAsked =
      'GET /chat/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n';
    expect(await rawAnswer(url, halfAsked)).toMatch(/^HTTP\/1.1 401 /);
  });
});
