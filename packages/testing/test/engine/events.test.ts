import {
  type CustomEvent,
  type Follower,
  LocalBroker,
  type LogEntry,
  MemoryStorage,
  type PublicSession,
  type Signal,
} from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { house, visitor } from './house.js';

/** A page that keeps what it is told. */
const page = () => {
  const entries: LogEntry[] = [];
  const signals: Signal[] = [];
  const follower: Follower = {
    entry: (entry) => void entries.push(entry),
    signal: (signal) => void signals.push(signal),
    reset: () => {},
    end: () => {},
  };
  return {
    follower,
    /** The emitted events. */
    get told() {
      return entries.flatMap(({ event }) => (event.type === 'custom_event' ? [event.data.name] : []));
    },
    /** The broadcast ones. */
    get heard() {
      return signals.flatMap((signal) => (signal.type === 'event' ? [signal.name] : []));
    },
  };
};

const rowsOf = async ({ storage }: Pick<ReturnType<typeof house>, 'storage'>, sessionId: string) =>
  (await storage.events(sessionId, { after: 0, limit: 1000 })).map(({ event }) => event);

const nodes = () => {
  const clock = virtualClock();
  const storage = new MemoryStorage({ clock });
  const broker = new LocalBroker({ logger: recordingLogger() });
  return { clock, a: house({ clock, storage, broker }), b: house({ clock, storage, broker }) };
};

describe('an event that a page triggers', () => {
  it('is stored, and then told to the handlers of its name, to those of every name and to the option', async () => {
    const calls: [string, CustomEvent, PublicSession][] = [];
    const heard = (by: string) => (event: CustomEvent, session: PublicSession) =>
      void calls.push([by, event, session]);
    const { pp, storage, clock } = house({ onEvent: heard('option') });
    pp.onEvent('clicked_pricing', heard('name'))
      .onEvent('*', heard('every'))
      .onEvent('other', heard('other'));
    const { actor, sessionId } = await visitor({ pp });
    const data = { plan: 'pro' };
    await pp.conversation.trigger(actor, { sessionId, name: 'clicked_pricing', data });
    await clock.advance(0);
    expect(calls.map(([by]) => by)).toEqual(['option', 'name', 'every']);
    expect(calls[0]?.[1]).toEqual({
      name: 'clicked_pricing',
      data,
      timestamp: new Date(clock.now()),
      sessionId,
    });
    expect(calls[0]?.[2]).toMatchObject({ id: sessionId, visitorId: actor.id, createdAt: expect.any(Date) });
    expect((await rowsOf({ storage }, sessionId)).at(-1)).toMatchObject({
      type: 'custom_event',
      data: { name: 'clicked_pricing', data },
      actor: { kind: 'visitor', id: actor.id },
    });
  });

  it('is told in order per session, one handler after the other, between the messages', async () => {
    const order: string[] = [];
    const { pp, clock } = house({ onMessage: (_session, { content }) => void order.push(content) });
    pp.onEvent('*', async ({ name }) => {
      order.push(`${name} begins`);
      await clock.sleep(name === 'slow' ? 1000 : 0);
      order.push(`${name} ends`);
    });
    const one = await visitor({ pp });
    const two = await visitor({ pp }, 'vis_two');
    await pp.conversation.trigger(one.actor, { sessionId: one.sessionId, name: 'slow' });
    await one.say('hi');
    await pp.conversation.trigger(one.actor, { sessionId: one.sessionId, name: 'fast' });
    await pp.conversation.trigger(two.actor, { sessionId: two.sessionId, name: 'elsewhere' });
    await clock.advance(500);
    expect(order).toEqual(['slow begins', 'elsewhere begins', 'elsewhere ends']);
    await clock.advance(1000);
    expect(order.slice(3)).toEqual(['slow ends', 'hi', 'fast begins', 'fast ends']);
  });

  it('reaches the other handlers though one throws or hangs, and whoever triggered it learns nothing of that', async () => {
    const { pp, clock, logger } = house();
    const healthy = vi.fn();
    pp.onEvent('boom', () => {
      throw new Error('a handler’s own affair');
    });
    pp.onEvent('boom', () => new Promise(() => {}));
    pp.onEvent('boom', healthy);
    const { actor, sessionId } = await visitor({ pp });
    await pp.conversation.trigger(actor, { sessionId, name: 'boom' });
    await clock.advance(30_000);
    expect(healthy).toHaveBeenCalledTimes(1);
    expect(logger.lines.filter(({ message }) => message.startsWith('onEvent'))).toHaveLength(2);
  });

  it('is not told to a handler that was taken away, even while the event waits for its turn', async () => {
    const { pp, clock } = house();
    const handler = vi.fn();
    pp.onEvent('a', handler)
      .onEvent('a', handler)
      .onEvent('b', handler)
      .onEvent('*', () => clock.sleep(1000));
    const { actor, sessionId } = await visitor({ pp });
    const trigger = (name: string) => pp.conversation.trigger(actor, { sessionId, name });
    await trigger('b');
    await trigger('a');
    await clock.advance(500);
    expect(handler.mock.calls.map(([{ name }]) => name)).toEqual(['b']);
    pp.offEvent('a', handler).offEvent('unknown', handler);
    await clock.advance(5000);
    expect(handler.mock.calls.map(([{ name }]) => name)).toEqual(['b', 'a']);
    pp.offEvent('a', handler);
    await trigger('a');
    await clock.advance(5000);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('cannot be listened to under a name that no event can have', () => {
    const { pp } = house();
    for (const name of ['', 'a\nb', 'x'.repeat(65)]) {
      expect(() => pp.onEvent(name, () => {})).toThrow(
        expect.objectContaining({ code: 'validation_failed' }),
      );
      expect(() => pp.offEvent(name, () => {})).toThrow(
        expect.objectContaining({ code: 'validation_failed' }),
      );
    }
  });

  it('cannot be listened to without a name or with what is no function, nor can anything else', () => {
    const { pp } = house();
    const nothing = undefined as never;
    for (const [listen, said] of [
      [() => pp.onEvent((() => {}) as never, nothing), /^onEvent: the name must be a string/],
      [() => pp.onEvent('a', nothing), /^onEvent: the handler must be a function, but is undefined/],
      [() => pp.onMessage('text' as never), /^onMessage: the handler must be a function, but is string/],
      [
        () => pp.onSessionStart(null as never),
        /^onSessionStart: the handler must be a function, but is null/,
      ],
      [() => house({ onEvent: 5 as never }), /^onEvent: the handler must be a function, but is number/],
    ] as const)
      expect(listen).toThrow(
        expect.objectContaining({ code: 'validation_failed', message: expect.stringMatching(said) }),
      );
  });

  it('is told to those who listened when its turn came: a handler that adds another one has it called from the next on', async () => {
    const { pp, clock } = house();
    let calls = 0;
    const again = () => {
      calls++;
      pp.onMessage(again);
    };
    pp.onMessage(again);
    const guest = await visitor({ pp });
    await guest.say('one');
    await clock.advance(0);
    expect(calls).toBe(1);
    await guest.say('two');
    await clock.advance(0);
    expect(calls).toBe(3);
  });

  it('belongs to a session of the visitor’s own that has not ended', async () => {
    const { pp, storage } = house();
    const { actor, sessionId } = await visitor({ pp });
    const other = await visitor({ pp }, 'vis_two');
    const seq = (await storage.session(sessionId))?.seq;
    const refused = (asked: typeof actor, id: string) =>
      pp.conversation.trigger(asked, { sessionId: id, name: 'x' });
    await expect(refused(other.actor, sessionId)).rejects.toMatchObject({ code: 'session_not_found' });
    await expect(refused(actor, 'sess_none')).rejects.toMatchObject({ code: 'session_not_found' });
    await pp.closeSession(sessionId);
    await refused(actor, sessionId);
    expect(await storage.session(sessionId)).toMatchObject({ status: 'closed', seq: Number(seq) + 2 });
    await pp.conversation.leave(actor, sessionId);
    await expect(refused(actor, sessionId)).rejects.toMatchObject({ code: 'session_ended' });
  });

  it('is not kept where the team keeps the visitor out, or the visitor leaves, at that very moment', async () => {
    const { pp, storage, clock } = house();
    const guest = await visitor({ pp });
    const { actor, sessionId } = guest;
    const read = storage.session.bind(storage);
    /** Something that happens between the look at the session and the commit. */
    const meanwhile = (happens: () => Promise<unknown>) => {
      storage.session = async (id) => {
        storage.session = read;
        const session = await read(id);
        await happens();
        return session;
      };
    };
    // The team has closed it, so that it is looked at.
    await pp.closeSession(sessionId);
    meanwhile(() => storage.commit({ at: clock.now(), block: { visitorId: actor.id, blocked: true } }));
    await expect(pp.conversation.trigger(actor, { sessionId, name: 'x' })).rejects.toMatchObject({
      code: 'blocked',
    });
    await storage.commit({ at: clock.now(), block: { visitorId: actor.id, blocked: false } });
    const leave = () => pp.conversation.leave(actor, sessionId);
    const other = await visitor({ pp }, 'vis_two');
    await pp.closeSession(other.sessionId);
    meanwhile(() => pp.conversation.leave(other.actor, other.sessionId));
    await expect(
      pp.conversation.trigger(other.actor, { sessionId: other.sessionId, name: 'x' }),
    ).rejects.toMatchObject({ code: 'session_ended' });
    meanwhile(leave);
    await expect(pp.emitEvent(sessionId, 'show_offer')).rejects.toMatchObject({ code: 'session_ended' });
    const log = await storage.events(sessionId, { after: 0, limit: 100 });
    expect(log.map(({ event }) => event.type)).not.toContain('custom_event');
  });

  it('is not told back to any page', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    const tab = page();
    await pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await pp.conversation.trigger(actor, { sessionId, name: 'mine' });
    const polled = await pp.conversation.events(
      actor,
      { sessionId, after: 0, wait: 0, limit: 100 },
      new AbortController().signal,
    );
    expect([tab.told, polled.entries]).toEqual([[], []]);
    expect(polled.seq).toBe(2);
  });
});

describe('an event that the site emits', () => {
  it('is an entry of the log that comes once to whoever follows, and again to nobody', async () => {
    const { pp, clock } = house();
    const { actor, sessionId, seq } = await visitor({ pp });
    const tab = page();
    const following = await pp.conversation.follow(actor, { sessionId, after: seq }, tab.follower);
    expect(await pp.emitEvent(sessionId, 'show_offer', { discount: 20 })).toEqual({
      name: 'show_offer',
      data: { discount: 20 },
      timestamp: new Date(clock.now()),
      sessionId,
    });
    expect(tab.told).toEqual(['show_offer']);
    following.close();
    const again = page();
    await pp.conversation.follow(actor, { sessionId, after: following.seq }, again.follower);
    expect(again.told).toEqual([]);
  });

  it.each([
    ['an hour', {}, 3_600_000],
    ['as long as it says', { ttlSeconds: 5 }, 5000],
    ['30 days at most', { ttlSeconds: 2_592_000 }, 2_592_000_000],
  ])(
    'waits for a visitor who is not there for %s, and is then a hole in the log',
    async (_for, options, ttlMs) => {
      const { pp, clock, storage } = house();
      const { actor, sessionId, seq, say } = await visitor({ pp });
      await pp.emitEvent(sessionId, 'open_chat', undefined, options);
      const polled = async () => {
        const query = { sessionId, after: seq, wait: 0, limit: 100 };
        return (await pp.conversation.events(actor, query, new AbortController().signal)).entries;
      };
      await clock.advance(ttlMs - 1);
      const inTime = page();
      (await pp.conversation.follow(actor, { sessionId, after: seq }, inTime.follower)).close();
      expect([inTime.told, await polled()]).toEqual([['open_chat'], [expect.anything()]]);
      await clock.advance(1);
      await say('back again');
      const late = page();
      const following = await pp.conversation.follow(actor, { sessionId, after: seq }, late.follower);
      expect([late.told, following.seq]).toEqual([[], seq + 2]);
      expect((await polled()).map(({ event }) => event.type)).toEqual(['message']);
      expect(await rowsOf({ storage }, sessionId)).toHaveLength(3);
    },
  );

  it('calls no handler of the site', async () => {
    const onEvent = vi.fn();
    const onMessage = vi.fn();
    const { pp, clock } = house({ onEvent, onMessage });
    const { sessionId } = await visitor({ pp });
    await pp.emitEvent(sessionId, 'notification');
    await clock.advance(0);
    expect([onEvent.mock.calls, onMessage.mock.calls]).toEqual([[], []]);
  });

  it('carries what was given as it was then', async () => {
    const { pp, storage } = house();
    const { sessionId } = await visitor({ pp });
    const data = { at: new Date(0), list: [1], none: undefined };
    await pp.emitEvent(sessionId, 'snapshot', data);
    data.list.push(2);
    expect((await rowsOf({ storage }, sessionId)).at(-1)).toMatchObject({
      data: { data: { at: '1970-01-01T00:00:00.000Z', list: [1] } },
    });
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const deep = JSON.parse(`{"a":${'['.repeat(8)}${']'.repeat(8)}}`);

  it.each<[string, unknown, unknown, { ttlSeconds?: number }?]>([
    ['no name', undefined, {}],
    ['the name of all', '*', {}],
    ['a name with a line break', 'a\nb', {}],
    ['a list', 'x', [1]],
    ['null', 'x', null],
    ['a function', 'x', () => {}],
    ['data that go in a circle', 'x', circular],
    ['a BigInt', 'x', { a: 1n }],
    ['too much', 'x', { a: 'x'.repeat(4096) }],
    ['too deep data', 'x', deep],
    ['a key that changes prototypes', 'x', JSON.parse('{"__proto__":{"polluted":true}}')],
    ['no time at all', 'x', {}, { ttlSeconds: 0 }],
    ['a time that is none', 'x', {}, { ttlSeconds: Number.NaN }],
    ['more than 30 days', 'x', {}, { ttlSeconds: 2_592_001 }],
  ])('is refused with %s, and nothing is written', async (_what, name, data, options) => {
    const { pp, storage } = house();
    const { sessionId, seq } = await visitor({ pp });
    const failed = expect.objectContaining({
      code: 'validation_failed',
      message: expect.stringMatching(/^\w+Event: /),
    });
    await expect(pp.emitEvent(sessionId, name as string, data as object, options)).rejects.toEqual(failed);
    if (!options) await expect(pp.broadcastEvent(name as string, data as object)).rejects.toEqual(failed);
    expect((await storage.session(sessionId))?.seq).toBe(seq);
    expect({}).not.toHaveProperty('polluted');
  });

  it('is refused for a session that is not there, or has ended', async () => {
    const { pp } = house();
    const { actor, sessionId } = await visitor({ pp });
    await expect(pp.emitEvent('sess_xxx', 'open_chat')).rejects.toMatchObject({ code: 'session_not_found' });
    await pp.conversation.leave(actor, sessionId);
    await expect(pp.emitEvent(sessionId, 'open_chat')).rejects.toMatchObject({ code: 'session_ended' });
  });
});

describe('a broadcast', () => {
  it('reaches everybody who is connected now, pollers included, and is kept nowhere', async () => {
    const { pp, clock, storage } = house();
    const one = await visitor({ pp });
    const two = await visitor({ pp }, 'vis_two');
    const tabs = [page(), page(), page()];
    await pp.conversation.follow(one.actor, { sessionId: one.sessionId, after: 0 }, tabs[0]!.follower);
    await pp.conversation.follow(one.actor, { sessionId: one.sessionId, after: 0 }, tabs[1]!.follower);
    const polled = pp.conversation.events(
      two.actor,
      { sessionId: two.sessionId, after: two.seq, wait: 25, limit: 100 },
      new AbortController().signal,
    );
    await clock.advance(1000);
    await pp.broadcastEvent('announcement', { message: 'New feature' });
    await clock.advance(0);
    expect(await polled).toEqual({
      entries: [],
      seq: two.seq,
      hasMore: false,
      signals: [{ type: 'event', name: 'announcement', data: { message: 'New feature' }, at: clock.now() }],
    });
    await pp.conversation.follow(two.actor, { sessionId: two.sessionId, after: 0 }, tabs[2]!.follower);
    expect(tabs.map(({ heard }) => heard)).toEqual([['announcement'], ['announcement'], []]);
    expect(await rowsOf({ storage }, one.sessionId)).toHaveLength(1);
  });

  it('reaches those who are connected to another node, each once', async () => {
    const { a, b, clock } = nodes();
    const here = await visitor(a);
    const there = await visitor(b, 'vis_two');
    const tabs = [page(), page()] as const;
    await a.pp.conversation.follow(here.actor, { sessionId: here.sessionId, after: 0 }, tabs[0].follower);
    await b.pp.conversation.follow(there.actor, { sessionId: there.sessionId, after: 0 }, tabs[1].follower);
    await a.pp.broadcastEvent('announcement');
    await clock.advance(0);
    expect(tabs.map(({ heard }) => heard)).toEqual([['announcement'], ['announcement']]);
  });
});

describe('two nodes', () => {
  it('tell a triggered event to the handlers of the node that committed it, and of no other', async () => {
    const { a, b, clock } = nodes();
    const heard = { a: vi.fn(), b: vi.fn() };
    a.pp.onEvent('*', heard.a);
    b.pp.onEvent('*', heard.b);
    const { token, sessionId } = await visitor(a);
    await b.pp.start();
    await b.pp.conversation.trigger(await b.pp.conversation.authenticate(token), {
      sessionId,
      name: 'clicked',
    });
    await clock.advance(60_000);
    expect([heard.a.mock.calls.length, heard.b.mock.calls.length]).toEqual([0, 1]);
  });

  it('bring an event that one emits to a page that is connected to the other', async () => {
    const { a, b, clock } = nodes();
    const { actor, sessionId } = await visitor(a);
    const tab = page();
    await b.pp.conversation.follow(actor, { sessionId, after: 0 }, tab.follower);
    await a.pp.emitEvent(sessionId, 'show_offer');
    await clock.advance(0);
    expect(tab.told).toEqual(['show_offer']);
  });
});
