import type { Follower, LogEntry, Signal } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { house, visitor } from './house.js';

/** What a page is told when it comes back, in its order; a message is `.`. */
const page = () => {
  const told: string[] = [];
  const follower: Follower = {
    entry: ({ event }: LogEntry) => void told.push(event.type === 'custom_event' ? event.data.name : '.'),
    signal: (signal: Signal) => void (signal.type === 'event' && told.push(`(${signal.name})`)),
    reset: (reason, seq) => void told.push(`${reason} ${seq}`),
    end: (reason) => void told.push(reason),
  };
  return { told, follower };
};

/** A visitor who is away. */
const away = async () => {
  const started = house();
  const { pp, storage } = started;
  const guest = await visitor(started);
  const { actor, sessionId, seq } = guest;
  const triggers = async (times: number) => {
    for (let n = 0; n < times; n++) await pp.conversation.trigger(actor, { sessionId, name: 'scrolled' });
  };
  const says = async (times: number) => {
    for (let n = 0; n < times; n++) await pp.sendMessage(sessionId, { content: `${n}` });
  };
  const emits = (name: string, ttlSeconds?: number) =>
    pp.emitEvent(sessionId, name, undefined, ttlSeconds === undefined ? {} : { ttlSeconds });
  const back = async (after = seq) => {
    const { told, follower } = page();
    (await pp.conversation.follow(actor, { sessionId, after }, follower)).close();
    return told;
  };
  const polls = async (after = seq, limit = 100) =>
    pp.conversation.events(actor, { sessionId, after, wait: 0, limit }, new AbortController().signal);
  /** The entries that the storage hands out for something. */
  const readFor = async (run: () => Promise<unknown>) => {
    let read = 0;
    const { events } = storage;
    storage.events = async (...args) => {
      const entries = await events.apply(storage, args);
      read += entries.length;
      return entries;
    };
    await run();
    storage.events = events;
    return read;
  };
  return { ...started, ...guest, triggers, says, emits, back, polls, readFor };
};

describe('an event that is emitted while a page is away', () => {
  it('is told in its place, however much has happened that the page is not shown', async () => {
    const { triggers, says, emits, back, clock } = await away();
    await emits('brief', 5);
    await triggers(600);
    await emits('first');
    await says(1);
    await triggers(600);
    await emits('second');
    await clock.advance(5000);
    expect(await back()).toEqual(['first', '.', 'second']);
    await clock.advance(3_600_000);
    expect(await back()).toEqual(['.']);
  });

  it('is told with all others of its kind, however many they are', async () => {
    const { emits, back } = await away();
    const names = Array.from({ length: 1101 }, (_, n) => `e${n}`);
    for (const name of names) await emits(name);
    expect(await back()).toEqual(names);
  });

  it('is told before the page reloads, where more was said than is replayed', async () => {
    const { says, emits, back, polls, clock } = await away();
    await emits('brief', 5);
    await says(1001);
    await emits('lasting');
    await clock.advance(5000);
    expect(await back()).toEqual(['(lasting)', 'too_far_behind 1004']);
    expect(await polls()).toEqual({
      entries: [],
      seq: 1004,
      hasMore: false,
      reset: 'too_far_behind',
      signals: [{ type: 'event', name: 'lasting', at: clock.now() - 5000 }],
    });
    await emits('meanwhile');
    expect(await back(1004)).toEqual(['meanwhile']);
    await clock.advance(3_600_000);
    expect(await back()).toEqual(['too_far_behind 1005']);
  });

  it('reaches a page that polls without an empty page for what it is not shown', async () => {
    const { triggers, emits, polls } = await away();
    await triggers(950);
    await emits('late');
    const { entries, hasMore, seq } = await polls();
    expect([entries.length, hasMore, seq]).toEqual([1, false, 952]);
    // One request reads no more than it has to.
    expect(await polls(1, 1)).toMatchObject({ entries: [], hasMore: true });
  });

  it('is looked for in the newest 10,000 entries only', async () => {
    const { triggers, emits, back, readFor } = await away();
    await emits('lost');
    await triggers(5000);
    await emits('found');
    await triggers(5000);
    expect(await readFor(async () => expect(await back()).toEqual(['(found)', 'too_far_behind 10003']))).toBe(
      10_000,
    );
  }, 30_000);

  it('is not told to a visitor whom the team keeps out since', async () => {
    const { says, emits, back, storage, clock, sessionId, pp, actor } = await away();
    const block = (blocked: boolean) =>
      storage.commit({
        at: clock.now(),
        session: { id: sessionId },
        block: { visitorId: actor.id, blocked },
        events: [
          {
            type: blocked ? 'visitor_blocked' : 'visitor_unblocked',
            actor: { kind: 'operator', id: 'ada' },
            audience: 'team',
          },
        ],
      });
    await emits('before');
    await says(1001);
    // The block comes while the log is read.
    const { events } = storage;
    storage.events = async (...args) => {
      storage.events = events;
      await block(true);
      await pp.emitEvent(sessionId, 'while blocked');
      return events.apply(storage, args);
    };
    expect(await back()).toEqual(['(before)', 'too_far_behind 1005']);
    await block(false);
    expect(await back()).toEqual(['(before)', '(while blocked)', 'too_far_behind 1006']);
  });
});
