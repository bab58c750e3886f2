import type { Bridge, Broker, Json, StoragePort } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { seedsOf } from '../random.js';
import type { Sabotage } from './house/house.js';
import { simulate } from './simulate.js';

/** So many days have to be enough to notice something that is wrong all the time. */
const DAYS = 40;

/** What is wrong, and what has to be said of it. */
const sabotages: readonly (readonly [string, RegExp, () => Sabotage])[] = [
  ['a platform that drops posts', /never showed|passes over/, () => ({ bridge: dropsPosts })],
  ['a bridge that posts twice', /is nobody's, without excuse/, () => ({ bridge: postsTwice })],
  ['a bridge that does not edit', /whole and once/, () => ({ bridge: doesNotEdit })],
  ['a bridge that does not delete', /is nobody's, without excuse/, () => ({ bridge: doesNotDelete })],
  ['a bridge that mixes up its parts', /whole and once/, () => ({ bridge: mixesParts })],
  ['a bridge that knows no budget', /made more than/, () => ({ bridge: knowsNoBudget })],
  ['updates confirmed and forgotten', /has not arrived/, () => ({ bridge: forgetsUpdates })],
  ['deletions confirmed and forgotten', /was deleted and is there/, () => ({ bridge: forgetsDeletions })],
  ['catching up that brings nothing', /never came to rest/, () => ({ bridge: bringsNothing })],
  ['receipts that say too much', /is marked as read, and is not/, () => ({ bridge: marksAllRead })],
  ['notes that look like answers', /like an answer/, () => ({ bridge: showsNotesAsAnswers })],
  ['a storage that loses links', /is nobody's, without excuse/, () => ({ storage: losesLinks })],
  ['a storage that loses tasks', /has no thread|never showed/, () => ({ storage: losesTasks })],
  ['a storage that forgets what it took', /is stored 2 times/, () => ({ storage: forgetsKeys })],
  ['a storage that skips events', /vis_\d+\/\d shows/, () => ({ storage: skipsEvents })],
  ['a storage that tells too much', /is for the team/, () => ({ storage: tellsTooMuch })],
  ['a storage that loses changes', /m\d+ should say|should say v/, () => ({ storage: losesChanges })],
  ['a broker that mixes up sessions', /vis_\d+\/\d /, () => ({ broker: mixesSessions })],
];

describe('what is wrong is noticed', () => {
  it.each(sabotages)('%s', { timeout: 60_000 }, async (_, expected, sabotage) => {
    for (const seed of seedsOf(DAYS)) {
      const { failures } = await simulate(seed, { sabotage: sabotage() });
      if (failures.some((failure) => expected.test(failure))) return;
    }
    expect.fail(`${DAYS} days went by, and nobody noticed`);
  });
});

/** The same with some of its members replaced. */
const altered = <T extends object>(inner: T, change: Partial<T>): T =>
  new Proxy(inner, {
    get: (target, key) => {
      if (key in change) return Reflect.get(change, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** True for every so-manieth call. */
const every = (count: number): (() => boolean) => {
  let calls = 0;
  return () => ++calls % count === 0;
};

const dropsPosts = (bridge: Bridge): Bridge => {
  const isDropped = every(5);
  return altered(bridge, {
    post: (thread, part, call) =>
      isDropped() ? Promise.resolve({ ...thread, platformId: call.nonce }) : bridge.post(thread, part, call),
  });
};

const postsTwice = (bridge: Bridge): Bridge => {
  const isDoubled = every(5);
  return altered(bridge, {
    post: async (thread, part, call) => {
      if (isDoubled()) await bridge.post(thread, part, call);
      return bridge.post(thread, part, call);
    },
  });
};

const doesNotEdit = (bridge: Bridge): Bridge =>
  altered(bridge, bridge.editing ? { editing: { ...bridge.editing, edit: async () => {} } } : {});

const doesNotDelete = (bridge: Bridge): Bridge =>
  altered(bridge, bridge.editing ? { editing: { ...bridge.editing, remove: async () => {} } } : {});

const mixesParts = (bridge: Bridge): Bridge =>
  altered(bridge, { render: (note, card) => bridge.render(note, card).reverse() });

const knowsNoBudget = (bridge: Bridge): Bridge => altered(bridge, { pacing: {} });

const forgetsUpdates = (bridge: Bridge): Bridge => {
  const isForgotten = every(5);
  return altered(bridge, {
    start: (host) =>
      bridge.start({
        ...host,
        receive: async (inbound) => (isForgotten() ? undefined : host.receive(inbound)),
      }),
  });
};

const forgetsDeletions = (bridge: Bridge): Bridge =>
  altered(bridge, {
    start: (host) =>
      bridge.start({
        ...host,
        receive: async (inbound) => (inbound.kind === 'delete' ? undefined : host.receive(inbound)),
      }),
  });

const bringsNothing = (bridge: Bridge): Bridge =>
  altered(bridge, bridge.catchUp ? { catchUp: { since: async function* () {} } } : {});

const marksAllRead = (bridge: Bridge): Bridge => {
  const { receipts } = bridge;
  return altered(
    bridge,
    receipts ? { receipts: { mark: (posted, _, call) => receipts.mark(posted, 'read', call) } } : {},
  );
};

const showsNotesAsAnswers = (bridge: Bridge): Bridge =>
  altered(bridge, {
    render: (note, card) => {
      if (note.kind !== 'message') return bridge.render(note, card);
      const { audience: _, ...answer } = note;
      return bridge.render(answer, card);
    },
  });

const losesLinks = (storage: StoragePort): StoragePort => {
  const isLost = every(7);
  return altered(storage, {
    commit: ({ links, ...write }) =>
      storage.commit(links === undefined || isLost() ? write : { ...write, links }),
  });
};

const losesTasks = (storage: StoragePort): StoragePort =>
  altered(storage, {
    commit: (write) => storage.commit({ ...write, ...(write.insert && { tasks: [] }) }),
  });

const forgetsKeys = (storage: StoragePort): StoragePort =>
  altered(storage, { commit: ({ dedupe: _, ...write }) => storage.commit(write) });

const skipsEvents = (storage: StoragePort): StoragePort =>
  altered(storage, {
    events: async (sessionId, page) => {
      const entries = await storage.events(sessionId, page);
      return entries.length > 1 ? entries.slice(1) : entries;
    },
  });

const tellsTooMuch = (storage: StoragePort): StoragePort =>
  altered(storage, {
    events: async (sessionId, page) =>
      (await storage.events(sessionId, page)).map(({ event, ...entry }) => ({
        ...entry,
        event: { ...event, audience: 'all' },
      })),
  });

const losesChanges = (storage: StoragePort): StoragePort =>
  altered(storage, {
    commit: (write) =>
      storage.commit({
        ...write,
        ...(write.update && { update: write.update.map(({ id }) => ({ id, patch: {} })) }),
      }),
  });

const mixesSessions = (broker: Broker): Broker => {
  const channels: string[] = [];
  return altered(broker, {
    subscribe: (channel, receive) => {
      if (channel.startsWith('session/')) channels.push(channel);
      return broker.subscribe(channel, receive);
    },
    publish: (channel, payload) => {
      const other = channels.at(-1);
      const wrong = channel.startsWith('session/') && other !== undefined && other !== channel;
      // As from another node: what comes from oneself is passed over.
      const news = payload as { readonly [key: string]: Json };
      const sessionId = other?.slice('session/'.length) ?? null;
      if (wrong) broker.publish(other, { ...news, node: 'elsewhere', sessionId });
      else broker.publish(channel, payload);
    },
  });
};
