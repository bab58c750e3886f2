import type { Committed, Conflict, Message, WriteSet } from '@pocketping/core';
import type { Connection } from './connection.js';
import type { NewestDedupes } from './newest-dedupes.js';
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
export const remember = (
  connection: Connection,
  newest: NewestDedupes,
  { scope, key, digest }: Dedupe,
  result: Result,
): void => {
  const { ordinal, before, last, updated } = result;
  const ids = updated.length > 0 ? JSON.stringify(updated) : null;
  const hash = hashOf(scope, key);
  connection.run(REMEMBER, [newest.add(hash), hash, scope, key, digest, ordinal, before, last, ids]);
};

/** What an earlier commit with this key came to; undefined if there was none. */
export const repeated = (
  connection: Connection,
  newest: NewestDedupes,
  { scope, key, digest }: Dedupe,
): Committed | Conflict | undefined => {
  const earlier = earlierRow(connection, newest, scope, key);
  if (!earlier) return undefined;
  const [knownDigest, sessionId, before, last, updated] = earlier;
  if (knownDigest !== digest) return { conflict: 'dedupe' };
  if (sessionId === null) return { session: null, events: [], messages: [], duplicate: true };
  const entries = readLog(connection, sessionId, { after: before, limit: last - before });
  // An event may name a message that it did not bring, even one of another session.
  const inserted = entries.flatMap(({ event, message }) =>
    message?.seq === event.seq && message.sessionId === sessionId ? [message] : [],
  );
  const ids = updated === null ? [] : (JSON.parse(updated) as string[]);
  return {
    session: readSession(connection, sessionId),
    events: entries.map(({ event }) => event),
    messages: [...inserted, ...ids.map((id) => readMessage(connection, id) as Message)],
    duplicate: true,
  };
};

const earlierRow = (
  connection: Connection,
  newest: NewestDedupes,
  scope: string,
  key: string,
): EarlierRow | undefined => {
  const hash = hashOf(scope, key);
  for (const ordinal of newest.find(hash)) {
    const row = connection.get<EarlierRow>(NEWEST, [ordinal, scope, key]);
    if (row) return row;
  }
  return connection.get<EarlierRow>(INDEXED, [hash, scope, key]);
};

type EarlierRow = [
  digest: string,
  sessionId: string | null,
  before: number,
  last: number,
  updated: string | null,
];

/**
 * A number for each scope and key, by scope first: an index of numbers is a third of one of the strings, and what one
 * session adds stands together, so that few pages change. Few keys share one.
 */
export const hashOf = (scope: string, key: string): number =>
  (scattered(scope) >>> 6) * 2 ** 27 + (scattered(key) >>> 5);

/** FNV-1a, with its bits mixed once more. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const scattered = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
};

const REMEMBER = `INSERT INTO dedupes (ordinal, hash, scope, key, digest, session, before_seq, last_seq, updated)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const EARLIER =
  'digest, (SELECT id FROM sessions WHERE ordinal = dedupes.session), before_seq, last_seq, updated';
const NEWEST = `SELECT ${EARLIER} FROM dedupes WHERE ordinal = ? AND project_id = ${PROJECT} AND scope = ? AND key = ?`;
const INDEXED = `SELECT ${EARLIER} FROM dedupes_by_hash CROSS JOIN dedupes ON dedupes.ordinal = dedupes_by_hash.ordinal
  WHERE dedupes_by_hash.hash = ? AND project_id = ${PROJECT} AND scope = ? AND key = ?`;
