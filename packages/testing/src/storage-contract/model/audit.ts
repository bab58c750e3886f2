import type { StoragePort } from '@pocketping/core';
import { expect } from 'vitest';
import { withoutPosition } from './operation.js';
import {
  byPart,
  entriesIn,
  linksOfMessage,
  linksOfPost,
  messagesIn,
  sessionsIn,
  threadOfSession,
} from './reads.js';
import { type Model, messageOf, sessionOf } from './rows.js';
import {
  BRIDGES,
  CHATS,
  KEYS,
  MESSAGES,
  POSTS,
  QUEUES,
  SCOPES,
  SESSIONS,
  THREADS,
  TOKENS,
  VISITORS,
} from './world.js';

/** Reads everything in every way, and compares it with the model. */
export const audit = async (storage: StoragePort, model: Model): Promise<void> => {
  await auditSessions(storage, model);
  for (const id of SESSIONS) await auditLog(storage, model, id);
  for (const id of MESSAGES) expect(await storage.message(id)).toEqual(messageOf(model, id) ?? null);
  await auditVisitors(storage, model);
  await auditPlatforms(storage, model);
  for (const scope of SCOPES) {
    const entries = model.state.filter((entry) => entry.scope === scope);
    expect(await storage.states(scope)).toEqual(entries.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
    for (const key of KEYS) {
      expect(await storage.state(scope, key)).toEqual(entries.find((entry) => entry.key === key) ?? null);
    }
  }
  for (const queue of QUEUES) {
    const tasks = model.tasks.filter(({ task }) => task.queue === queue);
    expect(await storage.tasks.count(queue)).toBe(tasks.length);
  }
};

const auditSessions = async (storage: StoragePort, model: Model): Promise<void> => {
  for (const id of SESSIONS) expect(await storage.session(id)).toEqual(sessionOf(model, id) ?? null);
  for (const status of [undefined, 'open', 'closed', 'ended'] as const) {
    for (const visitorId of [undefined, ...VISITORS]) {
      for (const [before, reached] of [
        [undefined, false],
        [SESSIONS[0], false],
        [undefined, true],
        [SESSIONS[0], true],
      ] as const) {
        const query = {
          limit: 2,
          ...(reached && { reached }),
          ...(status && { status }),
          ...(visitorId && { visitorId }),
          ...(before && { before }),
        };
        expect(await storage.sessions(query)).toEqual(sessionsIn(model, query));
      }
    }
  }
  const heads = model.sessions.map(({ id, seq }) => [id, seq] as const);
  expect(await storage.heads([...SESSIONS, SESSIONS[0]])).toEqual(new Map(heads));
};

const auditLog = async (storage: StoragePort, model: Model, id: string): Promise<void> => {
  for (const page of [
    { limit: 100 },
    { limit: 2 },
    { after: 0, limit: 3 },
    { after: 4, limit: 100 },
    { before: 5, limit: 2 },
  ]) {
    expect(await storage.messages(id, page)).toEqual(messagesIn(model, id, page));
  }
  for (const page of [
    { after: 0, limit: 100 },
    { after: 3, limit: 2 },
  ]) {
    const entries = await storage.events(id, page);
    const seen = entries.map(({ event, message }) => ({ event: withoutPosition(event), message }));
    expect(seen).toEqual(entriesIn(model, id, page));
    const positions = entries.map(({ event }) => event.position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  }
};

const auditVisitors = async (storage: StoragePort, model: Model): Promise<void> => {
  const found = (visitor: Model['visitors'][number] | undefined) =>
    visitor ? (({ tokenHash: _, ...rest }) => rest)(visitor) : null;
  for (const id of VISITORS) {
    expect(await storage.visitor({ id })).toEqual(found(model.visitors.find((each) => each.id === id)));
  }
  for (const tokenHash of TOKENS) {
    const holder = model.visitors.find((each) => each.tokenHash === tokenHash);
    expect(await storage.visitor({ tokenHash })).toEqual(found(holder));
  }
};

const auditPlatforms = async (storage: StoragePort, model: Model): Promise<void> => {
  for (const bridge of BRIDGES) {
    for (const sessionId of SESSIONS) {
      expect(await storage.thread({ bridge, sessionId })).toEqual(threadOfSession(model, bridge, sessionId));
    }
    for (const messageId of MESSAGES) {
      const links = await storage.links({ bridge, messageId });
      expect(byPart(links)).toEqual(linksOfMessage(model, bridge, messageId));
    }
    for (const chatId of CHATS) {
      for (const threadId of THREADS) {
        const thread = model.threads.find(
          (each) => each.bridge === bridge && each.chatId === chatId && each.threadId === threadId,
        );
        expect(await storage.thread({ bridge, chatId, threadId })).toEqual(thread ?? null);
      }
      for (const platformId of POSTS) {
        const links = await storage.links({ bridge, chatId, platformId });
        expect(links.map(({ part }) => part)).toEqual(links.map(({ part }) => part).toSorted());
        expect(byPart(links)).toEqual(linksOfPost(model, { bridge, chatId, platformId }));
      }
    }
  }
};
