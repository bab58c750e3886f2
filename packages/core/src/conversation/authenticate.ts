import type { VisitorId } from '@pocketping/protocol';
import { hashToken, sessionNamedBy } from '../access/token.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import type { VisitorActor } from './conversation.js';

export const authenticate = async (engine: Engine, token: string): Promise<VisitorActor> => {
  const actor = await holderOf(engine, token);
  if (actor) return actor;
  throw new PocketPingError(
    'unauthorized',
    'This token is unknown. Forget it and call connect without a token.',
  );
};

export const visitorActor = (id: VisitorId, tokenHash: string): VisitorActor => ({
  kind: 'visitor',
  id,
  tokenHash,
  author: { kind: 'visitor', id },
});

/** Who holds a token, or null. */
export const holderOf = async (engine: Engine, token: string): Promise<VisitorActor | null> => {
  const known = engine.tokens.get(token);
  if (known) return known;
  const tokenHash = hashToken(token);
  const sessionId = engine.storage.namesSessions && sessionNamedBy(token);
  const visitor = await engine.storage.visitor({ tokenHash, ...(sessionId && { sessionId }) });
  if (!visitor) return null;
  const actor = visitorActor(visitor.id, tokenHash);
  engine.tokens.add(token, actor);
  return actor;
};
