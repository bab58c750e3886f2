import type { BridgeEvent } from '@pocketping/protocol';
import { commitRetrying } from '../conversation/session-of.js';
import { placeOf } from '../delivery/links.js';
import type { Engine } from '../engine.js';
import type { NewEvent, NewTask, Session } from '../model/index.js';
import { answerTask } from '../operators/answer.js';
import type { Committed, WriteSet } from '../ports/index.js';
import { delivered, mirroredSession, SITE_OF_BACKEND, visitorOf } from './session.js';

type Told = Extract<BridgeEvent, { type: 'notice' | 'ai_takeover' | 'custom_event' }>;

/** Something that only the team has to know, or that the page told. */
export const tell = (
  engine: Engine,
  event: Told,
  about: Pick<WriteSet, 'dedupe'>,
): Promise<Committed | null> =>
  commitRetrying(engine, async () => {
    const session = await mirroredSession(engine, event);
    const at = engine.clock.now();
    const answers = event.type === 'notice' ? await answersTo(engine, session, event) : [];
    if (answers.length > 0) return { at, tasks: answers, ...about };
    return {
      at,
      session: { id: session.id },
      events: [entryOf(event, session)],
      ...delivered(engine, session),
      ...about,
    };
  });

/** What tells whoever wrote a message, where they wrote it; nothing where the message was written nowhere here. */
const answersTo = async (
  { storage }: Engine,
  session: Session,
  { replyTo, text }: Extract<Told, { type: 'notice' }>,
): Promise<NewTask[]> => {
  const message = replyTo === undefined ? null : await storage.message(replyTo);
  const bridge = message?.sessionId === session.id ? message.author.via : undefined;
  if (!message || bridge === undefined) return [];
  const links = await storage.links({ bridge, messageId: message.id });
  const written = links.find(({ direction }) => direction === 'in');
  return written ? [answerTask(written.bridge, placeOf(written), text)] : [];
};

const entryOf = (event: Told, session: Session): NewEvent => {
  switch (event.type) {
    case 'notice':
      return { type: 'notice', data: { text: event.text }, actor: SITE_OF_BACKEND, audience: 'team' };
    case 'custom_event': {
      const { name, data } = event.event;
      return {
        type: 'custom_event',
        data: { name, ...(data !== undefined && { data }) },
        actor: visitorOf(session),
      };
    }
    case 'ai_takeover': {
      const { active, reason } = event;
      const data = { active, ...(reason !== undefined && { reason }) };
      return { type: 'ai_takeover', data, actor: SITE_OF_BACKEND, audience: 'team' };
    }
  }
};
