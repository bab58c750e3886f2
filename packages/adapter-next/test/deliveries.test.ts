import { type Drained, MemoryStorage, PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { nextHandler, shared } from '../src/index.js';
import { caller, connected, open, SECRET, standIn } from './open.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An engine whose drains end when a test says so. */
const drains = () => {
  const began: number[] = [];
  const ends: ((drained?: Partial<Drained> | Error) => void)[] = [];
  const wrap = (pp: PocketPing) =>
    standIn(pp, {
      drain: ({ withinMs }) => {
        began.push(withinMs);
        return new Promise((resolve, reject) => {
          ends.push((drained = {}) =>
            drained instanceof Error ? reject(drained) : resolve({ left: 0, bridges: [], ...drained }),
          );
        });
      },
    });
  return { began, ends, wrap };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the time that a route has', () => {
  it.each([
    [60, 55_000],
    [11, 6000],
    // Of little time half is left: the margin alone would leave none.
    [8, 4000],
    [1, 500],
    [undefined, 30_000],
  ])(
    'of %s seconds leaves %s ms for deliveries, after an answer and when a cron calls',
    async (maxDuration, ms) => {
      const { began, ends, wrap } = drains();
      const options = { drainSecret: SECRET, ...(maxDuration !== undefined && { maxDuration }) };
      const { call, afterwards } = open(options, wrap);
      await connected(call);
      void afterwards[0]?.();
      const called = call('POST', '/drain', { token: SECRET });
      await vi.waitFor(() => expect(began).toEqual([ms, ms]));
      for (const end of ends) end();
      expect((await called).status).toBe(200);
    },
  );

  it.each([0, -1, Number.NaN, 'long'])('is no %s', (maxDuration) => {
    expect(() => open({ maxDuration: maxDuration as number })).toThrow(
      /^maxDuration: .* no number of seconds/,
    );
  });

  it('is not waited for once the answer is there', async () => {
    const { call, clock } = open({
      maxDuration: 60,
      drainSecret: SECRET,
      streams: { total: 1, perAddress: 1 },
    });
    const { sessionId, token } = await connected(call);
    expect((await call('GET', `/stream?sessionId=${sessionId}`, { token })).status).toBe(200);
    const before = clock.pending;
    expect((await call('GET', '/drain', { token: SECRET })).status).toBe(200);
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('GET', `/stream?sessionId=${sessionId}`, { token })).status).toBe(503);
    expect((await call('GET', '/stream?sessionId=sess_none', { token })).status).not.toBe(200);
    expect(clock.pending).toBe(before);
  });
});

describe('deliveries', () => {
  it('follow what may have changed something, and nothing else', async () => {
    const { call, afterwards } = open({ origins: ['https://www.example.com'] });
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await call(method, '/presence');
    expect(afterwards).toHaveLength(0);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) await call(method, '/nothing');
    expect(afterwards).toHaveLength(4);
  });

  it('run one at a time: who comes while one runs shares the next, and so on', async () => {
    const { began, ends, wrap } = drains();
    const { call, afterwards } = open({}, wrap);
    await connected(call);
    const deliver = afterwards[0] as () => Promise<void>;
    const first = deliver();
    const [second, third] = [deliver(), deliver()];
    await settled();
    expect(began).toHaveLength(1);
    ends[0]?.();
    await first;
    await settled();
    expect(began).toHaveLength(2);
    const fourth = deliver();
    await settled();
    expect(began).toHaveLength(2);
    ends[1]?.();
    await Promise.all([second, third]);
    await settled();
    expect(began).toHaveLength(3);
    ends[2]?.();
    await fourth;
    const fifth = deliver();
    await settled();
    expect(began).toHaveLength(4);
    ends[3]?.();
    await fifth;
  });

  it('that leave something, or fail, are named in the log, and fail nobody', async () => {
    const { ends, wrap } = drains();
    const { call, afterwards, logger } = open({ drainSecret: SECRET }, wrap);
    await connected(call);
    const deliver = afterwards[0] as () => Promise<void>;
    const leaving = deliver();
    ends[0]?.({ left: 1 });
    await leaving;
    const failing = deliver();
    ends[1]?.(new Error('disk full'));
    await failing;
    const called = call('GET', '/drain', { token: SECRET });
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    ends[2]?.({ left: 1 });
    expect(await (await called).json()).toEqual({ left: 1, bridges: [] });
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', expect.stringContaining('a drain has to follow')],
      ['error', expect.stringContaining('a drain has to follow')],
      ['warn', expect.stringContaining('the time was up')],
    ]);
  });

  it('are handed over before the answer is: a platform that is slow to take them is waited for', async () => {
    let taken = () => {};
    const after = () =>
      new Promise<void>((resolve) => {
        taken = resolve;
      });
    const { call } = open({ after });
    let answered = false;
    const asked = connected(call).then(() => {
      answered = true;
    });
    await settled();
    await settled();
    expect(answered).toBe(false);
    taken();
    await asked;
  });

  it('begin at once where there is no after() of Next', async () => {
    const { pp } = open();
    const drain = vi.spyOn(pp, 'drain');
    await connected(caller(nextHandler(pp)));
    await vi.waitFor(() => expect(drain).toHaveBeenCalledTimes(1));
  });

  it('may be asked for with the scheme in any case, as HTTP has it', async () => {
    const { call } = open({ drainSecret: SECRET });
    for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
      const headers = { authorization: `${scheme} ${SECRET}` };
      expect((await call('GET', '/drain', { headers })).status, scheme).toBe(200);
    }
    expect((await call('GET', '/drain', { headers: { authorization: SECRET } })).status).toBe(401);
  });
});

describe('what the folder has caught', () => {
  it('goes on as it was: a slash within a segment divides nothing', async () => {
    const bridges: string[] = [];
    const { call } = open({}, (pp) =>
      standIn(pp, {
        webhook: async (bridge) => {
          bridges.push(bridge);
          return { status: 200, headers: {}, body: '' };
        },
      }),
    );
    await call('POST', '/webhooks/a%2Fb%3Fc', { body: {} });
    expect(bridges).toEqual(['a/b?c']);
  });
});

describe('an engine that replaces another in development', () => {
  it('does so whatever path of the route is asked for first', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const [before, edited] = [open(), open()];
    const stop = vi.spyOn(before.pp, 'stop');
    const at = (path: string, segments: string[], { handler }: typeof before) =>
      handler(new Request(`https://shop.example/api/edited/${path}`), {
        params: Promise.resolve({ path: segments }),
      });
    await at('presence', ['presence'], before);
    await at('webhooks/support/', ['webhooks', 'support'], edited);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('goes on though the one before does not stop, as the log says', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const before = open({}, (pp) => standIn(pp, { stop: () => Promise.reject(new Error('stuck')) }));
    const edited = open();
    const ask = ({ handler }: typeof before) =>
      handler(new Request('https://shop.example/api/stuck/presence'), {
        params: Promise.resolve({ path: ['presence'] }),
      });
    await ask(before);
    expect((await ask(edited)).status).toBe(200);
    await settled();
    expect(edited.logger.lines).toEqual([
      {
        level: 'warn',
        fields: { err: new Error('stuck') },
        message: expect.stringContaining('did not stop'),
      },
    ]);
  });
});

describe('a storage in a module of its own, which is not evaluated anew with the route', () => {
  const edited = () => {
    vi.stubEnv('NODE_ENV', 'development');
    const close = vi.fn(async () => {});
    const storage = Object.assign(new MemoryStorage(), { close });
    /** The route's module is evaluated, and asked. */
    const evaluate = async (given = storage) => {
      const pp = new PocketPing({ storage: given, logger: recordingLogger() });
      onTestFinished(() => pp.stop());
      const stop = vi.spyOn(pp, 'stop');
      const handler = nextHandler(pp, { after: () => {} });
      const request = new Request('https://shop.example/api/module/presence');
      const response = await handler(request, { params: Promise.resolve({ path: ['presence'] }) });
      expect(response.status).toBe(200);
      return { pp, stop };
    };
    return { storage, close, evaluate };
  };

  it('stays open, however often the route is edited', async () => {
    const { close, evaluate } = edited();
    const { stop } = await evaluate();
    const second = await evaluate();
    await evaluate();
    expect(stop).toHaveBeenCalledTimes(1);
    await Promise.all([stop, second.stop].map(({ mock }) => mock.results[0]?.value));
    expect(close).not.toHaveBeenCalled();
  });

  it('is closed where the edited route has another one', async () => {
    const { close, evaluate } = edited();
    const { stop } = await evaluate();
    await evaluate(Object.assign(new MemoryStorage(), { close: vi.fn(async () => {}) }));
    await stop.mock.results[0]?.value;
    expect(close).toHaveBeenCalledTimes(1);
  });
});

it('a route that closes ends its streams, and answers 503 from then on', async () => {
  const { call, handler } = open();
  const { sessionId, token } = await connected(call);
  const stream = await call('GET', `/stream?sessionId=${sessionId}&after=0`, { token });
  const read = stream.text();
  handler.close();
  expect(await read).toContain('"ping"');
  expect((await call('GET', '/presence')).status).toBe(503);
});

it('what is shared is so in every evaluation of this package, of which Next may bundle several', async () => {
  const create = vi.fn(() => ({}));
  const first = shared('deliveries.test/bundles', create);
  vi.resetModules();
  const again = await import('../src/index.js');
  expect(again.shared).not.toBe(shared);
  expect(again.shared('deliveries.test/bundles', create)).toBe(first);
  expect(create).toHaveBeenCalledTimes(1);
});

it('what is shared is made once for a key', () => {
  const create = vi.fn(() => ({}));
  const first = shared('deliveries.test', create);
  expect(shared('deliveries.test', create)).toBe(first);
  expect(shared('deliveries.test/other', create)).not.toBe(first);
  expect(create).toHaveBeenCalledTimes(2);
});
