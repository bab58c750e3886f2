import type {
  AttachmentId,
  BridgeEvent,
  BringAttachmentQuery,
  MessageId,
  MirroredMessageQuery,
} from '@pocketping/protocol';
import { digest } from '../access/token.js';
import type { OpenFile } from '../attachments/open.js';
import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import type { Attachment, Instant, Session } from '../model/index.js';
import type { WriteSet } from '../ports/index.js';
import { change, mirroredMessage, readInSession } from './change.js';
import { bringFile, fileOfMessage } from './files.js';
import { say } from './say.js';
import { begin, changeStatus, identified, mirroredSession } from './session.js';
import { type TeamFrom, type TeamNews, team } from './team.js';
import { tell } from './tell.js';

/** What became of an event. */
export interface Taken {
  readonly sessionId?: string;
  readonly messageId?: string;
  /** When the copy of the session began. */
  readonly mirroredAt?: Instant;
  /** It had been taken before; nothing happened. */
  readonly duplicate: boolean;
}

/**
 * Sessions that a backend has in an engine of its own, and whose threads are here: they are mirrored by their ids. No callback is called for
 * them and no AI answers in them; that is the backend's. All methods throw `PocketPingError`.
 */
export interface Mirror {
  /**
   * Takes what happened on the backend's side; resolves after the commit. The same event id, and the same message id, have one effect.
   * @throws `session_not_found`, `message_not_found`, `session_ended`, `message_deleted`, `validation_failed`, and `conflict` for an id
   *   that names something else already
   */
  take(event: BridgeEvent): Promise<Taken>;
  /** Whether a message of the backend's own was taken, deleted meanwhile or not. @throws `session_not_found`, `message_not_found` */
  said(query: MirroredMessageQuery): Promise<Taken>;
  /** Keeps a file for a message to take. What is there already is not read again. @throws as an upload does */
  bringFile(
    query: BringAttachmentQuery & { readonly size: number },
    open: (maxBytes: number) => ReadableStream<Uint8Array>,
  ): Promise<Attachment>;
  /** A file of the team's. @throws `not_found`; `unavailable` while it is still on its way here */
  openFile(file: { origin: string; messageId: MessageId; attachmentId: AttachmentId }): Promise<OpenFile>;
  /** What the team does in the backend's sessions, in order, from a place on, until `signal` is aborted. */
  team(from: TeamFrom, signal: AbortSignal): AsyncIterable<TeamNews>;
}

export const createMirror = (engine: Engine, ready: () => Promise<void>): Mirror => ({
  take: async (event) => {
    await ready();
    return take(engine, event);
  },
  said: async (query) => {
    await ready();
    const session = await mirroredSession(engine, query);
    const { id } = await mirroredMessage(engine, session, query.messageId);
    return { ...ofSession(session), messageId: id, duplicate: true };
  },
  bringFile: async (query, open) => {
    await ready();
    return bringFile(engine, query, open);
  },
  openFile: async (file) => {
    await ready();
    return fileOfMessage(engine, file);
  },
  async *team(from, signal) {
    await ready();
    yield* team(engine, from, signal);
  },
});

const take = async (engine: Engine, event: BridgeEvent): Promise<Taken> => {
  const about: Pick<WriteSet, 'dedupe'> =
    event.id === undefined
      ? {}
      : {
          dedupe: {
            scope: `mirror/${event.origin}`,
            key: `event/${event.id}`,
            digest: digest(JSON.stringify(event)),
          },
        };
  switch (event.type) {
    case 'new_session':
      return ofSession(await begin(engine, event));
    case 'visitor_message':
    case 'operator_message': {
      const { message, duplicate } = await say(engine, event, about);
      const session = await mirroredSession(engine, event);
      return { ...ofSession(session), messageId: message.id, duplicate };
    }
    case 'visitor_message_edited':
    case 'visitor_message_deleted':
    case 'operator_message_edited':
    case 'operator_message_deleted': {
      const result = await change(engine, event, about);
      return {
        sessionId: event.sessionId,
        messageId: event.message.id,
        duplicate: result?.duplicate ?? true,
      };
    }
    case 'message_read':
      await readInSession(engine, event);
      return { sessionId: event.sessionId, duplicate: false };
    case 'identity_update': {
      const known = await mirroredSession(engine, event);
      const { session, duplicate } = await identified(engine, known, event.identity, about);
      return { ...ofSession(session), duplicate };
    }
    case 'session_closed':
    case 'session_reopened':
    case 'session_ended': {
      const result = await changeStatus(engine, event, about);
      return { sessionId: event.sessionId, duplicate: result?.duplicate ?? true };
    }
    case 'notice':
    case 'custom_event':
    case 'ai_takeover': {
      const result = await tell(engine, event, about);
      return { sessionId: event.sessionId, duplicate: result?.duplicate ?? false };
    }
    case 'visitor_typing': {
      const session = await mirroredSession(engine, event);
      if (session.status === 'open') engine.showTyping(session.id);
      return { sessionId: session.id, duplicate: false };
    }
    case 'operator_status': {
      const { operator, online, origin } = event;
      const state = [engine.presence.set(`api:${origin}`, operator, online)];
      const result = await commitRetrying(engine, async () => ({ at: engine.clock.now(), state, ...about }));
      await engine.presence.changed();
      return { duplicate: result?.duplicate ?? false };
    }
  }
};

const ofSession = ({ id, createdAt }: Session): Taken => ({
  sessionId: id,
  mirroredAt: createdAt,
  duplicate: false,
});
