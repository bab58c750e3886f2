import { consoleLogger, type Logger } from '@pocketping/core';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeBridge } from './fake-bridge.js';
import { type House, house, visitor } from './house.js';

type Guest = Awaited<ReturnType<typeof visitor>>;

const trigger = ({ pp }: Pick<House, 'pp'>, { actor, sessionId }: Guest, name: string, data?: object) =>
  pp.conversation.trigger(actor, { sessionId, name, ...(data && { data: data as Record<string, never> }) });

/** Changes everything in it that can be changed. */
const deface = (value: object): void => {
  for (const [key, inner] of Object.entries(value)) {
    if (inner instanceof Date) inner.setTime(0);
    else if (typeof inner === 'object' && inner !== null) deface(inner);
    else (value as Record<string, unknown>)[key] = 'defaced';
  }
  if (Array.isArray(value)) value.length = 0;
};

describe('what a handler is handed', () => {
  it('is its own: what it does to an event changes nothing for the next one, the log and the team', async () => {
    const bridge = new FakeBridge();
    const home = house({ bridge });
    const { pp, clock, storage } = home;
    const guest = await visitor(home);
    await pp.identify(guest.sessionId, { name: 'Ada', metadata: { tier: 'gold' } });
    const seen: unknown[] = [];
    pp.onEvent('paid', (event, session) => {
      deface(event);
      deface(session);
    });
    pp.onEvent('paid', (event, session) => void seen.push(event.data, session.id, session.identity));
    await guest.say('hello');
    await trigger(home, guest, 'paid', { plan: 'pro', items: [{ sku: 'a' }] });
    await clock.advance(60_000);
    const data = { plan: 'pro', items: [{ sku: 'a' }] };
    const identity = { name: 'Ada', metadata: { tier: 'gold' }, verified: true };
    expect(seen).toEqual([data, guest.sessionId, identity]);
    const log = await storage.events(guest.sessionId, { after: 0, limit: 100 });
    expect(log.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: 'custom_event', data: { name: 'paid', data } }),
    );
    expect(await storage.session(guest.sessionId)).toMatchObject({ visitorId: 'vis_one', identity });
    expect(bridge.shown().join()).toContain('pro');
    expect(bridge.shown().join()).not.toContain('defaced');
  });

  it('is its own where a session begins and where somebody writes', async () => {
    const home = house();
    const { pp, clock, storage } = home;
    const seen: string[] = [];
    pp.onSessionStart(deface).onSessionStart(({ metadata }) => void seen.push(`${metadata.url}`));
    pp.onMessage((session, message) => {
      deface(session);
      deface(message);
    }).onMessage(({ visitorId }, { content }) => void seen.push(visitorId, content));
    const { session, token } = await pp.conversation.connect(
      { visitorId: 'vis_one', metadata: { url: 'https://shop.example/' } },
      {},
    );
    const actor = await pp.conversation.authenticate(token as string);
    await pp.conversation.send(actor, { sessionId: session.id, content: 'hello' });
    await clock.advance(0);
    expect(seen).toEqual(['https://shop.example/', 'vis_one', 'hello']);
    expect(await storage.session(session.id)).toMatchObject({ metadata: { url: 'https://shop.example/' } });
    expect(await storage.messages(session.id, { after: 0, limit: 9 })).toMatchObject([{ content: 'hello' }]);
  });

  it('is as little shared as what the methods answer, and what they were given', async () => {
    const home = house();
    const { pp, storage } = home;
    const { sessionId, say } = await visitor(home);
    await say('hello');
    const ada = { name: 'Ada', metadata: { tier: 'gold' } };
    const identified = await pp.identify(sessionId, ada);
    const offer = { discount: 20 };
    const emitted = await pp.emitEvent(sessionId, 'show_offer', offer);
    const before = JSON.stringify([
      await storage.session(sessionId),
      await storage.events(sessionId, { after: 0, limit: 100 }),
    ]);
    for (const handedOut of [
      ada,
      identified,
      offer,
      emitted,
      await pp.getSession(sessionId),
      await pp.getSessions(),
      await pp.getMessages(sessionId),
    ])
      deface(handedOut as object);
    expect(
      JSON.stringify([
        await storage.session(sessionId),
        await storage.events(sessionId, { after: 0, limit: 100 }),
      ]),
    ).toBe(before);
  });
});

describe('a logger that fails', () => {
  const silent = { debug: () => {}, info: () => {}, warn: () => {} };

  const unhandled = () => {
    const seen = vi.fn();
    process.on('unhandledRejection', seen);
    onTestFinished(() => void process.off('unhandledRejection', seen));
    return seen;
  };

  const unreadable = () =>
    Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('no message for you');
      },
    });

  afterEach(() => vi.restoreAllMocks());

  it.each<[string, Logger]>([
    [
      'throws',
      {
        ...silent,
        error: () => {
          throw new Error('the disk is full');
        },
      },
    ],
    [
      'rejects',
      {
        ...silent,
        error: async () => {
          throw new Error('the disk is full');
        },
      },
    ],
    ['cannot write down what was thrown', consoleLogger],
  ])('and %s keeps no handler from being called', async (_how, logger) => {
    const errors = vi.spyOn(console, 'error').mockImplementation((...given) => {
      for (const fields of given.slice(1)) String(fields.err.message);
    });
    const rejected = unhandled();
    const home = house({ logger });
    const calls: string[] = [];
    home.pp.onEvent('*', ({ name }) => {
      calls.push(name);
      throw unreadable();
    });
    home.pp.onEvent('*', ({ name }) => void calls.push(`${name} again`));
    const guest = await visitor(home);
    await trigger(home, guest, 'one');
    await trigger(home, guest, 'two');
    await home.clock.advance(0);
    expect(calls).toEqual(['one', 'one again', 'two', 'two again']);
    expect(rejected).not.toHaveBeenCalled();
    if (logger === consoleLogger)
      expect(errors).toHaveBeenCalledWith('[pocketping] onEvent failed; the conversation goes on');
  });

  it('is asked for the same line without what it could not write', async () => {
    const lines: unknown[] = [];
    const error: Logger['error'] = (fields, message) => {
      if ('err' in fields) throw new Error('cannot be written');
      lines.push([fields, message]);
    };
    const home = house({ logger: { ...silent, error } });
    home.pp.onSessionStart(() => {
      throw new Error('mine');
    });
    await visitor(home);
    await home.clock.advance(0);
    expect(lines).toEqual([[{}, 'onSessionStart failed; the conversation goes on']]);
  });

  it('is called as a method of its object, as those need it that have a state', async () => {
    class Lines implements Logger {
      readonly lines: string[] = [];
      debug() {}
      info() {}
      warn(_: object, message: string) {
        this.lines.push(message);
      }
      error() {}
    }
    const logger = new Lines();
    house({ logger, unknown: true } as never);
    expect(logger.lines).toEqual([expect.stringContaining('unknown')]);
  });
});

describe('a handler that is taken back', () => {
  it('while another one of the same event runs is not called any more', async () => {
    const home = house();
    const { pp, clock } = home;
    const calls: string[] = [];
    const second = () => void calls.push('second');
    const third = () => void calls.push('third');
    pp.onEvent('a', async () => {
      calls.push('first');
      pp.offEvent('a', third);
      await clock.sleep(1000);
    });
    pp.onEvent('a', second)
      .onEvent('a', third)
      .onEvent('a', () => void calls.push('last'));
    await trigger(home, await visitor(home), 'a');
    await clock.advance(500);
    pp.offEvent('a', second);
    await clock.advance(1000);
    expect(calls).toEqual(['first', 'last']);
  });

  it('by itself is called this once, and the newest goes first where it listens twice', async () => {
    const home = house();
    const { pp, clock } = home;
    const calls: string[] = [];
    const once = () => {
      calls.push('once');
      pp.offEvent('a', once);
    };
    pp.onEvent('a', once)
      .onEvent('a', () => void calls.push('other'))
      .onEvent('a', once);
    const guest = await visitor(home);
    await trigger(home, guest, 'a');
    await clock.advance(0);
    expect(calls).toEqual(['once', 'other']);
    await trigger(home, guest, 'a');
    await trigger(home, guest, 'a');
    await clock.advance(0);
    expect(calls.slice(2)).toEqual(['once', 'other', 'other']);
  });
});

it('handlers that hang delay what comes after them by 30 seconds each', async () => {
  const home = house();
  const { pp, clock } = home;
  const called = vi.fn();
  const hangs = () => new Promise(() => {});
  pp.onEvent('a', hangs).onEvent('a', hangs).onEvent('a', called);
  await trigger(home, await visitor(home), 'a');
  await clock.advance(59_999);
  expect(called).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(called).toHaveBeenCalledTimes(1);
});
