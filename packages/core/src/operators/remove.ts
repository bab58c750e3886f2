import { letGoOf } from '../attachments/register.js';
import { commitRetrying, sessionNotFound } from '../conversation/session-of.js';
import { deliverTasks, type Engine } from '../engine.js';
import type { MessageLink } from '../model/index.js';
import type { InboundDelete, MessageRef, WriteSet } from '../ports/index.js';
import { answerTask } from './answer.js';
import { COMMAND_VERSION, isRefused, LAST_VERSION, linkToNothing } from './link-to-nothing.js';
import { once, type Source } from './receive.js';
import { keyOf } from './reply.js';

/** A message of the team is to go: somebody asked for it, or the platform reported that it is gone there. */
export const removeAsOperator = async (
  engine: Engine,
  source: Source,
  inbound: InboundDelete,
): Promise<void> => {
  const { ref, asked, isPersons } = inbound;
  const links = await engine.storage.links({ bridge: source.name, ...keyOf(ref) });
  // A post of ours is gone: we took it away ourselves, or a moderator did. What it showed was said elsewhere, and stands.
  if (!asked && links.some(({ direction }) => direction === 'out')) return;
  const shown = links.filter(({ messageId }) => messageId !== '');
  const [link] = shown;
  if (new Set(shown.map(({ messageId }) => messageId)).size > 1) {
    if (asked) await engine.log.commit({ at: engine.clock.now(), ...answered(source, asked, SEVERAL) });
    return;
  }
  if (link) {
    await commitRetrying(engine, () => removal(engine, source, inbound, link));
    return;
  }
  if (links.some(isRefused)) await commitRetrying(engine, () => forgetting(engine, source, inbound));
  // A post of the bridge's, whose link is still to come, must have one that says what it shows.
  else if (links.length === 0 && (!asked || isPersons)) await forestall(engine, source, inbound);
  // Where it was sent in between, whoever asked has been answered, and is not answered again.
  if (asked) await engine.log.commit({ at: engine.clock.now(), ...answered(source, asked, NOTHING_SENT) });
};

/** The deletion came before its message: when that arrives, it stays unsaid. It may have arrived just now. */
const forestall = async (engine: Engine, source: Source, inbound: InboundDelete): Promise<void> => {
  if (await leaveTombstone(engine, source, inbound)) return;
  const links = await engine.storage.links({ bridge: source.name, ...keyOf(inbound.ref) });
  const late = links.find(({ messageId }) => messageId !== '');
  if (late) await commitRetrying(engine, () => removal(engine, source, inbound, late));
  else if (links.some(isRefused)) await commitRetrying(engine, () => forgetting(engine, source, inbound));
};

const NOTHING_SENT = 'Nothing to delete: that message was never sent to a visitor.';
const SEVERAL =
  'Not deleted: this post shows several messages. Delete the one you mean where it was written.';
const NOT_THE_TEAMS = 'Not deleted: this is the visitor’s own message.';

const removal = async (
  engine: Engine,
  source: Source,
  { asked, operator }: InboundDelete,
  link: MessageLink,
): Promise<WriteSet | null> => {
  const [session, message] = await Promise.all([
    engine.storage.session(link.sessionId),
    engine.storage.message(link.messageId),
  ]);
  if (!session || !message) throw sessionNotFound(link.sessionId);
  const at = engine.clock.now();
  const isNote = message.audience === 'team';
  const answer = (text: string) => asked && answered(source, asked, text);
  if (message.author.kind === 'visitor') {
    const refused = answer(NOT_THE_TEAMS);
    return refused ? { at, ...refused } : null;
  }
  if (message.deletedAt !== undefined) {
    const done = answer(
      isNote ? 'This note is deleted already.' : 'This message is deleted for the visitor already.',
    );
    return done ? { at, ...done } : null;
  }
  const files = letGoOf(message.attachments);
  const told = answer(isNote ? 'The note is deleted.' : 'Deleted for the visitor.');
  return {
    at,
    session: { id: session.id },
    update: [{ id: message.id, patch: { content: '', attachments: undefined, deletedAt: at } }],
    state: files.state,
    events: [
      {
        type: 'message_deleted',
        audience: message.audience,
        messageId: message.id,
        actor: { kind: 'operator', id: operator.id, name: operator.name, via: source.name },
        // What the platform itself deleted is gone there; what somebody asked to delete may be the bridge's own post.
        ...(link.direction === 'in' && { origin: source.name }),
      },
    ],
    ...told,
    tasks: [
      ...(told?.tasks ?? []),
      ...files.tasks,
      ...deliverTasks(engine, session.id, link.direction === 'in' ? source.name : undefined),
    ],
    expect: { seq: session.seq },
  };
};

/** Tells who asked, once. What asked is a command, whatever it is made to say later. */
const answered = (source: Source, asked: MessageRef, text: string) => ({
  tasks: [answerTask(source.name, asked, text)],
  links: [linkToNothing(source, asked, COMMAND_VERSION)],
  dedupe: once(source, asked, 'message'),
});

/** What was not delivered is gone: no edit that comes later delivers it, unless one did just now. */
const forgetting = async (
  engine: Engine,
  source: Source,
  inbound: InboundDelete,
): Promise<WriteSet | null> => {
  const [link] = await engine.storage.links({ bridge: source.name, ...keyOf(inbound.ref) });
  if (!link) return null;
  if (link.messageId !== '') return removal(engine, source, inbound, link);
  const session = link.sessionId === '' ? null : await engine.storage.session(link.sessionId);
  return {
    at: engine.clock.now(),
    links: [{ ...link, version: LAST_VERSION }],
    ...(session && { session: { id: session.id }, expect: { seq: session.seq } }),
  };
};

/** @returns false when its message has arrived already */
const leaveTombstone = async (engine: Engine, source: Source, { ref }: InboundDelete): Promise<boolean> => {
  const result = await engine.log.commit({
    dedupe: once(source, ref, 'message'),
    at: engine.clock.now(),
    links: [linkToNothing(source, ref, LAST_VERSION)],
  });
  return result.conflict === undefined && !result.duplicate;
};
