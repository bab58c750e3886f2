import type { Committed, Conflict, Message, WriteSet } from '@pocketping/core';
import type { Connection } from './connection.js';
import { readLog, readMessage, readSession } from './reads.js';
import { PROJECT } from './rows.js';

type Dedupe = NonNullable<WriteSet['dedupe']>;

/** Where to find again what a commit wrote. */
interface Result {
  /** The session's name in the other tables; null for a commit without one. */
  readonly ordinal: number | null;
  /** The seq before its first event, and that of its last. */
  readonly before: number;
  readonly last: number;
  readonly updated: readonly string[];
}

/** Keeps the result of a commit whose key is new. */
export const remember = (connection: Connection, { scope, key, digest }: Dedupe, result: Result): void => {
  const { ordinal, before, last, updated } = result;
  const ids = updated.length > 0 ? JSON.stringify(updated) : null;
  connection.run(REMEMBER, [hashOf(scope, key), scope, key, digest, ordinal, before, last, ids]);
};

/** What an earlier commit with this key came to; undefined if there was none. */
export const repeated = (
  connection: Connection,
  { scope, key, digest }: Dedupe,
): Committed | Conflict | undefined => {
  const earlier = connection.get<EarlierRow>(EARLIER, [hashOf(scope, key), scope, key]);
  if (!earlier) return undefined;
  const [knownDigest, sessionId, before, last, updated] = earlier;
  if (knownDigest !== digest) return { conflict: 'dedupe' };
  if (sessionId === null) return { session: null, events: [], messages: [], duplicate: true };
  const entries = readLog(connection, sessionId, { after: before, limit: last - before });
  const inserted = entries.flatMap(({ event, message }) =>
    message && message.seq === event.seq ? [message] : [],
  );
  const ids = updated === null ? [] : (JSON.parse(updated) as string[]);
  return {
    session: readSession(connection, sessionId),
    events: entries.map(({ event }) => event),
    messages: [...inserted, ...ids.map((id) => readMessage(connection, id) as Message)],
    duplicate: true,
  };
};

type EarlierRow = [
  digest: string,
  sessionId: string | null,
  before: number,
  last: number,
  updated: string | null,
];

/**
 * Of the 53 bits that a number holds safely. An index of such numbers is a third of one of the strings, so that few
 * pages change however many keys there are. Two keys may share one.
 */
export const hashOf = (scope: string, key: string): number => {
  let high = scope.length;
  let low = 0x41c6ce57;
  for (const text of [scope, key]) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low ^ code, 0x5f356495);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
};

const REMEMBER = `INSERT INTO dedupes (hash, scope, key, digest, session, before_seq, last_seq, updated)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const EARLIER = `SELECT digest, (SELECT id FROM sessions WHERE ordinal = dedupes.session), before_seq, last_seq, updated
  FROM dedupes WHERE hash = ? AND project_id = ${PROJECT} AND scope = ? AND key = ?`;
