import type { VisitorId } from '@pocketping/protocol';
import type { Session } from '../model/index.js';

/*
 * A session that a backend has in its own engine, and whose threads are here, belongs to a visitor whose id begins with the
 * backend's name and a blank. No browser can name such a visitor: ids that clients name have no blanks. And no token opens it.
 */

/** The visitor here of a backend's visitor. */
export const mirroredVisitor = (origin: string, visitorId: VisitorId): VisitorId => `${origin} ${visitorId}`;

/** What stands where a visitor's token has its hash: nothing that any token hashes to. */
export const noToken = (visitor: VisitorId): string => `mirrored ${visitor}`;

/** Which backend a session belongs to; undefined for one of this engine's own. */
export const originOf = ({ visitorId }: Pick<Session, 'visitorId'>): string | undefined => {
  const blank = visitorId.indexOf(' ');
  return blank < 0 ? undefined : visitorId.slice(0, blank);
};

/** What the one who has the session calls its visitor. */
export const ownVisitorId = ({ visitorId }: Pick<Session, 'visitorId'>): VisitorId =>
  visitorId.slice(visitorId.indexOf(' ') + 1);
