import { BridgeError, type ThreadRef } from '@pocketping/core';

/** The server's copy of a session. */
export interface Copy {
  readonly sessionId: string;
  /** When it began, ISO 8601: a server that lost its data makes another one. */
  readonly mirroredAt: string;
}

/** The thread of a session: the server's copy of it, so that another copy is another thread. */
export const threadOf = (origin: string, { sessionId, mirroredAt }: Copy): ThreadRef => ({
  chatId: origin,
  threadId: `${sessionId}/${mirroredAt}`,
});

/** @throws BridgeError `thread_gone` for a thread of another origin, which this bridge had once */
export const copyOf = (origin: string, chatId: string, threadId = ''): Copy => {
  const slash = threadId.lastIndexOf('/');
  if (chatId !== origin || slash < 1) {
    throw new BridgeError('thread_gone', `The thread ${chatId}/${threadId} is none of the origin ${origin}.`);
  }
  return { sessionId: threadId.slice(0, slash), mirroredAt: threadId.slice(slash + 1) };
};

/** A name that the wire takes, for whatever was named by `text`: the same for the same. */
export const idOf = async (kind: string, text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return `${kind}-${hex.join('').slice(0, DIGITS)}`;
};

/** 160 bits: nobody meets one twice. */
const DIGITS = 40;
