import type { ConnectRequest } from '@pocketping/protocol';
import { hashToken, namingSession, newToken, tokenOfSecret } from '../access/token.js';
import type { Engine } from '../engine.js';
import { PocketPingError } from '../errors.js';
import { newId } from '../ids.js';
import type { Identity, NewEvent, Session, SessionMetadata } from '../model/index.js';
import type { Committed } from '../ports/index.js';
import { holderOf, visitorActor } from './authenticate.js';
import type { Connected, ConnectOrigin, VisitorActor } from './conversation.js';
import { visiblePage } from './history.js';
import { claimIdentity, mergeClaim } from './identify.js';
import { refuseBlocked, visitorBlocked } from './session-of.js';

const FIRST_PAGE = 50;

export const connect = async (
  engine: Engine,
  request: ConnectRequest,
  from: ConnectOrigin,
): Promise<Connected> => {
  if (from.token !== undefined) {
    const actor = await holderOf(engine, from.token);
    if (!actor) {
      throw new PocketPingError(
        'unauthorized',
        'This token is unknown. Forget it and connect without a token.',
      );
    }
    return connected(engine, await resume(engine, actor, request, from));
  }
  const token = request.secret === undefined ? newToken() : tokenOfSecret(request.secret);
  const repeated = request.secret === undefined ? null : await holderOf(engine, token);
  const session = repeated
    ? await resume(engine, repeated, request, from)
    : await begin(engine, token, request, from);
  const given = engine.storage.namesSessions ? namingSession(token, session.id) : token;
  return { ...(await connected(engine, session)), token: given };
};

/** A first visit: a new visitor with a new session. A `visitorId` that exists is not this browser's to take. */
const begin = async (
  engine: Engine,
  token: string,
  request: ConnectRequest,
  from: ConnectOrigin,
): Promise<Session> => {
  const tokenHash = hashToken(token);
  let visitorId = engine.storage.namesSessions ? newId('visitor', engine.clock.now()) : request.visitorId;
  for (let attempt = 0; attempt < 3; attempt++) {
    const visitor = { id: visitorId, tokenHash };
    const result = await engine.log.commit({ ...newSession(engine, visitorId, request, from), visitor });
    if (result.conflict === undefined) {
      engine.tokens.add(token, visitorActor(visitorId, tokenHash));
      return createdSession(result);
    }
    const winner = await holderOf(engine, token);
    if (winner) return resume(engine, winner, request, from);
    visitorId = newId('visitor', engine.clock.now());
  }
  throw new PocketPingError('unavailable', 'No visitor could be created; try again.', { retryAfterMs: 1000 });
};

const resume = async (
  engine: Engine,
  actor: VisitorActor,
  request: ConnectRequest,
  from: ConnectOrigin,
): Promise<Session> => {
  const [named] = await Promise.all([
    request.sessionId === undefined ? null : engine.storage.session(request.sessionId),
    refuseBlocked(engine, actor),
  ]);
  const own = named?.visitorId === actor.id && named.status !== 'ended' ? named : null;
  const latest = own ?? (await engine.storage.sessions({ visitorId: actor.id, limit: 1 }))[0] ?? null;
  if (!latest || latest.status === 'ended') return beginAnother(engine, actor, latest, request, from);
  return refresh(engine, actor, latest, request, from);
};

/** After the visitor's own end a new session begins: one, however many tabs ask at once. */
const beginAnother = async (
  engine: Engine,
  actor: VisitorActor,
  ended: Session | null,
  request: ConnectRequest,
  from: ConnectOrigin,
): Promise<Session> => {
  const inherited = ended?.identity ? { ...request, identity: request.identity ?? ended.identity } : request;
  const result = await engine.log.commit({
    ...newSession(engine, actor.id, inherited, from, ended?.identity),
    dedupe: { scope: 'session-after', key: ended?.id ?? actor.id, digest: '' },
    expect: { token: actor.tokenHash, notBlocked: true },
  });
  if (result.conflict === 'blocked') throw visitorBlocked();
  if (result.conflict !== undefined)
    throw new PocketPingError('conflict', 'The session could not begin; try again.');
  return createdSession(result);
};

/** Until the visitor writes, the session tells of the page they are on now; then of the page they wrote from. */
const refresh = async (
  engine: Engine,
  actor: VisitorActor,
  session: Session,
  request: ConnectRequest,
  from: ConnectOrigin,
): Promise<Session> => {
  let current = session;
  const metadata = metadataOf(request, from);
  if (session.reachedAt === undefined && request.metadata && !sameEntries(metadata, session.metadata)) {
    const result = await engine.log.commit({
      at: engine.clock.now(),
      session: { id: session.id, patch: { metadata } },
      expect: { token: actor.tokenHash, notBlocked: true },
    });
    if (result.conflict === 'blocked') throw visitorBlocked();
    if (result.conflict === undefined && result.session) current = result.session;
  }
  if (request.identity) current = await claimIdentity(engine, actor, current, request.identity);
  return current;
};

const newSession = (
  engine: Engine,
  visitorId: string,
  request: ConnectRequest,
  from: ConnectOrigin,
  inherited?: Identity,
) => {
  const at = engine.clock.now();
  const actor = { kind: 'visitor', id: visitorId } as const;
  const identity = request.identity && mergeClaim(inherited, request.identity);
  const events: NewEvent[] = [{ type: 'session_started', actor }];
  if (identity) events.push({ type: 'identified', actor });
  const create = {
    id: newId('session', at),
    visitorId,
    metadata: metadataOf(request, from),
    ...(identity && { identity }),
  };
  return { at, session: { create }, events };
};

const connected = async (engine: Engine, session: Session): Promise<Connected> => {
  const { messages, hasMore } = await visiblePage(engine, session.id, { limit: FIRST_PAGE });
  return {
    session,
    seq: session.seq,
    messages,
    hasMore,
    presence: engine.presence.current(),
    ...(engine.welcomeMessage !== undefined && { welcomeMessage: engine.welcomeMessage }),
    ...(engine.files && { uploads: { maxBytes: engine.files.maxBytes } }),
  };
};

const metadataOf = (request: ConnectRequest, from: ConnectOrigin): SessionMetadata => ({
  ...request.metadata,
  ...(from.ip !== undefined && { ip: from.ip }),
});

const createdSession = (result: Committed): Session => {
  if (!result.session) throw new PocketPingError('internal_error', 'The storage created no session.');
  return result.session;
};

const sameEntries = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
