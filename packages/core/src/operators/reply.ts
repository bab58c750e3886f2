import { fetchedLater, fetchTask } from '../attachments/inbound.js';
import { commitRetrying } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import { newId } from '../ids.js';
import type { Actor, Session } from '../model/index.js';
import type {
  Committed,
  InboundEdit,
  InboundMessage,
  MessageRef,
  StateWrite,
  WriteSet,
} from '../ports/index.js';
import { answerKey, answerTask } from './answer.js';
import { answering } from './answering.js';
import { isRefused, linkToNothing } from './link-to-nothing.js';
import { linkedMessage } from './linked-message.js';
import { mistyped } from './mistyped.js';
import { once, type Source, sessionAt } from './receive.js';
import { revise } from './revise.js';

/** Typing in a thread is the reply to its visitor. */
export const reply = async (
  engine: Engine,
  source: Source,
  inbound: InboundMessage | InboundEdit,
): Promise<void> => {
  const { ref } = inbound;
  const [known] = await engine.storage.links({ bridge: source.name, ...keyOf(ref) });
  if (known) {
    if (known.direction === 'in' && known.version < inbound.version) {
      await revise(engine, source, { ...inbound, kind: 'edit', sentAt: inbound.at });
    }
    return;
  }
  const committed = await say(engine, source, inbound, async (session) => {
    if (!session && ref.threadId === undefined && inbound.aside) return null;
    const write = await replyOrRefusal(engine, source, session, inbound);
    return { ...write, dedupe: once(source, ref, 'message') };
  });
  // Another delivery of it came in between, perhaps of an earlier version.
  if (committed?.duplicate)
    await revise(engine, source, { sentAt: inbound.at, ...inbound, kind: 'edit' }, false);
};

/** Says a later version of what was not delivered, or that this is not either. */
export const replyAgain = async (engine: Engine, source: Source, inbound: InboundEdit): Promise<void> => {
  const { ref, version } = inbound;
  const key = { bridge: source.name, ...keyOf(ref) };
  let isSaid = false;
  await say(engine, source, inbound, async (session) => {
    const [link] = await engine.storage.links(key);
    if (!link || link.version >= version) return null;
    isSaid = !isRefused(link);
    if (isSaid) return null;
    const write = await replyOrRefusal(engine, source, session, inbound, 'Still not delivered');
    return {
      ...write,
      unlink: [key],
      // A refusal that nobody has read yet is no longer true.
      ...(write.insert && { cancel: [answerKey(source.name, ref)] }),
      dedupe: once(source, ref, `message/${version}`),
      // Of two versions that come at once the second sees what became of the first.
      ...(session && {
        session: { id: session.id, ...write.session },
        expect: { ...write.expect, seq: session.seq },
      }),
    };
  });
  if (isSaid) await revise(engine, source, inbound, false);
};

/** Commits what `plan` makes of the session as it stands; whoever says something is there. */
const say = async (
  engine: Engine,
  source: Source,
  inbound: InboundMessage | InboundEdit,
  plan: (session: Session | null) => Promise<WriteSet | null>,
): Promise<Committed | null> => {
  let presence: StateWrite | undefined;
  const planned = async () => {
    const write = await plan(await sessionAt(engine, source, inbound));
    presence = write?.insert ? engine.presence.touch(source.name, inbound.operator) : undefined;
    return write && presence ? { ...write, state: [presence] } : write;
  };
  // The visitor may leave, or be blocked, between the look and the commit: then that is what is said.
  const committed = await commitRetrying(engine, planned, 'blocked');
  if (presence) await engine.presence.changed();
  return committed;
};

const replyOrRefusal = async (
  engine: Engine,
  source: Source,
  session: Session | null,
  inbound: InboundMessage | InboundEdit,
  refused = NOT_DELIVERED,
): Promise<WriteSet> => {
  const { ref, version } = inbound;
  const refusal =
    session || ref.threadId !== undefined
      ? await whyNotDelivered(engine, source, session, inbound)
      : NOT_A_REPLY;
  if (refusal === null && session) return replyWrite(engine, source, session, inbound);
  const why = (refusal ?? NO_SESSION).replace(NOT_DELIVERED, refused);
  return {
    at: engine.clock.now(),
    tasks: [answerTask(source.name, ref, why)],
    links: [linkToNothing(source, ref, version, session?.id)],
  };
};

const NOT_DELIVERED = 'Not delivered';
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
    expect: { notBlocked: true, status: session.status },
  };
};

/** The part of a reference that names a message for good: threads may be replaced. */
export const keyOf = ({ chatId, platformId }: MessageRef): { chatId: string; platformId: string } => ({
  chatId,
  platformId,
});
