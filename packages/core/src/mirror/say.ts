import type { BridgeEvent } from '@pocketping/protocol';
import { attach, notToBeHad } from '../attachments/attach.js';
import { visitorActor } from '../conversation/authenticate.js';
import { commitRetrying, sessionEnded } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Actor, Message, NewEvent, Session } from '../model/index.js';
import { answering } from '../operators/answering.js';
import type { SessionChange, WriteSet } from '../ports/index.js';
import { noToken } from './origin.js';
import { mirroredSession, visitorOf } from './session.js';

export type Saying = Extract<BridgeEvent, { type: 'visitor_message' | 'operator_message' }>;

/** What became of it. */
export interface Said {
  readonly message: Message;
  readonly duplicate: boolean;
}

/** What somebody said on the backend's side. A message's own id makes a repetition harmless, else its event's. */
export const say = async (engine: Engine, event: Saying, about: Pick<WriteSet, 'dedupe'>): Promise<Said> => {
  const { message } = event;
  if (message.content.trim() === '' && message.attachmentIds === undefined) {
    throw new PocketPingError('validation_failed', 'message.content must not be empty.');
  }
  if (message.id !== undefined) {
    const known = await engine.storage.message(message.id);
    if (known) return repeated(event, known);
  }
  const dedupe =
    message.id === undefined
      ? about.dedupe
      : { scope: `mirror/${event.origin}`, key: `message/${event.sessionId}/${message.id}`, digest: '' };
  const result = await commitRetrying(engine, async () => ({
    ...(await writeOf(engine, event)),
    ...(dedupe && { dedupe }),
  }));
  const said = result?.messages[0];
  if (!result || !said) throw new PocketPingError('internal_error', 'The storage returned no message.');
  return result.duplicate ? repeated(event, said) : { message: said, duplicate: false };
};

/** @throws `conflict` when the id is another message's */
const repeated = ({ sessionId, message: { id, content } }: Saying, known: Message): Said => {
  const isSame = known.sessionId === sessionId && (known.version > 1 || known.content === content);
  if (isSame) return { message: known, duplicate: true };
  throw new PocketPingError('conflict', `${id} names an earlier message with another content. Use a new id.`);
};

const writeOf = async (engine: Engine, event: Saying): Promise<WriteSet> => {
  const { message } = event;
  const session = await mirroredSession(engine, event);
  const isNote = event.type === 'operator_message' && event.message.isNote;
  if (session.status === 'ended' && !isNote) throw sessionEnded(session.id);
  const at = engine.clock.now();
  const id = message.id ?? newId('message', at);
  const author = authorOf(event, session);
  const audience = isNote ? 'team' : 'all';
  const replyTo = message.replyTo && (await answered(engine, session, message.replyTo, isNote));
  const actor = visitorActor(session.visitorId, noToken(session.visitorId));
  const { attachmentIds } = message;
  const files = attachmentIds && (await attach(engine, actor, attachmentIds));
  if (files && files.attachments.length < attachmentIds.length) throw notToBeHad(attachmentIds);
  const entry: NewEvent = {
    type: 'message',
    messageId: id,
    actor: author,
    ...(isNote && { audience }),
    ...(author.kind === 'operator' && !isNote && { marks: 'operator' as const }),
  };
  const spoken: Spoken = isNote
    ? { session: { id: session.id }, events: [entry] }
    : author.kind === 'visitor'
      ? visitorSpeaks(session, author, entry)
      : answering(session, author, entry);
  return {
    at,
    ...spoken,
    session: { ...spoken.session, patch: { reachedAt: at, ...spoken.session.patch } },
    insert: [
      {
        id,
        sessionId: session.id,
        author,
        audience,
        content: message.content,
        ...(replyTo && { replyTo }),
        ...(files && { attachments: files.attachments }),
      },
    ],
    tasks: deliverTasks(engine, session.id),
    ...(files && { state: files.state, cancel: files.cancel }),
    expect: { status: session.status },
  };
};

/** A visitor's word opens what the team has closed. */
const visitorSpeaks = (session: Session, actor: Actor, message: NewEvent): Spoken =>
  session.status === 'closed'
    ? {
        session: { id: session.id, patch: { status: 'open' } },
        events: [{ type: 'session_reopened', actor }, message],
      }
    : { session: { id: session.id }, events: [message] };

interface Spoken {
  readonly session: SessionChange;
  readonly events: readonly NewEvent[];
}

/** Who says it. It has no `via`: it did not come through a bridge of this server's. */
const authorOf = (event: Saying, session: Session): Actor => {
  if (event.type === 'visitor_message') return visitorOf(session);
  const { sender, senderName } = event.message;
  return { kind: sender, id: 'bridge-api', ...(senderName !== undefined && { name: senderName }) };
};

const answered = async (
  { storage }: Engine,
  session: Session,
  replyTo: string,
  mayBeNote: boolean,
): Promise<string> => {
  const message = await storage.message(replyTo);
  if (message?.sessionId === session.id && (mayBeNote || message.audience === 'all')) return message.id;
  throw new PocketPingError(
    'message_not_found',
    `Session ${session.id} has no message ${replyTo} to answer. Send it without replyTo.`,
  );
};
