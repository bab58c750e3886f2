import type { BridgeEvent } from '@pocketping/protocol';
import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import type { NewEvent, Session } from '../model/index.js';
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
    return {
      at: engine.clock.now(),
      session: { id: session.id },
      events: [entryOf(event, session)],
      ...delivered(engine, session),
      ...about,
    };
  });

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
