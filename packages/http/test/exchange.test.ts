import { MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { createExchange, type HttpOptions, routes, type TextSink, type WireInput } from '../src/index.js';

const setUp = (options?: HttpOptions) => {
  const clock = virtualClock();
  const pp = new PocketPing({ clock, storage: new MemoryStorage({ clock }), logger: recordingLogger() });
  const exchange = createExchange(pp, options);
  const ask = async (method: string, path: string, more: Partial<WireInput> & { json?: unknown } = {}) => {
    const { json, headers, ...rest } = more;
    const output = await exchange({
      method,
      path,
      query: '',
      remoteAddress: '203.0.113.7',
      body: async () => JSON.stringify(json),
      stream: () => new Response(JSON.stringify(json)).body as ReadableStream<Uint8Array>,
      onGone: () => {},
      ...rest,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json', 'content-length': '1' }),
        ...headers,
      },
    });
    return { ...output, json: output.body === '' ? undefined : JSON.parse(output.body) };
  };
  const visitor = async () => {
    const { json } = await ask('POST', '/connect', { json: { visitorId: 'v' } });
    return { sessionId: json.sessionId as string, headers: { authorization: `Bearer ${json.token}` } };
  };
  return { clock, pp, exchange, ask, visitor };
};

/** A sink that takes everything and tells what it has. */
const recordingSink = () => {
  const gone: (() => void)[] = [];
  const sink = {
    bufferedBytes: 0,
    text: '',
    ended: false,
    write: (text: string) => {
      sink.text += text;
    },
    end: () => {
      sink.ended = true;
    },
    onGone: (run: () => void) => {
      gone.push(run);
    },
    leave: () => {
      for (const run of gone) run();
    },
  };
  return sink satisfies TextSink;
};

describe('the table of routes', () => {
  it('has every path and method once, and a schema wherever something is read', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { reads, request } of routes) expect(request === undefined).toBe(reads === 'nothing');
  });

  it('lets nobody in without a token but who connects, platforms that prove themselves to their bridge, and who has the address of a file', () => {
    const open = routes.filter(({ who }) => who !== 'visitor').map(({ method, path }) => `${method} ${path}`);
    expect(open).toEqual([
      'POST /connect',
      'GET /files/:attachmentId',
      'GET /presence',
      'POST /webhooks/:bridge',
      'GET /health',
    ]);
  });
});

describe('an exchange', () => {
  it('needs no server', async () => {
    const { ask, visitor } = setUp();
    const { sessionId, headers } = await visitor();
    const sent = await ask('POST', '/message', { headers, json: { sessionId, content: 'hello' } });
    expect(sent).toMatchObject({ status: 200, json: { messageId: expect.stringMatching(/^msg_/) } });
  });

  it('does not ask for the body of a request that its head condemns', async () => {
    const { ask } = setUp();
    const body = () => Promise.reject(new Error('must not be read'));
    const headers = { 'content-type': 'application/json', 'content-length': '5' };
    expect((await ask('POST', '/message', { headers, body })).status).toBe(401);
    expect((await ask('POST', '/nothing', { headers, body })).status).toBe(404);
    expect((await ask('PUT', '/message', { headers, body })).status).toBe(405);
    expect((await ask('POST', '/connect', { headers: { ...headers, origin: 'null' }, body })).status).toBe(
      403,
    );
    expect((await ask('POST', '/connect', { headers: { 'content-type': 'text/plain' }, body })).status).toBe(
      415,
    );
  });

  it('refuses a compressed body rather than unpack it', async () => {
    const { ask } = setUp();
    const headers = { 'content-encoding': 'gzip' };
    expect((await ask('POST', '/connect', { headers, json: { visitorId: 'v' } })).status).toBe(415);
  });

  it('compares its own origin with the host that a trusted proxy was asked for', async () => {
    const headers = {
      origin: 'https://www.example.com',
      host: 'backend:3000',
      'x-forwarded-host': 'www.example.com',
    };
    const request = { headers, json: { visitorId: 'v' } };
    expect((await setUp().ask('POST', '/connect', request)).status).toBe(403);
    expect((await setUp({ trustProxy: ['203.0.113.7'] }).ask('POST', '/connect', request)).status).toBe(200);
  });

  it('passes on how long a refusal lasts, in whole seconds', async () => {
    const { ask } = setUp({ rateLimits: { public: { requests: 1, perMs: 1500 } } });
    await ask('GET', '/health');
    expect(await ask('GET', '/health')).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  });

  it('says 503 of a storage that does not answer', async () => {
    const { pp } = setUp();
    const sick = createExchange({
      conversation: pp.conversation,
      clock: pp.clock,
      logger: pp.logger,
      health: async () => ({ status: 'down', bridges: [] }),
      webhook: (bridge, request) => pp.webhook(bridge, request),
    });
    const output = await sick({
      method: 'GET',
      path: '/health',
      query: '',
      headers: {},
      remoteAddress: undefined,
      body: async () => '',
      stream: () => new ReadableStream(),
      onGone: () => {},
    });
    expect(output).toMatchObject({ status: 503, body: '{"status":"down","bridges":[]}' });
  });
});

describe('a stream of events', () => {
  const open = async (options?: HttpOptions) => {
    const world = setUp(options);
    const { sessionId, headers } = await world.visitor();
    const output = await world.ask('GET', '/stream', { headers, query: `sessionId=${sessionId}` });
    const sink = recordingSink();
    return { ...world, sessionId, headers, output, sink };
  };

  it('refuses before it has sent anything', async () => {
    const { ask, headers } = await open();
    const output = await ask('GET', '/stream', { headers, query: 'sessionId=sess_unknown' });
    const sink = recordingSink();
    expect(await output.stream?.(sink)).toMatchObject({ status: 404 });
    expect(sink.text).toBe('');
  });

  it('stops and is forgotten when its reader leaves', async () => {
    const { output, sink, clock, pp, sessionId } = await open();
    expect(await output.stream?.(sink)).toBeUndefined();
    expect(sink.text).toContain('"ping"');
    const before = sink.text;
    sink.leave();
    await pp.sendMessage(sessionId, { content: 'too late' });
    await clock.advance(60_000);
    expect(sink.text).toBe(before);
  });

  it('is cut when its reader is further behind than allowed, and not before', async () => {
    const { output, sink, pp, sessionId } = await open({ streamBufferBytes: 1000 });
    await output.stream?.(sink);
    sink.bufferedBytes = 1000;
    await pp.sendMessage(sessionId, { content: 'taken' });
    expect(sink.text).toContain('taken');
    sink.bufferedBytes = 1001;
    await pp.sendMessage(sessionId, { content: 'refused' });
    expect(sink).toMatchObject({ ended: true, text: expect.not.stringContaining('refused') });
  });

  it('ends with the exchange', async () => {
    const { output, sink, exchange, ask } = await open();
    await output.stream?.(sink);
    exchange.close();
    expect(sink.ended).toBe(true);
    expect((await ask('GET', '/health')).status).toBe(503);
  });

  it('answers HEAD without beginning', async () => {
    const { ask, headers, sessionId } = await open();
    const output = await ask('HEAD', '/stream', { headers, query: `sessionId=${sessionId}` });
    expect(output).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(output.stream).toBeUndefined();
  });
});
