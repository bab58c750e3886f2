import type { SessionId } from '@pocketping/protocol';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { Session } from '../model/index.js';
import type { Committed, Conflict, Expectations, WriteSet } from '../ports/index.js';
import type { VisitorActor } from './conversation.js';
import { sessionEnded, sessionNotFound, visitorBlocked } from './session-of.js';

const ATTEMPTS = 5;

/** What a visitor has to say into a session. */
export interface Saying {
  readonly sessionId: SessionId;
  /**
   * The commit of it, with the expectations of {@link asVisitor}, for a session that is open, or that the team has closed. What it
   * dedupes is answered in a session that has ended since, too.
   */
  write(status: 'open' | 'closed'): WriteSet;
  /** The error for a conflict that no other attempt resolves; those over token, block and status are known here. */
  refusal(conflict: Conflict['conflict']): PocketPingError | undefined;
}

/** What has to hold of whoever speaks, at the moment of the commit. */
export const asVisitor = (actor: VisitorActor, status: Session['status']): Expectations => ({
  token: actor.tokenHash,
  notBlocked: true,
  status,
});

/**
 * One round trip to the storage in the usual case: token, ownership and status are expectations of the commit itself. Only a
 * session that is not open is looked at.
 * @throws PocketPingError `session_not_found`, `unauthorized`, `blocked`, `session_ended`, `unavailable`, what `refusal` says
 */
export const speak = async (engine: Engine, actor: VisitorActor, saying: Saying): Promise<Committed> => {
  const result = await engine.log.commit(saying.write('open'));
  return result.conflict === undefined ? result : speakAgain(engine, actor, saying, result.conflict);
};

/** What the conflict leaves to be done: another attempt, or an error that says why none would help. */
const speakAgain = async (
  engine: Engine,
  actor: VisitorActor,
  { sessionId, write, refusal }: Saying,
  first: Conflict['conflict'],
): Promise<Committed> => {
  let conflict = first;
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const refused = refusal(conflict);
    if (refused) throw refused;
    const session = await engine.storage.session(sessionId);
    if (session?.visitorId !== actor.id) throw sessionNotFound(sessionId);
    if (conflict === 'token') {
      engine.tokens.dropHash(actor.tokenHash);
      throw new PocketPingError(
        'unauthorized',
        'This token was revoked. Forget it and call connect without a token.',
      );
    }
    if (conflict === 'blocked') throw visitorBlocked();
    if (session.status === 'ended') throw sessionEnded(sessionId);
    const result = await engine.log.commit(write(session.status));
    if (result.conflict === undefined) return result;
    conflict = result.conflict;
  }
  throw new PocketPingError('unavailable', 'The session keeps opening and closing; try again.', {
    retryAfterMs: 1000,
  });
};
