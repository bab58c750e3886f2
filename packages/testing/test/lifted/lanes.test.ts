import { LiftedStorage, type Storage } from '@pocketping/core';
import { describe, expect, it, vi } from 'vitest';
import { virtualClock } from '../../src/clock.js';
import { recordingLogger } from '../../src/logger.js';
import { type Begun, beginning, committed, newcomer, sending } from '../../src/storage-contract/story.js';
import { Notebook } from './notebook.js';

const clock = virtualClock();

const lift = (storage: Storage, logger = recordingLogger()) => new LiftedStorage(storage, { clock, logger });

/** A storage whose calls of one method wait until each is let go on. */
const holding = (
  method: 'saveMessage' | 'updateSession' | 'createSession' | 'getSession',
  whole = new Notebook(),
) => {
  const held: (() => void)[] = [];
  const call = whole[method].bind(whole) as (...asked: unknown[]) => Promise<unknown>;
  Object.assign(whole, {
    [method]: async (...asked: unknown[]) => {
      await new Promise<void>((resolve) => held.push(resolve));
      return call(...asked);
    },
  });
  return { whole, held };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

const four = (whole: Notebook): Storage => ({
  createSession: (session) => whole.createSession(session),
  getSession: (id) => whole.getSession(id),
  saveMessage: (sessionId, message) => whole.saveMessage(sessionId, message),
  getMessages: (sessionId) => whole.getMessages(sessionId),
});

/** A storage in which another process has left a conversation of two messages. */
const left = async () => {
  const notebook = new Notebook();
  const before = lift(notebook);
  const begun = newcomer();
  committed(await before.commit(beginning(begun, clock.now())));
  const sent = [];
  for (const content of ['one', 'two'])
    sent.push(committed(await before.commit(sending(begun, clock.now(), { content }))).messages[0]);
  return { notebook, begun, sent };
};

describe('commits over a storage of somebody’s own that takes its time', () => {
  it('to one session come one after another, also the one that is asked for while the second runs', async () => {
    const { whole, held } = holding('saveMessage');
    const storage = lift(whole);
    const begun = newcomer();
    committed(await storage.commit(beginning(begun, clock.now())));
    const send = (content: string) =>
      storage.commit(sending(begun, clock.now(), { content })).then(committed);
    const [first, second] = [send('one'), send('two')];
    await settled();
    held[0]?.();
    await first;
    await settled();
    const third = send('three');
    await settled();
    expect(held).toHaveLength(2);
    held[1]?.();
    await second;
    await settled();
    expect(held).toHaveLength(3);
    held[2]?.();
    expect((await third).messages[0]?.seq).toBe(4);
  });

  it.each<[string, (one: Begun, other: Begun) => object]>([
    ['what they dedupe', () => ({ dedupe: { scope: 's', key: 'k', digest: '' } })],
    ['state', () => ({ state: [{ scope: 's', key: 'k', value: 1, ifVersion: 0 }] })],
    ['a visitor', (one) => ({ visitor: { id: one.visitorId, tokenHash: one.tokenHash } })],
    ['a token', (one, other) => ({ visitor: { id: other.visitorId, tokenHash: one.tokenHash } })],
  ])(
    'to two sessions come one after another where they have %s in common, and the second sees the first',
    async (_what, common) => {
      const { whole, held } = holding('createSession');
      const storage = lift(whole);
      const [one, other] = [newcomer(), newcomer()];
      const both = [one, other].map((begun) =>
        storage.commit({
          ...beginning(begun, clock.now()),
          ...common(one, begun),
        }),
      );
      await settled();
      expect(held).toHaveLength(1);
      held[0]?.();
      const first = committed(await (both[0] as (typeof both)[number]));
      await settled();
      held[1]?.();
      const second = await (both[1] as (typeof both)[number]);
      expect(first.duplicate).toBe(false);
      expect(second.conflict !== undefined || second.duplicate).toBe(true);
    },
  );

  it('are answered when the storage has it, and known to nobody before', async () => {
    const { whole, held } = holding('saveMessage');
    const storage = lift(whole);
    const begun = newcomer();
    committed(await storage.commit(beginning(begun, clock.now())));
    const answered = vi.fn();
    const sent = storage.commit(sending(begun, clock.now())).then(answered);
    await settled();
    expect(answered).not.toHaveBeenCalled();
    expect(await storage.messages(begun.sessionId, { limit: 10 })).toEqual([]);
    held[0]?.();
    await sent;
    expect(await storage.messages(begun.sessionId, { limit: 10 })).toHaveLength(1);
  });

  it('come one after another, too, where one of them only concerns a thread of the session', async () => {
    const { whole, held } = holding('saveMessage');
    const updates = vi.spyOn(whole, 'updateSession');
    const storage = lift(whole);
    const begun = newcomer();
    const place = { bridge: 'b', chatId: 'c', threadId: 't' };
    committed(await storage.commit(beginning(begun, clock.now())));
    committed(
      await storage.commit({
        at: clock.now(),
        threads: [{ ...place, open: { sessionId: begun.sessionId } }],
      }),
    );
    const before = updates.mock.calls.length;
    const sent = storage.commit(sending(begun, clock.now()));
    await settled();
    const noted = storage.commit({ at: clock.now(), threads: [{ ...place, patch: { deliveredSeq: 2 } }] });
    await settled();
    expect(updates.mock.calls.length).toBe(before + 1);
    held[0]?.();
    await Promise.all([sent, noted]);
    const { state } = updates.mock.calls.at(-1)?.[0] ?? {};
    expect(JSON.parse(state ?? '')).toMatchObject({ session: { seq: 2 }, threads: [{ deliveredSeq: 2 }] });
  });

  it('open one thread for one session, and hand it over as that one’s alone', async () => {
    const whole = new Notebook();
    const storage = lift(whole);
    const [one, other] = [newcomer(), newcomer()];
    for (const begun of [one, other]) committed(await storage.commit(beginning(begun, clock.now())));
    const { held } = holding('updateSession', whole);
    const place = { bridge: 'b', chatId: 'c', threadId: 't' };
    const both = [one, other].map(({ sessionId }) =>
      storage.commit({ at: clock.now(), threads: [{ ...place, open: { sessionId } }] }),
    );
    await settled();
    held[0]?.();
    await both[0];
    await settled();
    for (const goOn of held.slice(1)) goOn();
    await settled();
    for (const goOn of held.slice(1)) goOn();
    await Promise.all(both);
    expect(await storage.thread(place)).toMatchObject({ sessionId: one.sessionId });
    const threads = [one, other].map(
      ({ sessionId }) => JSON.parse(JSON.parse(whole.sessions.get(sessionId) ?? '').state).threads.length,
    );
    expect(threads).toEqual([1, 0]);
  });
});

describe('a session that an earlier process has left', () => {
  it.each<[string, (storage: LiftedStorage, begun: Begun) => Promise<unknown>, unknown]>([
    [
      'read',
      (storage, { sessionId }) => storage.session(sessionId),
      expect.objectContaining({ status: 'open' }),
    ],
    [
      'asked for its messages',
      async (storage, { sessionId }) =>
        (await storage.messages(sessionId, { limit: 10 })).map(({ content }) => content),
      ['one', 'two'],
    ],
    [
      'asked for its log',
      async (storage, { sessionId }) => (await storage.events(sessionId, { after: 0, limit: 10 })).length,
      3,
    ],
    [
      'asked for its head',
      async (storage, { sessionId }) => (await storage.heads([sessionId])).get(sessionId),
      3,
    ],
    [
      'committed to',
      async (storage, begun) => (await storage.commit(sending(begun, clock.now()))).conflict,
      undefined,
    ],
  ])('is there for whoever has it %s first', async (_how, use, expected) => {
    const { notebook, begun } = await left();
    const storage = lift({
      ...four(notebook),
      updateSession: (session) => notebook.updateSession(session),
    });
    expect(await use(storage, begun)).toEqual(expected);
  });

  it('is brought once, however many ask for it at the same time, from the start or later', async () => {
    const { notebook, begun } = await left();
    const { held } = holding('getSession', notebook);
    const getMessages = vi.spyOn(notebook, 'getMessages');
    const storage = lift(notebook);
    const asked = [1, 2, 3].map(() => storage.events(begun.sessionId, { after: 0, limit: 10 }));
    const started = storage.init();
    await settled();
    expect(held).toHaveLength(1);
    held[0]?.();
    for (const log of await Promise.all(asked)) expect(log).toHaveLength(3);
    await started;
    expect(getMessages).toHaveBeenCalledTimes(1);
    expect(await storage.messages(begun.sessionId, { limit: 10 })).toHaveLength(2);
  });

  it('is known from the start, one of many', async () => {
    const notebook = new Notebook();
    const before = lift(notebook);
    for (let n = 0; n < 40; n++) committed(await before.commit(beginning(newcomer(), clock.now())));
    const storage = lift(notebook);
    await storage.init();
    expect(await storage.sessions({ limit: 100 })).toHaveLength(40);
  });

  it('without its state is warned of once, not with each', async () => {
    const { notebook } = await left();
    const other = newcomer();
    committed(await lift(notebook).commit(beginning(other, clock.now())));
    for (const [id, text] of notebook.sessions)
      notebook.sessions.set(id, JSON.stringify({ ...JSON.parse(text), state: undefined }));
    const logger = recordingLogger();
    await lift(notebook, logger).init();
    expect(logger.lines.filter(({ message }) => message.includes('without its state'))).toHaveLength(1);
  });

  it('has its threads, whichever way they are asked for', async () => {
    const { notebook, begun } = await left();
    const place = { bridge: 'b', chatId: 'c', threadId: 't' };
    const earlier = lift(notebook);
    await earlier.session(begun.sessionId);
    committed(
      await earlier.commit({
        at: clock.now(),
        threads: [
          { ...place, open: { sessionId: begun.sessionId } },
          { ...place, patch: { deliveredSeq: 2 } },
        ],
      }),
    );
    const storage = lift(notebook);
    const known = { ...place, sessionId: begun.sessionId, deliveredSeq: 2 };
    expect(await storage.thread({ bridge: 'b', sessionId: begun.sessionId })).toMatchObject(known);
    expect(await storage.thread(place)).toMatchObject(known);
  });
});

it('a storage that is closed lets go of its connections', async () => {
  const close = vi.fn();
  await lift({ ...four(new Notebook()), close }).close();
  expect(close).toHaveBeenCalledTimes(1);
});
