import type { ServerResponse } from 'node:http';
import type { UploadRequest } from '@pocketping/protocol';
import type { FakeConversations, FakeSession, LogFrame } from './conversations.js';
import { Refusal } from './refusal.js';
import type { Asked } from './server.js';

type Route = (state: FakeConversations, asked: Asked, response: ServerResponse) => unknown;

/** The routes of DESIGN §6 that the widget calls. */
export const routes: Record<string, Route> = {
  '/connect': (state, { body, token }) => {
    let visitorId = token && state.tokens.get(token);
    let given: string | undefined;
    if (token && !visitorId) throw new Refusal('unauthorized');
    if (!visitorId) {
      const secret = body.secret as string;
      const made = state.secrets.get(secret) ?? state.visitor();
      state.secrets.set(secret, made);
      ({ visitorId, token: given } = made);
    }
    identify(state, visitorId, body.identity);
    const mine = [...state.sessions.values()].filter((session) => session.visitorId === visitorId);
    const session =
      mine.find((one) => one.sessionId === body.sessionId) ??
      mine.findLast((one) => one.status !== 'ended') ??
      state.open(visitorId);
    return {
      sessionId: session.sessionId,
      visitorId,
      ...(given && { token: given }),
      seq: session.seq,
      status: session.status,
      operatorOnline: state.online,
      welcomeMessage: state.welcomeMessage,
      ...(state.files.maxBytes && { uploads: { maxBytes: state.files.maxBytes } }),
      messages: session.messages.slice(-50),
      hasMore: session.messages.length > 50,
      read: session.read,
    };
  },
  '/message': (state, asked) => {
    const session = own(state, asked);
    const { content, clientMessageId, replyTo } = asked.body as Record<string, string>;
    const attachments = state.files.take(session.sessionId, asked.body.attachmentIds as string[] | undefined);
    const known = session.messages.find((message) => message.clientMessageId === clientMessageId);
    if (!known && session.status === 'ended') throw new Refusal('session_ended');
    if (replyTo && !session.messages.some((message) => message.id === replyTo))
      throw new Refusal('message_not_found');
    session.status = 'open';
    const message =
      known ??
      state.write(session, {
        content: content!,
        ...(clientMessageId && { clientMessageId }),
        ...(replyTo && { replyTo }),
        ...(attachments && { attachments }),
      });
    return { messageId: message.id, timestamp: message.timestamp, seq: message.seq };
  },
  '/messages': (state, asked) => {
    const { messages } = own(state, asked);
    const end = messages.findIndex((message) => message.id === asked.body.before);
    const start = Math.max(0, end - 50);
    return { messages: messages.slice(start, end), hasMore: start > 0 };
  },
  '/events': async (state, asked, response) => {
    const session = own(state, asked);
    const after = Number(asked.body.after);
    const found = () => session.log.filter((frame: LogFrame) => frame.seq > after);
    if (found().length === 0 && Number(asked.body.wait) > 0) await nextChange(state, session, response);
    return { events: found(), seq: session.seq, hasMore: false };
  },
  '/edit': (state, asked) => {
    const session = own(state, asked);
    mine(session, asked);
    return state.change(session, asked.body.messageId as string, {
      content: asked.body.content as string,
      editedAt: new Date().toISOString(),
    });
  },
  '/delete': (state, asked) => {
    const session = own(state, asked);
    mine(session, asked);
    return state.change(session, asked.body.messageId as string, {
      content: '',
      deletedAt: new Date().toISOString(),
    });
  },
  '/upload': (state, asked) => {
    const { sessionId } = own(state, asked);
    return state.files.announce(sessionId, asked.body as unknown as UploadRequest);
  },
  '/upload/complete': (state, asked) => {
    own(state, asked);
    return { attachment: state.files.complete(asked.body.attachmentId as string) };
  },
  '/read': (state, asked) => {
    const session = own(state, asked);
    const ids = asked.body.messageIds as string[];
    const upTo = Math.max(...session.messages.filter(({ id }) => ids.includes(id)).map(({ seq }) => seq));
    state.receive(session, 'visitor', 'read', upTo);
    return { ok: true };
  },
  '/typing': (state, asked) => {
    own(state, asked);
    return { ok: true };
  },
  '/event': (state, asked) => {
    const { sessionId, status } = own(state, asked);
    const { name, data, clientEventId } = asked.body as Record<string, string>;
    const event = { sessionId, name: name!, ...(data !== undefined && { data }) };
    const key = `${sessionId}/${clientEventId}`;
    const known = clientEventId ? state.taken.get(key) : undefined;
    if (known) {
      if (known !== JSON.stringify(event)) throw new Refusal('conflict');
      return { ok: true };
    }
    if (status === 'ended') throw new Refusal('session_ended');
    if (clientEventId) state.taken.set(key, JSON.stringify(event));
    state.triggered.push(event);
    return { ok: true };
  },
  '/identify': (state, asked) => {
    identify(state, own(state, asked).visitorId, asked.body.identity);
    return { identity: asked.body.identity };
  },
  '/disconnect': (state, asked) => {
    state.close(own(state, asked), 'visitor');
    return { ok: true };
  },
  '/presence': (state) => ({ online: state.online, operators: state.online ? state.operators : [] }),
};

function own(state: FakeConversations, { body, token }: Asked): FakeSession {
  const visitorId = state.tokens.get(token ?? '');
  if (!visitorId) throw new Refusal('unauthorized');
  const session = state.sessions.get(body.sessionId as string);
  if (session?.visitorId !== visitorId) throw new Refusal('session_not_found');
  return session;
}

function mine(session: FakeSession, { body }: Asked): void {
  const message = session.messages.find(({ id }) => id === body.messageId);
  if (message?.sender !== 'visitor') throw new Refusal('message_not_found');
  if (message.deletedAt) throw new Refusal('message_deleted');
}

function identify(state: FakeConversations, visitorId: string, identity: unknown): void {
  if (!identity) return;
  const before = state.identities.get(visitorId) as { id?: string } | undefined;
  if (before?.id && before.id !== (identity as { id?: string }).id) throw new Refusal('identity_conflict');
  state.identities.set(visitorId, identity);
}

const nextChange = (state: FakeConversations, session: FakeSession, response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const listener = (whose: FakeSession) => {
      if (whose === session) finish();
    };
    const finish = () => {
      state.listeners.delete(listener);
      resolve();
    };
    state.listeners.add(listener);
    response.on('close', finish);
  });
