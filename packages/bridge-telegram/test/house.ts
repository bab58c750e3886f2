import { MemoryStorage, PocketPing, type PocketPingOptions, type StoragePort } from '@pocketping/core';
import { recordingLogger, virtualClock } from '@pocketping/testing';
import { atEnd } from './emulated.js';

/** An engine in virtual time; its platforms are real servers. It stops with the test. */
export const house = (options: PocketPingOptions & { storage?: StoragePort }) => {
  const clock = virtualClock(Date.now());
  const logger = recordingLogger();
  const pp = new PocketPing({ clock, logger, storage: new MemoryStorage({ clock }), ...options });
  atEnd(() => pp.stop());
  return { pp, clock, logger };
};

/** A visitor with a session, and what they see. */
export const visitor = async (pp: PocketPing, visitorId: string) => {
  const { conversation } = pp;
  const { session, token } = await conversation.connect({ visitorId }, {});
  const actor = await conversation.authenticate(token as string);
  const sessionId = session.id;
  const sent = new Map<string, string>();
  return {
    sessionId,
    say: async (content: string) => {
      const { id } = await conversation.send(actor, { sessionId, content });
      sent.set(content, id);
    },
    edit: (before: string, content: string) =>
      conversation.edit(actor, { sessionId, messageId: sent.get(before) as string, content }),
    remove: (content: string) =>
      conversation.remove(actor, { sessionId, messageId: sent.get(content) as string }),
    /** Everything that is there. */
    reads: async () => {
      const { messages } = await conversation.messages(actor, { sessionId, limit: 100 });
      await conversation.read(actor, { sessionId, messageIds: messages.map(({ id }) => id), status: 'read' });
    },
    /** Everything in the conversation, oldest first. */
    sees: async () =>
      (await conversation.messages(actor, { sessionId, limit: 100 })).messages.map(({ content }) => content),
  };
};

export const bridgeIn = async (pp: PocketPing, name: string) =>
  (await pp.health()).bridges.find((bridge) => bridge.name === name);
