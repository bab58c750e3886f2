import type {
  Seq,
  SessionId,
  SessionStatus,
  VisitorId,
  WireIdentity,
  WireMetadata,
} from '@pocketping/protocol';
import type { Instant } from './actor.js';

/** What the browser told, plus what the server saw. */
export interface SessionMetadata extends WireMetadata {
  /** The client's address, as far as the configured proxies can be trusted. */
  readonly ip?: string | undefined;
}

/** Who the visitor is. `verified` only when the site's own backend said so. */
export interface Identity extends WireIdentity {
  readonly verified: boolean;
}

/** One conversation of a visitor with the team, as it is stored. */
export interface Session {
  readonly id: SessionId;
  readonly visitorId: VisitorId;
  readonly status: SessionStatus;
  readonly createdAt: Instant;
  /** When the last event was committed. */
  readonly lastActivityAt: Instant;
  /** The `seq` of the newest event; 0 before the first. */
  readonly seq: Seq;
  /** The `seq` of the newest event that counts as an operator's answer; 0 if there is none. */
  readonly operatorSeq: Seq;
  /** When the visitor first wrote: from then on the session is on the bridges. */
  readonly reachedAt?: Instant | undefined;
  /** The team's apps hold the visitor's messages up to here. */
  readonly operatorDeliveredSeq: Seq;
  /** The team has read the visitor's messages up to here. */
  readonly operatorReadSeq: Seq;
  /** The visitor's client holds the team's messages up to here. */
  readonly visitorDeliveredSeq: Seq;
  /** The visitor has read the team's messages up to here. */
  readonly visitorReadSeq: Seq;
  readonly metadata: SessionMetadata;
  readonly identity?: Identity | undefined;
}

/** The watermarks of a session. They only ever rise. */
export type Watermark = 'operatorDeliveredSeq' | 'operatorReadSeq' | 'visitorDeliveredSeq' | 'visitorReadSeq';

/** One browser. Its tokens are stored as hashes; see `access/token.ts`. */
export interface Visitor {
  readonly id: VisitorId;
  readonly createdAt: Instant;
  /** Since when the team has kept them out, if it does. */
  readonly blockedAt?: Instant;
}
