import type { BridgeEvent } from '@pocketping/protocol';
import { commitRetrying } from '../conversation/session-of.js';
import type { Engine } from '../engine.js';
import type { Actor, NewEvent } from '../model/index.js';
import type { Committed, WriteSet } from '../ports/index.js';
import { delivered, mirroredSession } from './session.js';

type Told = Extract<BridgeEvent, { type: 'notice' | 'ai_takeover' }>;

/** Something that only the team has to know. */
export const tell = (
  engine: Engine,
  event: Told,
  actor: Actor,
  about: Pick<WriteSet, 'dedupe'>,
): Promise<Committed | null> =>
  commitRetrying(engine, async () => {
    const session = await mirroredSession(engine, event);
    return {
      at: engine.clock.now(),
      session: { id: session.id },
      events: [entryOf(event, actor)],
      ...delivered(engine, session),
      ...about,
    };
  });

const entryOf = (event: Told, actor: Actor): NewEvent => {
  if (event.type === 'notice') return { type: 'notice', data: { text: event.text }, actor, audience: 'team' };
  const { active, reason } = event;
  return {
    type: 'ai_takeover',
    data: { active, ...(reason !== undefined && { reason }) },
    actor,
    audience: 'team',
  };
};
