import type {
  Actor,
  Committed,
  Conflict,
  Message,
  NewEvent,
  NewMessage,
  Session,
  StoragePort,
  WriteSet,
} from '@pocketping/core';
import { expect } from 'vitest';
import type { StorageFixture } from './fixture.js';

/** Ids in the order in which they are asked for. */
let ids = 0;
export const nextId = (prefix: string): string => `${prefix}${String(++ids).padStart(8, '0')}`;

export const operator: Actor = { kind: 'operator', id: '42', name: 'Grace', via: 'support' };

/** A visitor with a session that has just begun. */
export interface Begun {
  readonly sessionId: string;
  readonly visitorId: string;
  readonly tokenHash: string;
  readonly visitor: Actor;
}

/** @returns the result of a commit that must have succeeded */
export const committed = (result: Committed | Conflict): Committed => {
  if (result.conflict !== undefined) expect.fail(`unexpected conflict: ${result.conflict}`);
  return result;
};

/** Begins a visitor's session: its log holds `session_started` as number 1. */
export const begin = async ({ storage, clock }: StorageFixture): Promise<Begun> => {
  const begun = newcomer();
  committed(await storage.commit(beginning(begun, clock.now())));
  return begun;
};

export const newcomer = (): Begun => {
  const visitorId = nextId('vis_');
  return {
    sessionId: nextId('sess_'),
    visitorId,
    tokenHash: nextId('hash_'),
    visitor: { kind: 'visitor', id: visitorId },
  };
};

export const beginning = ({ sessionId, visitorId, tokenHash, visitor }: Begun, at: number): WriteSet => ({
  at,
  visitor: { id: visitorId, tokenHash },
  session: { create: { id: sessionId, visitorId, metadata: { url: 'https://shop.example/' } } },
  events: [{ type: 'session_started', actor: visitor }],
});

/** What a visitor's message writes. */
export const sending = (
  { sessionId, visitor, tokenHash }: Begun,
  at: number,
  change: Partial<NewMessage> = {},
): WriteSet & { insert: [NewMessage]; events: [NewEvent] } => {
  const id = change.id ?? nextId('msg_');
  const message = { id, sessionId, author: visitor, audience: 'all', content: 'hello', ...change } as const;
  return {
    at,
    session: { id: sessionId },
    insert: [message],
    events: [{ type: 'message', messageId: id, actor: message.author }],
    expect: { token: tokenHash },
  };
};

export const send = async (
  { storage, clock }: StorageFixture,
  begun: Begun,
  change: Partial<NewMessage> = {},
): Promise<Message> => {
  const { messages } = committed(await storage.commit(sending(begun, clock.now(), change)));
  return messages[0] as Message;
};

export const sessionOf = async (storage: StoragePort, { sessionId }: Begun): Promise<Session> => {
  const session = await storage.session(sessionId);
  return session ?? expect.fail(`session ${sessionId} is missing`);
};

/** Everything that can be read of a session and of what hangs on it: two equal pictures mean that nothing changed. */
export const picture = async (storage: StoragePort, begun: Begun, bridge = 'support') => ({
  session: await storage.session(begun.sessionId),
  messages: await storage.messages(begun.sessionId, { limit: 1000 }),
  events: await storage.events(begun.sessionId, { after: 0, limit: 1000 }),
  heads: [...(await storage.heads([begun.sessionId]))],
  thread: await storage.thread({ bridge, sessionId: begun.sessionId }),
  links: await storage.links({ bridge, chatId: 'chat', platformId: '1' }),
  newLinks: await storage.links({ bridge, chatId: 'chat', platformId: '2' }),
  state: await storage.states('scope'),
  tasks: await storage.tasks.count('queue'),
  sessions: await storage.sessions({ limit: 1000 }),
});
