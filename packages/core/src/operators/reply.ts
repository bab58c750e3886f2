import { fetchedLater, fetchTask } from '../attachments/inbound.js';
import { commitRetrying, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { newId } from '../ids.js';
import type { Actor, Session } from '../model/index.js';
import type { InboundEdit, InboundMessage, MessageRef, WriteSet } from '../ports/index.js';
import { answerTask } from './answer.js';
import { answering } from './answering.js';
import { linkedMessage } from './linked-message.js';
import { mistyped } from './mistyped.js';
import { once, onlyAnswer, type Source, sessionAt } from './receive.js';
import { revise } from './revise.js';

/** Typing in a thread is the reply to its visitor. */
export const reply = async (
  engine: Engine,
  source: Source,
  inbound: InboundMessage | InboundEdit,
): Promise<void> => {
  const { ref, operator } = inbound;
  const [known] = await engine.storage.links({ bridge: source.name, ...keyOf(ref) });
  if (known) {
    if (known.direction === 'in' && known.version < inbound.version) {
      await revise(engine, source, { ...inbound, kind: 'edit', sentAt: inbound.at });
    }
    return;
  }
  const session = await sessionAt(engine, source, inbound);
  if (!session && ref.threadId === undefined && inbound.aside) return;
  const refusal =
    session || ref.threadId !== undefined
      ? await whyNotDelivered(engine, source, session, inbound)
      : NOT_A_REPLY;
  if (refusal !== null || !session) {
    return onlyAnswer(engine, source, ref, refusal ?? NO_SESSION, 'message');
  }
  const presence = engine.presence.touch(source.name, operator);
  const committed = await commitRetrying(engine, async () => {
    const current = await engine.storage.session(session.id);
    if (!current) throw sessionNotFound(session.id);
    const late = await whyNotDelivered(engine, source, current, inbound);
    if (late !== null) {
      // The visitor left, or was blocked, between the first look and this one.
      return {
        at: engine.clock.now(),
        tasks: [answerTask(source.name, ref, late)],
        dedupe: once(source, ref, 'message'),
      };
    }
    const write = await replyWrite(engine, source, current, inbound);
    return { ...write, ...(presence && { state: [presence] }) };
  });
  if (presence) await engine.presence.changed();
  // Another delivery of it came in between, perhaps of an earlier version.
  if (committed?.duplicate)
    await revise(engine, source, { sentAt: inbound.at, ...inbound, kind: 'edit' }, false);
};

const NOT_A_REPLY =
  'Not delivered: it is not clear whom this is for. Reply to a message of the visitor you mean.';
const NO_SESSION = 'Not delivered: no conversation belongs to this place.';

/** What to tell an operator whose words cannot reach the visitor; null when they can. */
export const whyNotDelivered = async (
  engine: Engine,
  source: Source,
  session: Session | null,
  { content, undeliverable, files = [] }: Pick<InboundMessage, 'content' | 'undeliverable' | 'files'>,
): Promise<string | null> => {
  if (!session) return NO_SESSION;
  if (undeliverable !== undefined) {
    return `Not delivered: ${undeliverable} cannot be delivered yet. The visitor has not seen this message.`;
  }
  if (files.length > 0 && !engine.files)
    return 'Not delivered: this site has no place to keep files. The visitor has not seen this message.';
  if (content.trim() === '' && files.length === 0) return 'Not delivered: the message is empty.';
  const command = mistyped(content, {
    commands: engine.commands.typeable(source),
    prefixes: engine.commandPrefixes,
  });
  if (command) return `Not delivered: this looks like a command, ${typedHere(source, command)}`;
  if (session.status === 'ended') return 'Not delivered: the visitor has ended this conversation.';
  const visitor = await engine.storage.visitor({ id: session.visitorId });
  return visitor?.blockedAt === undefined ? null : 'Not delivered: this visitor is blocked.';
};

const typedHere = ({ commandPrefix }: Source, { name }: { readonly name?: string }): string =>
  name === undefined
    ? `and there is no such one. ${commandPrefix}help names those there are.`
    : `which is ${commandPrefix}${name} here.`;

const replyWrite = async (
  engine: Engine,
  source: Source,
  session: Session,
  inbound: InboundMessage | InboundEdit,
): Promise<WriteSet> => {
  const { ref, operator, content, version, files } = inbound;
  const at = engine.clock.now();
  const messageId = newId('message', at);
  const actor: Actor = { kind: 'operator', id: operator.id, name: operator.name, via: source.name };
  const replyTo =
    inbound.replyTo && (await linkedMessage(engine, source.name, session, inbound.replyTo, 'all'));
  return {
    at,
    ...answering(session, actor, {
      type: 'message',
      messageId,
      actor,
      origin: source.name,
      marks: 'operator',
    }),
    insert: [
      {
        id: messageId,
        sessionId: session.id,
        author: actor,
        audience: 'all',
        content,
        ...(files && files.length > 0 && { attachments: fetchedLater(engine, source.name, files) }),
        ...(replyTo && { replyTo }),
      },
    ],
    links: [
      {
        bridge: source.name,
        ...keyOf(ref),
        threadId: ref.threadId ?? '',
        sessionId: session.id,
        messageId,
        part: 0,
        direction: 'in',
        version,
      },
    ],
    tasks: [
      ...deliverTasks(engine, session.id, session.status === 'closed' ? undefined : source.name),
      ...(files && files.length > 0 ? [fetchTask(source.name, session.id, messageId)] : []),
    ],
    dedupe: once(source, ref, 'message'),
    expect: { status: session.status },
  };
};

/** The part of a reference that names a message for good: threads may be replaced. */
export const keyOf = ({ chatId, platformId }: MessageRef): { chatId: string; platformId: string } => ({
  chatId,
  platformId,
});
