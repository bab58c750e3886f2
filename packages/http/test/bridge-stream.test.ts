import { MemoryStorage, PocketPing } from '@pocketping/core';
import type { BridgeEventInput } from '@pocketping/protocol';
import { recordingLogger, virtualClock } from '@pocketping/testing';
import { describe, expect, it } from 'vitest';
import { createExchange, type TextSink, type WireInput, type WireOutput } from '../src/index.js';

const API_KEY = 'a-key-of-many-letters';
const OPERATOR = { kind: 'operator', id: '1', name: 'Grace', via: 'telegram' } as const;

const world = async () => {
  const clock = virtualClock();
  const storage = new MemoryStorage({ clock });
  const pp = new PocketPing({ clock, storage, logger: recordingLogger() });
  const exchange = createExchange(pp, { bridgeApi: { apiKey: API_KEY }, streamBufferBytes: 1000 });
  const ask = (
    method: string,
    path: string,
    more: { query?: string; body?: object; headers?: object } = {},
  ) =>
    exchange({
      method,
      path,
      query: more.query ?? '',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(more.body && { 'content-type': 'application/json' }),
        ...more.headers,
      },
      remoteAddress: '203.0.113.9',
      body: async () => JSON.stringify(more.body),
      stream: () => new Blob([]).stream(),
      onGone: () => {},
    } satisfies WireInput);
  const take = (body: BridgeEventInput) => ask('POST', '/api/events', { body });
  await take({ type: 'new_session', session: { id: 'sess_1', visitorId: 'vis_1' } });
  let messages = 0;
  /** Somebody of the team answers, as a bridge's word of it is committed. */
  const answer = async (content: string) => {
    const id = `msg_${++messages}`;
    const result = await storage.commit({
      at: clock.now(),
      session: { id: 'sess_1' },
      insert: [{ id, sessionId: 'sess_1', author: OPERATOR, audience: 'all', content }],
      events: [{ type: 'message', messageId: id, actor: OPERATOR, origin: 'telegram' }],
    });
    if (result.conflict !== undefined) throw new Error(`unexpected conflict: ${result.conflict}`);
    return result.events[0]?.position as number;
  };
  return { clock, pp, exchange, ask, take, answer };
};

/** A reader of a stream. */
const reading = async (output: WireOutput) => {
  let text = '';
  let ended = false;
  const gone: (() => void)[] = [];
  const sink = {
    bufferedBytes: 0,
    write: (more: string) => {
      text += more;
    },
    end: () => {
      ended = true;
      for (const run of gone) run();
    },
    onGone: (run: () => void) => void gone.push(run),
  } satisfies TextSink;
  const refusal = await output.stream?.(sink);
  return {
    refusal,
    sink,
    get text() {
      return text;
    },
    get ended() {
      return ended;
    },
    get events() {
      return [...text.matchAll(/(?:id: (\d+)\n)?event: (\w+)\ndata: (.*)\n\n/g)].map(
        ([, id, type, data = '']) => ({
          ...(id !== undefined && { id: Number(id) }),
          type,
          content: JSON.parse(data).message?.content,
        }),
      );
    },
    leave: () => {
      for (const run of gone) run();
    },
  };
};

describe('the bridge API’s stream', () => {
  const open = async (it: Awaited<ReturnType<typeof world>>, query = '', headers = {}) => {
    const output = await it.ask('GET', '/api/events/stream', { query, headers });
    const reader = await reading(output);
    await it.clock.advance(0);
    return { output, reader };
  };

  it('begins now, tells where that is, and then every 30 seconds how far it has come', async () => {
    const it = await world();
    await it.answer('before');
    const { output, reader } = await open(it);
    expect(output).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(reader.events).toEqual([{ type: 'operator_status' }, { id: 2, type: 'ping' }]);
    const position = await it.answer('Hi!');
    await it.clock.advance(1000);
    expect(reader.events.slice(2)).toEqual([{ id: position, type: 'operator_message', content: 'Hi!' }]);
    await it.clock.advance(29_000);
    expect(reader.events.slice(3)).toEqual([{ id: position, type: 'ping' }]);
    // What is nobody's here is no news; where it ends is told in time.
    await it.take({ type: 'visitor_message', sessionId: 'sess_1', message: { content: 'Hello?' } });
    await it.clock.advance(29_000);
    expect(reader.events).toHaveLength(4);
    await it.clock.advance(1000);
    expect(reader.events.slice(4)).toMatchObject([{ type: 'ping' }]);
    expect(reader.events[4]?.id).toBeGreaterThan(position);
    reader.leave();
    await it.clock.advance(60_000);
    expect(reader.events).toHaveLength(5);
  });

  it('resumes after a position, however that is said', async () => {
    const it = await world();
    const first = await it.answer('one');
    await it.answer('two');
    for (const [query, headers] of [
      [`after=${first}`, {}],
      ['', { 'last-event-id': String(first) }],
      ['after=0', { 'last-event-id': String(first) }],
    ] as const) {
      const { reader } = await open(it, query, headers);
      expect(reader.events.map(({ content }) => content).filter(Boolean)).toEqual(['two']);
      reader.leave();
    }
    const { reader } = await open(it, 'since=1970-01-01T00:00:00.000Z');
    expect(reader.events.map(({ content }) => content).filter(Boolean)).toEqual(['one', 'two']);
    reader.leave();
  });

  it('reads no faster than it is read, and ends for one who does not read', async () => {
    const it = await world();
    for (let n = 0; n < 50; n++) await it.answer(`answer ${n}`);
    const output = await it.ask('GET', '/api/events/stream', { query: 'after=0' });
    const reader = await reading(output);
    reader.sink.bufferedBytes = 2000;
    await it.clock.advance(1000);
    const some = reader.events.length;
    expect(some).toBeLessThan(5);
    reader.sink.bufferedBytes = 0;
    await it.clock.advance(1000);
    expect(reader.events.map(({ content }) => content).filter(Boolean)).toHaveLength(50);
    reader.sink.bufferedBytes = 2000;
    await it.answer('never read');
    await it.clock.advance(40_000);
    expect(reader.ended).toBe(true);
  });

  it('ends when the server stops, and when the log cannot be read on', async () => {
    const it = await world();
    const { reader } = await open(it);
    it.exchange.close();
    await it.clock.advance(0);
    expect(reader.ended).toBe(true);
    expect(await it.ask('GET', '/api/events/stream')).toMatchObject({ status: 503 });
  });

  it('is there only where the bridge API is', async () => {
    const { pp, clock } = await world();
    const exchange = createExchange(pp);
    const input = {
      method: 'GET',
      path: '/api/events/stream',
      query: '',
      headers: {},
      remoteAddress: '127.0.0.1',
      body: async () => '',
      stream: () => new Blob([]).stream(),
      onGone: () => {},
    };
    expect(await exchange(input)).toMatchObject({ status: 404 });
    await clock.advance(0);
  });
});
