import {
  MemoryStorage,
  type Message,
  PocketPing,
  type PocketPingOptions,
  type StoragePort,
} from '@pocketping/core';
import { onTestFinished, vi } from 'vitest';
import { virtualClock } from './clock.js';
import { recordingLogger } from './logger.js';

/**
 * An engine that was not started, in virtual time from now on; its platforms may be real servers. It stops when its test has
 * finished.
 *
 * @example
 * const { pp, clock } = engineInTest({ bridge });
 * await pp.start();
 */
export const engineInTest = (options: PocketPingOptions & { readonly storage?: StoragePort }) => {
  const clock = virtualClock(Date.now());
  const logger = recordingLogger();
  const pp = new PocketPing({ clock, logger, storage: new MemoryStorage({ clock }), ...options });
  onTestFinished(() => pp.stop());
  return { pp, clock, logger };
};

/** A visitor with a session: what they do, and what they see. */
export interface VisitorInTest {
  readonly sessionId: string;
  say(content: string): Promise<Message>;
  /** Changes what they said in these words. */
  edit(before: string, content: string): Promise<unknown>;
  /** Deletes what they said in these words. */
  remove(content: string): Promise<unknown>;
  /** Reads everything that is there. */
  reads(): Promise<void>;
  /** Everything in the conversation, oldest first: its words. */
  sees(): Promise<string[]>;
  /** The same with all that is known of it. */
  messages(): Promise<readonly Message[]>;
}

/** @param visitorId the visitor's id, e.g. `vis_anna` */
export const visitorInTest = async (
  { conversation }: PocketPing,
  visitorId: string,
): Promise<VisitorInTest> => {
  const { session, token } = await conversation.connect({ visitorId }, {});
  const actor = await conversation.authenticate(token as string);
  const sessionId = session.id;
  const sent = new Map<string, string>();
  const messages = async () => (await conversation.messages(actor, { sessionId, limit: 100 })).messages;
  return {
    sessionId,
    messages,
    say: async (content) => {
      const message = await conversation.send(actor, { sessionId, content });
      sent.set(content, message.id);
      return message;
    },
    edit: (before, content) =>
      conversation.edit(actor, { sessionId, messageId: sent.get(before) as string, content }),
    remove: (content) => conversation.remove(actor, { sessionId, messageId: sent.get(content) as string }),
    reads: async () => {
      const messageIds = (await messages()).map(({ id }) => id);
      await conversation.read(actor, { sessionId, messageIds, status: 'read' });
    },
    sees: async () => (await messages()).map(({ content }) => content),
  };
};

/** How a bridge of the engine is; undefined where it has none of that name. */
export const bridgeInTest = async (pp: PocketPing, name: string) =>
  (await pp.health()).bridges.find((bridge) => bridge.name === name);

/** Waits until it holds, for 10 s at most. */
export const eventually = <Value>(holds: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(holds, { timeout: 10_000 });
