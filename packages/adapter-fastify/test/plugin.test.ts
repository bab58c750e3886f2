import { type AddressInfo, connect as connectTo } from 'node:net';
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import Fastify4 from 'fastify-4';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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

  it('has no WebSockets below a prefix with a parameter: a request for one is a request like any other', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/shops/:shop/chat' });
    const url = await listen(app);
    const { body } = await connect(`${url}/shops/7/chat`);
    // The stream wants the token in a header, which a WebSocket has no way to send.
    await expect(firstFrame(`${url}/shops/7/chat`, body)).rejects.toThrow('401');
    expect(app.server.listenerCount('upgrade')).toBe(0);
  });

  it('has WebSockets at a prefix that stands for itself, whatever else hooks in', async () => {
    const app = Fastify();
    const seen: string[] = [];
    app.addHook('onRequest', async ({ url }) => void seen.push(url));
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    const { body } = await connect(`${url}/chat`);
    expect(await firstFrame(`${url}/chat`, body)).toMatchObject({ type: 'ping' });
    expect(seen).toEqual(['/chat/connect']);
  });

  it('answers 404 where a WebSocket is wanted of anything but the stream, beside @fastify/websocket', async () => {
    const app = Fastify();
    await app.register(websocket);
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    const { body } = await connect(`${url}/chat`);
    for (const path of ['/chat/messages', '/chat/streams', '/chat'])
      expect(
        await rawAnswer(
          url,
          `GET ${path}?sessionId=${body.sessionId} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        ),
        path,
      ).toMatch(/^HTTP\/1.1 404 /);
    expect(await firstFrame(`${url}/chat`, body)).toMatchObject({ type: 'ping' });
  });

  it('answers a client that offers HTTP/2 with its request as if it had not', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    const offering =
      'GET /chat/presence HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n';
    expect(await rawAnswer(url, offering)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('lets go of the server when the app closes: what asks for an upgrade then is not its any more', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/chat' });
    let left: number | undefined;
    // Registered later, and so called later: hooks run in the order in which they came.
    await app.register(async (scope) => {
      scope.addHook('preClose', async () => {
        left = app.server.listenerCount('upgrade');
      });
    });
    await listen(app);
    expect(app.server.listenerCount('upgrade')).toBe(1);
    await app.close();
    expect(left).toBe(0);
  });

  it('reads bodies itself, whatever parsers the app has', async () => {
    const app = Fastify({ bodyLimit: 10 });
    const parse = vi.fn((_request: unknown, _body: unknown, done: (error: Error) => void) =>
      done(new Error('parsed by the app')),
    );
    app.addContentTypeParser('application/x-own', { parseAs: 'string' }, parse as never);
    app.addContentTypeParser(/^text\//, { parseAs: 'string' }, parse as never);
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'string' }, parse as never);
    await app.register(pocketping(engine()), { prefix: '/chat' });
    const url = await listen(app);
    expect((await connect(`${url}/chat`)).status).toBe(200);
    for (const type of ['application/x-own', 'text/plain', 'application/octet-stream'])
      expect(
        await codeOf(
          fetch(`${url}/chat/connect`, { method: 'POST', headers: { 'content-type': type }, body: '{}' }),
        ),
        type,
      ).toEqual([415, 'unsupported_media_type']);
    expect(parse).not.toHaveBeenCalled();
  });

  it.each(['application/vnd.x+json', 'application/json', 'text/plain'])(
    'leaves %s to the app’s own parser outside of its prefix, and to none below it',
    async (type) => {
      const app = Fastify();
      const parse = vi.fn((_request: unknown, body: unknown, done: (error: null, body: unknown) => void) =>
        done(null, { parsed: body }),
      );
      app.removeContentTypeParser(type);
      app.addContentTypeParser(type, { parseAs: 'string', bodyLimit: 20 }, parse as never);
      await app.register(pocketping(engine()), { prefix: '/chat' });
      app.post('/own', async (request) => request.body);
      const url = await listen(app);
      const post = (path: string, body: string) =>
        fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body });
      expect(await (await post('/own', '{"n":2}')).json()).toEqual({ parsed: '{"n":2}' });
      expect(parse).toHaveBeenCalledTimes(1);
      const answer = await post('/chat/connect', JSON.stringify({ visitorId: 'longer-than-20-bytes' }));
      expect(answer.status).toBe(type === 'application/json' ? 200 : 415);
      expect(parse).toHaveBeenCalledTimes(1);
    },
  );

  it.each([
    ['as it is', {}],
    ['for another website', { origin: 'https://other.example' }],
    ['for a function', { origin: async () => true }],
  ])('answers preflights itself beside @fastify/cors %s', async (_how, options) => {
    const app = Fastify();
    await app.register(cors, options as object);
    await app.register(pocketping(engine(), { origins: ['https://www.example.com'] }), { prefix: '/chat' });
    app.get('/own', async () => 'own');
    const url = await listen(app);
    const preflight = (origin: string, path: string) =>
      fetch(url + path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = await preflight('https://www.example.com', '/chat/message/m');
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-allow-methods'),
      allowed.headers.get('access-control-allow-headers'),
    ]).toEqual([
      204,
      'https://www.example.com',
      expect.stringMatching(/PATCH.*DELETE|DELETE.*PATCH/),
      expect.stringMatching(/Authorization/i),
    ]);
    expect((await preflight('https://strangers.example', '/chat/message/m')).status).toBe(403);
    const response = await fetch(`${url}/chat/presence`, { headers: { origin: 'https://www.example.com' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://www.example.com');
    expect(
      (await preflight('https://other.example', '/own')).headers.get('access-control-allow-methods'),
    ).toContain('GET');
  });

  it('has WebSockets at a prefix whose letters are percent-encoded in a URL', async () => {
    const app = Fastify();
    await app.register(pocketping(engine()), { prefix: '/bonjour là' });
    const url = `${await listen(app)}/bonjour%20l%C3%A0`;
    const { body } = await connect(url);
    expect(await firstFrame(url, body)).toMatchObject({ type: 'ping' });
  });

  it('leaves errors that it knows nothing of to the app', async () => {
    const app = Fastify();
    app.setErrorHandler((error: Error, _request, reply) => reply.code(418).send({ app: error.message }));
    await app.register(pocketping(engine()), { prefix: '/chat' });
    app.addHook('preValidation', async () => {});
    const plugin = pocketping(engine());
    await app.register(
      async (scope) => {
        scope.addHook('onRequest', async () => {
          throw Object.assign(new Error('closed today'), { code: 'APP_CLOSED' });
        });
        await scope.register(plugin, { prefix: '/chat' });
      },
      { prefix: '/closed' },
    );
    const url = await listen(app);
    expect(await connect(`${url}/closed/chat`)).toEqual({ status: 418, body: { app: 'closed today' } });
  });

  it('counts its limits for each registration by itself', async () => {
    const app = Fastify();
    const plugin = pocketping(engine(), { rateLimits: { connect: { requests: 1, perMs: 60_000 } } });
    for (const prefix of ['/one', '/two', '/three']) await app.register(plugin, { prefix });
    const url = await listen(app);
    for (const prefix of ['/one', '/two', '/three']) {
      expect((await connect(url + prefix)).status, prefix).toBe(200);
      expect((await connect(url + prefix)).status, prefix).toBe(429);
    }
  });
});

describe('a registration that cannot work as it is meant', () => {
  it('in Fastify 4 fails at the start, with what to install', async () => {
    const app = Fastify4();
    app.register(pocketping(engine()) as never, { prefix: '/chat' });
    await expect(app.ready()).rejects.toThrow(
      /for Fastify 5, and this is Fastify 4\.\d.*npm install fastify@5$/,
    );
  });

  it('in a server that is not Fastify says so, and what to use there', async () => {
    const plugin = pocketping(engine()) as unknown as (...args: unknown[]) => void;
    const next = vi.fn();
    plugin({ url: '/' }, {}, next);
    expect(next.mock.calls).toEqual([
      [
        expect.objectContaining({
          message: expect.stringContaining('npm install @pocketping/adapter-express'),
        }),
      ],
    ]);
    expect(() => plugin({ url: '/' }, {})).toThrow('is not Fastify');
    expect(() => plugin(undefined, {})).toThrow('is not Fastify');
    expect(() => plugin({ register: () => {}, version: undefined }, {})).toThrow('an older Fastify');
  });

  it('has the log warn of options that register does not know, and of no others', async () => {
    const logger = recordingLogger();
    const pp = new PocketPing({ storage: new MemoryStorage(), logger });
    onTestFinished(() => pp.stop());
    const app = Fastify();
    onTestFinished(() => app.close());
    await app.register(pocketping(pp), { prefix: '/one', logLevel: 'warn' });
    expect(logger.lines).toEqual([]);
    const more = { prefix: '/two', origins: ['https://www.example.com'], rateLimits: false };
    await app.register(pocketping(pp), more as never);
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        fields: { options: ['origins', 'rateLimits'] },
        message: expect.stringContaining('pocketping(pp, { origins: … })'),
      },
    ]);
  });
});
