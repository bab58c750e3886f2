import type { Message, MessageLink, MessagesPage, Session, SessionsQuery, Thread } from '@pocketping/core';
import { logOf, type Model, type ModelEvent, messageOf } from './rows.js';

export const sessionsIn = (
  model: Model,
  { status, visitorId, reached, before, limit }: SessionsQuery,
): Session[] => {
  const cursor = model.sessions.findIndex(({ id }) => id === before);
  if (before !== undefined && cursor < 0) return [];
  return model.sessions
    .slice(0, before === undefined ? undefined : cursor)
    .filter((session) => status === undefined || session.status === status)
    .filter(({ reachedAt }) => !reached || reachedAt !== undefined)
    .filter((session) => visitorId === undefined || session.visitorId === visitorId)
    .reverse()
    .slice(0, limit);
};

export const messagesIn = (
  model: Model,
  sessionId: string,
  { after, before, limit }: MessagesPage,
): Message[] => {
  const all = model.messages
    .filter((message) => message.sessionId === sessionId)
    .sort((a, b) => a.seq - b.seq);
  if (after !== undefined) return all.filter(({ seq }) => seq > after).slice(0, limit);
  const older = all.filter(({ seq }) => before === undefined || seq < before);
  return older.slice(Math.max(0, older.length - limit));
};

export const entriesIn = (
  model: Model,
  sessionId: string,
  { after, limit }: { after: number; limit: number },
): { event: ModelEvent; message: Message | undefined }[] =>
  logOf(model, sessionId)
    .filter(({ seq }) => seq > after)
    .slice(0, limit)
    .map((event) => ({
      event,
      message: 'messageId' in event ? messageOf(model, event.messageId) : undefined,
    }));

export const threadOfSession = (model: Model, bridge: string, sessionId: string): Thread | null =>
  model.threads.findLast(
    (thread) => thread.bridge === bridge && thread.sessionId === sessionId && thread.retiredAt === undefined,
  ) ?? null;

export const linksOfMessage = (model: Model, bridge: string, messageId: string): MessageLink[] =>
  byPart(model.links.filter((link) => link.bridge === bridge && link.messageId === messageId));

export const linksOfPost = (
  model: Model,
  post: { bridge: string; chatId: string; platformId: string },
): MessageLink[] =>
  byPart(
    model.links.filter(
      ({ bridge, chatId, platformId }) =>
        bridge === post.bridge && chatId === post.chatId && platformId === post.platformId,
    ),
  );

/** Links of the same part come in an order that is the storage's own. */
export const byPart = (links: readonly MessageLink[]): MessageLink[] =>
  links.toSorted((a, b) => a.part - b.part || (nameOf(a) < nameOf(b) ? -1 : 1));

const nameOf = ({ chatId, platformId, messageId }: MessageLink) => `${chatId} ${platformId} ${messageId}`;
