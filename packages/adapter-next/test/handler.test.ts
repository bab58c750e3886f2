import { PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type NextHandlerOptions, nextHandler } from '../src/index.js';
import { caller, connected, open, SECRET, standIn } from './open.js';

/** Headers as Next has them for such a route. */
const sealed = new Proxy(new Headers(), {
  get: (headers, name) => {
    if (name === 'delete' || name === 'set' || name === 'append') {
      return () => {
        throw new Error('Headers cannot be modified.');
      };
    }
    const value: unknown = Reflect.get(headers, name);
    return typeof value === 'function' ? value.bind(headers) : value;
  },
});

describe('a route of Next', () => {
  it('has with GET and POST all that a visitor does', async () => {
    const { call } = open();
    const { sessionId, token, seq } = await connected(call);
    const sent = await call('POST', '/message', { body: { sessionId, content: 'helo' }, token });
    const { messageId } = (await sent.json()) as { messageId: string };
    await call('POST', '/edit', { body: { sessionId, messageId, content: 'hello' }, token });
    const announced = await call('POST', '/upload', { body: { sessionId, name: 'a.txt', size: 5 }, token });
    const { uploadUrl, method } = (await announced.json()) as { uploadUrl: string; method: string };
    expect(method).toBe('POST');
    expect((await call(method, uploadUrl, { body: 'bytes', token })).status).toBe(200);
    expect((await call('POST', '/delete', { body: { sessionId, messageId }, token })).status).toBe(200);
    const { events } = (await (
      await call('GET', `/events?sessionId=${sessionId}&after=${seq}`, { token })
    ).json()) as { events: { type: string }[] };
    expect(events.map(({ type }) => type)).toEqual(['message', 'message_edited', 'message_deleted']);
  });

  it('delivers once the answer is there, and not for what changes nothing', async () => {
    const drains: number[] = [];
    const { call, afterwards } = open({ maxDuration: 60 }, (pp) =>
      standIn(pp, {
        drain: async ({ withinMs }: { withinMs: number }) => {
          drains.push(withinMs);
          return { left: 0, bridges: [] };
        },
      }),
    );
    await connected(call);
    await call('GET', '/nothing');
    expect(drains).toEqual([]);
    expect(afterwards).toHaveLength(1);
    await Promise.all([afterwards[0]?.(), afterwards[0]?.(), afterwards[0]?.()]);
    // Who came while one ran shares the one that follows it.
    expect(drains).toEqual([55_000, 55_000]);
  });

  it('ends a stream before the platform cuts it, and its client goes on where it was', async () => {
    const { call, clock, pp } = open({ maxDuration: 30 });
    const { sessionId, token } = await connected(call);
    await pp.sendMessage(sessionId, { content: 'one' });
    const first = await call('GET', `/stream?sessionId=${sessionId}&after=0`, { token });
    const read = first.text();
    await clock.advance(24_999);
    await pp.sendMessage(sessionId, { content: 'two' });
    await clock.advance(1);
    const text = await read;
    expect(text.match(/"content":"\w+"/g)).toEqual(['"content":"one"', '"content":"two"']);
    const last =
      text
        .match(/id: (\d+)/g)
        ?.at(-1)
        ?.slice(4) ?? '';
    await pp.sendMessage(sessionId, { content: 'three' });
    const gone = new AbortController();
    const resumed = await call('GET', `/stream?sessionId=${sessionId}&after=${last}`, {
      token,
      signal: gone.signal,
    });
    const rest = resumed.text();
    gone.abort();
    expect((await rest).match(/"content":"\w+"/g)).toEqual(['"content":"three"']);
  });

  it('answers a waiting poll before the platform cuts it', async () => {
    const { call, clock } = open({ maxDuration: 10 });
    const { sessionId, token, seq } = await connected(call);
    const before = clock.pending;
    const poll = call('GET', `/events?sessionId=${sessionId}&after=${seq}&wait=25`, { token });
    while (clock.pending < before + 2) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5000);
    expect(await (await poll).json()).toMatchObject({ events: [] });
  });

  it('says that there are no WebSockets', async () => {
    const { call } = open();
    const { sessionId, token } = await connected(call);
    const headers = { upgrade: 'websocket', 'sec-websocket-version': '13' };
    const response = await call('GET', `/stream?sessionId=${sessionId}`, { token, headers });
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await response.json()).toMatchObject({
      error: { code: 'upgrade_required', message: expect.stringContaining('server-sent events') },
    });
  });

  it('believes no header about where somebody comes from, unless told so', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' };
    const ipOf = async (options: NextHandlerOptions) => {
      const { call, pp } = open(options);
      const response = await call('POST', '/connect', { body: { visitorId: 'v' }, headers });
      const { sessionId } = (await response.json()) as { sessionId: string };
      return (await pp.getSession(sessionId))?.metadata.ip;
    };
    expect(await ipOf({})).toBeUndefined();
    expect(await ipOf({ trustProxy: [] })).toBeUndefined();
    expect(await ipOf({ trustProxy: ['loopback'] })).toBe('198.51.100.9');
    // That there is a proxy is known then, and by whichever of its names: nobody sees the connection.
    expect(await ipOf({ trustProxy: ['10.0.0.0/8'] })).toBe('198.51.100.9');
    expect(await ipOf({ trustProxy: ['198.51.100.9'] })).toBe('203.0.113.7');
  });
});

describe('a route whose file is not where it belongs', () => {
  it('in a folder [path] instead of [...path] says so, to who asks and once in the log', async () => {
    const { handler, logger } = open();
    const ask = (path: string, params: object) =>
      handler(new Request(`https://shop.example/api/chat/${path}`), { params: Promise.resolve(params) });
    for (const [path, segment] of [
      ['presence', 'presence'],
      ['a%20b/', 'a b'],
    ] as const) {
      const response = await ask(path, { shop: '7', path: segment });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { code: 'not_found', message: expect.stringContaining('Rename it to [...path]') },
      });
    }
    expect(logger.lines).toEqual([
      {
        level: 'error',
        fields: { path: '/api/chat/presence' },
        message: expect.stringContaining('folder [path], which catches one segment'),
      },
    ]);
  });

  it('is another thing than a path that is not there', async () => {
    const { call, handler, logger } = open();
    expect((await call('GET', '')).status).toBe(404);
    const params = { shop: '7', path: ['presence'] };
    const response = await handler(new Request('https://shop.example/shops/7/presence'), {
      params: Promise.resolve(params),
    });
    expect(response.status).toBe(200);
    const mount = await handler(new Request('https://shop.example/shops/7/chat'), {
      params: Promise.resolve({ shop: '7' }),
    });
    expect(await mount.json()).toMatchObject({ error: { message: expect.not.stringContaining('Rename') } });
    expect(logger.lines).toEqual([]);
  });

  it.each<[string, (request: Request, name: string | symbol) => unknown]>([
    ['that has no headers and takes none', (_, name) => (name === 'headers' ? sealed : undefined)],
    [
      'that cannot be read',
      (_, name) => {
        if (name === 'signal') throw new TypeError('Illegal invocation');
      },
    ],
  ])(
    'is refused where Next renders it statically, with a stand-in for the request %s',
    async (_how, stand) => {
      const { handler, pp } = open();
      const connect = vi.spyOn(pp.conversation, 'connect');
      const standIn = new Proxy(new Request('https://shop.example/api/chat/connect', { method: 'POST' }), {
        get: (request, name) => stand(request, name) ?? Reflect.get(request, name),
      });
      const asked = handler(standIn, { params: Promise.resolve({ path: ['connect'] }) });
      await expect(asked).rejects.toThrow(/rendered statically.*export const dynamic = 'force-static'/s);
      expect(connect).not.toHaveBeenCalled();
    },
  );
});

describe('a drain', () => {
  it('is for who knows the secret', async () => {
    const { call } = open({ drainSecret: SECRET });
    for (const token of ['', SECRET.slice(1), `${SECRET}.`, 'x'.repeat(5000)])
      expect((await call('GET', '/drain', { token })).status).toBe(401);
    expect((await call('GET', '/drain')).status).toBe(401);
    expect((await call('PUT', '/drain', { token: SECRET })).status).toBe(405);
    for (const method of ['GET', 'POST']) {
      const response = await call(method, '/drain', { token: SECRET });
      expect(await response.json()).toEqual({ left: 0, bridges: [] });
    }
  });

  it('is not there without a secret, and a short one is refused', async () => {
    expect((await open().call('GET', '/drain', { token: 'undefined' })).status).toBe(404);
    expect(() => open({ drainSecret: 'short' })).toThrow('16 characters');
  });

  it('takes its secret from CRON_SECRET', async () => {
    vi.stubEnv('CRON_SECRET', SECRET);
    expect((await open().call('GET', '/drain', { token: SECRET })).status).toBe(200);
    vi.stubEnv('CRON_SECRET', 'short');
    expect(() => open()).toThrow(/CRON_SECRET.*16 characters/);
    // As of a variable that is named and not set.
    vi.stubEnv('CRON_SECRET', '');
    expect((await open().call('GET', '/drain', { token: SECRET })).status).toBe(404);
  });

  it('says which methods it answers', async () => {
    const { call } = open({ drainSecret: SECRET });
    const response = await call('DELETE', '/drain', { token: SECRET });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
});

describe('an engine', () => {
  it('with a bridge that needs a process which runs all the time is refused, with what to do instead', async () => {
    const pp = new PocketPing({ logger: recordingLogger() });
    expect(() => nextHandler(standIn(pp, { connectedBridges: ['support'] }))).toThrow(
      /"support" listens on a connection of its own.*webhook/s,
    );
  });

  it('that is given such a bridge later answers nobody until it is without', async () => {
    const names: string[] = [];
    const { call, logger } = open({}, (pp) =>
      standIn(pp, {
        get connectedBridges() {
          return names;
        },
      }),
    );
    const { sessionId, token } = await connected(call);
    names.push('support');
    expect((await call('GET', `/messages?sessionId=${sessionId}`, { token })).status).toBe(500);
    expect(logger.lines.at(-1)?.fields.err).toMatchObject({ message: expect.stringContaining('"support"') });
  });

  it('whose route was closed before it was asked for serves nobody', async () => {
    const { pp } = open();
    const handler = nextHandler(() => pp, { after: () => {} });
    handler.close();
    expect((await caller(handler)('POST', '/connect', { body: { visitorId: 'v' } })).status).toBe(503);
  });

  it('is asked for at the first request, and not while Next builds', async () => {
    const { pp } = open();
    const create = vi.fn(() => pp);
    const call = caller(nextHandler(create, { after: () => {} }));
    expect(create).not.toHaveBeenCalled();
    await connected(call);
    await connected(call);
    expect(create).toHaveBeenCalledTimes(1);
  });

  it('of an edited module takes the place of the one before it, in development', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const [before, edited, elsewhere] = [open(), open(), open()];
    const stopped = [before, edited, elsewhere].map(({ pp }) => vi.spyOn(pp, 'stop'));
    await connected(before.call);
    await connected(before.call);
    expect(stopped[0]).not.toHaveBeenCalled();
    await connected(edited.call);
    expect(stopped[0]).toHaveBeenCalledTimes(1);
    expect(stopped[1]).not.toHaveBeenCalled();
    const other = new Request('https://shop.example/other/connect', { method: 'POST' });
    await elsewhere.handler(other, { params: Promise.resolve({ all: ['connect'] }) });
    expect(stopped[1]).not.toHaveBeenCalled();
  });
});
