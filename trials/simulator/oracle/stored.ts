import type { LogEntry, Message, Session, StoragePort } from '@pocketping/core';
import type { Stage } from '../stage.js';

/** A session as the storage has it in the end. */
export interface Stored {
  readonly session: Session;
  /** Oldest first, deleted ones included. */
  readonly messages: readonly Message[];
  readonly log: readonly LogEntry[];
}

const ALL = 1_000_000;

export const readSessions = async (storage: StoragePort): Promise<Stored[]> => {
  const sessions = await storage.sessions({ limit: ALL });
  return Promise.all(
    sessions.map(async (session) => ({
      session,
      messages: await storage.messages(session.id, { limit: ALL }),
      log: await storage.events(session.id, { after: 0, limit: ALL }),
    })),
  );
};

/** The log has no gaps, and every message stands where its event says. */
export const checkLog = (stage: Stage, stored: readonly Stored[]): void => {
  for (const { session, messages, log } of stored) {
    const { id } = session;
    for (const [index, { event }] of log.entries()) {
      if (event.seq !== index + 1) stage.fail(`the log of ${id} has ${event.seq} at place ${index + 1}`);
    }
    if (session.seq !== log.length)
      stage.fail(`${id} says its log ends at ${session.seq}, not ${log.length}`);
    const begun = log.filter(({ event }) => event.type === 'message');
    const brought = begun.map(({ event, message }) => `${event.seq} ${message?.id}`).join();
    const standing = messages.map((message) => `${message.seq} ${message.id}`).join();
    if (brought !== standing)
      stage.fail(`the log of ${id} does not bring its messages: ${brought}, ${standing}`);
  }
};
