import { commitRetrying, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import type { MessageLink } from '../model/index.js';
import type { InboundEdit } from '../ports/index.js';
import { answerTask } from './answer.js';
import { onlyAnswer, type Source } from './receive.js';
import { keyOf, reply, whyNotDelivered } from './reply.js';

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
  if (inbound.isCommand) {
    return onlyAnswer(engine, source, ref, EDITED_COMMAND, `command/${version}`);
  }
  const links = await engine.storage.links({ bridge: source.name, ...keyOf(ref) });
  const link = links.find(({ direction }) => direction === 'in');
  // What the bridge itself posted is nobody's to revise.
  if (!link && (links.length > 0 || !mayCreate)) return;
  if (!link) {
    if (inbound.at - inbound.sentAt <= YOUNG_MS) return reply(engine, source, inbound);
    engine.logger.debug({ bridge: source.name }, 'passed over an edit of a message from before');
    return;
  }
  if (link.version >= version) return;
  if (link.messageId === '') return onlyAnswer(engine, source, ref, EDITED_COMMAND, `command/${version}`);
  await commitRetrying(engine, () => revision(engine, source, inbound, link));
};

const EDITED_COMMAND =
  'Commands cannot be edited: send it as a new message. Nothing was changed for the visitor.';

const STILL_A_NOTE = 'This is still a note that only the team sees; the visitor has not seen it.';

const revision = async (engine: Engine, source: Source, inbound: InboundEdit, link: MessageLink) => {
  const { ref, content, version, operator } = inbound;
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
  const refusal = isNote ? null : await whyNotDelivered(engine, session, inbound);
  if (refusal !== null) {
    const text = `${refusal} What they see is the message as it was before your edit.`;
    return { ...base, tasks: [answerTask(source.name, ref, text)] };
  }
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
      ...(isNote ? [answerTask(source.name, ref, STILL_A_NOTE)] : []),
    ],
  };
};
