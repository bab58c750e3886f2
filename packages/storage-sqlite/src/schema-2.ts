import type { Connection } from './connection.js';
import { hashOf } from './dedupe.js';
import { PROJECT } from './rows.js';

/**
 * What a message changes stands close together, whatever session it belongs to: at the end of a table, or in a table or
 * an index of narrow rows. So a store of 100,000 sessions has as few pages to change as one of ten.
 *
 * A place is a session's ordinal times 2^26, plus the seq: one number, so that a page of a log is read in one go.
 */
const TABLES = `
-- What changes of a session with its log.
CREATE TABLE heads (
  session INTEGER PRIMARY KEY,
  last_activity_at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  operator_seq INTEGER NOT NULL,
  reached_at INTEGER,
  operator_delivered_seq INTEGER NOT NULL,
  operator_read_seq INTEGER NOT NULL,
  visitor_delivered_seq INTEGER NOT NULL,
  visitor_read_seq INTEGER NOT NULL
);
INSERT INTO heads
  SELECT ordinal, last_activity_at, seq, operator_seq, reached_at, operator_delivered_seq, operator_read_seq,
    visitor_delivered_seq, visitor_read_seq
  FROM sessions;

-- Messages in the order in which they came, each with the event that brought it.
CREATE TABLE placed_messages (
  position INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  author TEXT NOT NULL,
  audience TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  reply_to TEXT,
  client_message_id TEXT,
  edited_at INTEGER,
  deleted_at INTEGER,
  -- Where the event was visible already.
  origin TEXT,
  -- The event's actor and audience, if they are not the message's.
  event_actor TEXT,
  event_audience TEXT,
  UNIQUE (project_id, id)
);
INSERT INTO placed_messages
  SELECT position, session * 67108864 + seq, project_id, id, version, author, audience, content, created_at, reply_to,
    client_message_id, edited_at, deleted_at, origin, event_actor, event_audience
  FROM messages ORDER BY position;

-- All other events.
CREATE TABLE placed_events (
  place INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  message_id TEXT,
  data TEXT,
  actor TEXT NOT NULL,
  audience TEXT NOT NULL,
  origin TEXT
);
INSERT INTO placed_events
  SELECT session * 67108864 + seq, position, at, type, message_id, data, actor, audience, origin FROM events;

CREATE TABLE placed_dedupes (
  ordinal INTEGER PRIMARY KEY,
  -- Of scope and key; the same for few.
  hash INTEGER NOT NULL,
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  -- The session of the commit; none for a commit without one.
  session INTEGER,
  -- The seq before its first event, and that of its last.
  before_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  -- The ids of the messages it patched, as JSON; mostly none.
  updated TEXT
);
`;

/** Once all is copied. */
const SWAP = `
DROP TABLE messages;
DROP TABLE events;
DROP TABLE dedupes;
ALTER TABLE sessions DROP COLUMN last_activity_at;
ALTER TABLE sessions DROP COLUMN seq;
ALTER TABLE sessions DROP COLUMN operator_seq;
ALTER TABLE sessions DROP COLUMN reached_at;
ALTER TABLE sessions DROP COLUMN operator_delivered_seq;
ALTER TABLE sessions DROP COLUMN operator_read_seq;
ALTER TABLE sessions DROP COLUMN visitor_delivered_seq;
ALTER TABLE sessions DROP COLUMN visitor_read_seq;
ALTER TABLE placed_messages RENAME TO messages;
ALTER TABLE placed_events RENAME TO events;
ALTER TABLE placed_dedupes RENAME TO dedupes;
CREATE UNIQUE INDEX messages_by_place ON messages (place);
CREATE INDEX dedupes_by_hash ON dedupes (hash);
`;

/** To the second schema. A dedupe says where the result stands now, instead of repeating it. */
export const toSchema2 = (connection: Connection): void => {
  connection.exec(TABLES);
  for (const [scope, key, digest, result] of connection.all<EarlierDedupe>(EARLIER_DEDUPES, [])) {
    const { session, events, messages } = JSON.parse(result) as EarlierResult;
    const [first, last] = events;
    const [ordinal] = connection.get<[number]>(ORDINAL, [session]) ?? [null];
    const updated = messages.filter((id) => {
      const [seq] = connection.get<[number]>(SEQ_OF_MESSAGE, [id]) ?? [0];
      return seq < first || seq > last;
    });
    const ids = updated.length > 0 ? JSON.stringify(updated) : null;
    connection.run(COPY_DEDUPE, [hashOf(scope, key), scope, key, digest, ordinal, first - 1, last, ids]);
  }
  connection.exec(SWAP);
};

type EarlierDedupe = [scope: string, key: string, digest: string, result: string];

interface EarlierResult {
  readonly session: string | null;
  readonly events: readonly [first: number, last: number];
  readonly messages: readonly string[];
}

const EARLIER_DEDUPES = 'SELECT scope, key, digest, result FROM dedupes';
const ORDINAL = `SELECT ordinal FROM sessions WHERE project_id = ${PROJECT} AND id = ?`;
const SEQ_OF_MESSAGE = `SELECT seq FROM messages WHERE project_id = ${PROJECT} AND id = ?`;
const COPY_DEDUPE = `INSERT INTO placed_dedupes (hash, scope, key, digest, session, before_seq, last_seq, updated)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
