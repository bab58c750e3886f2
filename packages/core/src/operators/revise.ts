import { commitRetrying, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import type { MessageLink, Session } from '../model/index.js';
import type { CommandWords, InboundEdit } from '../ports/index.js';
import { answerTask } from './answer.js';
import { note } from './commands/note.js';
import { isRefused } from './link-to-nothing.js';
import { onlyAnswer, type Source } from './receive.js';
import { keyOf, reply, replyAgain, whyNotDelivered } from './reply.js';

/** An edit of a message we never saw creates it, if it is this young: its first version may just be late. */
const YOUNG_MS = 5 * 60_000;

/** An operator changed what they wrote. */
export const revise = async (
  engine: Engine,
  source: Source,
  inbound: InboundEdit,
  mayCreate = true,
): Promise<void> => {
  const { ref, version } = inbound;
  const refuse = () =>
    onlyAnswer(
      engine,
      source,
      ref,
      `${EDITED_COMMAND} Nothing was changed for the visitor.`,
      `command/${version}`,
    );
  const links = await engine.storage.links({ bridge: source.name, ...keyOf(ref) });
  const link = links.find(({ direction }) => direction === 'in');
  // What the bridge itself posted is nobody's to revise.
  if (!link && (links.length > 0 || !mayCreate)) return;
  if (!link) {
    if (inbound.command) return refuse();
    if (inbound.at - inbound.sentAt <= YOUNG_MS) return reply(engine, source, inbound);
    engine.logger.debug({ bridge: source.name }, 'passed over an edit of a message from before');
    return;
  }
  if (link.version >= version) return;
  if (isRefused(link) && !inbound.command) return replyAgain(engine, source, inbound);
  if (link.messageId === '') return refuse();
  await commitRetrying(engine, () => revision(engine, source, inbound, link));
};

const EDITED_COMMAND = 'Commands cannot be edited: send it as a new message.';

const STILL_A_NOTE = 'This is still a note that only the team sees; the visitor has not seen it.';

const revision = async (engine: Engine, source: Source, inbound: InboundEdit, link: MessageLink) => {
  const { ref, version, operator, command } = inbound;
  const [session, message, links] = await Promise.all([
    engine.storage.session(link.sessionId),
    engine.storage.message(link.messageId),
    engine.storage.links({ bridge: source.name, ...keyOf(ref) }),
  ]);
  if (!session) throw sessionNotFound(link.sessionId);
  const seen = links.find(({ direction }) => direction === 'in');
  if (!message || message.deletedAt !== undefined || !seen || seen.version >= version) return null;
  const at = engine.clock.now();
  const base = {
    at,
    links: [{ ...seen, version }],
    session: { id: session.id },
    expect: { seq: session.seq },
  };
  const isNote = message.audience === 'team';
  const refusal = isNote ? whyNoteStays(command) : await whyMessageStays(engine, source, session, inbound);
  if (refusal !== null) return { ...base, tasks: [answerTask(source.name, ref, refusal)] };
  const content = command ? command.args : inbound.content;
  if (message.content === content) return base;
  return {
    ...base,
    update: [{ id: message.id, patch: { content, editedAt: at } }],
    events: [
      {
        type: 'message_edited' as const,
        audience: message.audience,
        messageId: message.id,
        actor: { kind: 'operator' as const, id: operator.id, name: operator.name, via: source.name },
        origin: source.name,
      },
    ],
    tasks: [
      ...deliverTasks(engine, session.id, source.name),
      // What was typed as a command looks like a reply now.
      ...(isNote && !command ? [answerTask(source.name, ref, STILL_A_NOTE)] : []),
    ],
  };
};

/** A note is changed by its own command, and by words without any. */
const whyNoteStays = (command: CommandWords | undefined): string | null => {
  if (!command || (command.name === note.name && command.args !== '')) return null;
  const problem = command.name === note.name ? 'A note needs words.' : EDITED_COMMAND;
  return `${problem} The note stays as it was before your edit.`;
};

const whyMessageStays = async (
  engine: Engine,
  source: Source,
  session: Session,
  inbound: InboundEdit,
): Promise<string | null> => {
  const problem = inbound.command ? EDITED_COMMAND : await whyNotDelivered(engine, source, session, inbound);
  return problem && `${problem} What the visitor sees is the message as it was before your edit.`;
};
