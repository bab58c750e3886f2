/**
 * The first migration. Every unique key begins with the project, or with a session, which has one. A visitor's message
 * costs few pages: it carries its own event, it is stored in the order of its session's log, so that a page of
 * that is read in one go, and what changes with every message stands in no index.
 */
export const SCHEMA_1 = `
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  -- The newest number given to an event's position or a task.
  numbered INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO projects (id, numbered) VALUES ('default', 0);

CREATE TABLE visitors (
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, id)
) WITHOUT ROWID;

CREATE TABLE tokens (
  project_id TEXT NOT NULL DEFAULT 'default',
  hash TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  PRIMARY KEY (project_id, hash),
  FOREIGN KEY (project_id, visitor_id) REFERENCES visitors (project_id, id)
) WITHOUT ROWID;

CREATE TABLE sessions (
  -- The order of creation, and the session's name in the other tables.
  ordinal INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_activity_at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  operator_seq INTEGER NOT NULL,
  reached_at INTEGER,
  operator_delivered_seq INTEGER NOT NULL,
  operator_read_seq INTEGER NOT NULL,
  visitor_delivered_seq INTEGER NOT NULL,
  visitor_read_seq INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  identity TEXT,
  UNIQUE (project_id, id)
);
CREATE INDEX sessions_of_visitor ON sessions (project_id, visitor_id);
CREATE INDEX sessions_by_status ON sessions (project_id, status);

-- Messages, each with the event that brought it.
CREATE TABLE messages (
  session INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
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
  PRIMARY KEY (session, seq),
  UNIQUE (project_id, id)
) WITHOUT ROWID;

-- All other events.
CREATE TABLE events (
  session INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  message_id TEXT,
  data TEXT,
  actor TEXT NOT NULL,
  audience TEXT NOT NULL,
  origin TEXT,
  PRIMARY KEY (session, seq)
) WITHOUT ROWID;

CREATE TABLE threads (
  -- The order of opening.
  ordinal INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL DEFAULT 'default',
  bridge TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  thread_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  delivered_seq INTEGER NOT NULL DEFAULT 0,
  retired_at INTEGER,
  UNIQUE (project_id, bridge, chat_id, thread_id),
  FOREIGN KEY (project_id, session_id) REFERENCES sessions (project_id, id)
);
CREATE INDEX threads_of_session ON threads (project_id, session_id, bridge);

CREATE TABLE links (
  project_id TEXT NOT NULL DEFAULT 'default',
  bridge TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  thread_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  direction TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, bridge, chat_id, platform_id, message_id, part)
) WITHOUT ROWID;
CREATE INDEX links_of_message ON links (project_id, bridge, message_id, part) WHERE message_id <> '';

CREATE TABLE tasks (
  project_id TEXT NOT NULL DEFAULT 'default',
  queue TEXT NOT NULL,
  key TEXT NOT NULL,
  -- Tells it from a later task with its key.
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  session_id TEXT,
  payload TEXT,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  owner TEXT,
  claimed_version INTEGER,
  -- Held until then, if there is an owner.
  lease_until INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, queue, key)
) WITHOUT ROWID;
CREATE INDEX tasks_due ON tasks (project_id, queue, run_at, number);

CREATE TABLE state (
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (project_id, scope, key)
) WITHOUT ROWID;

CREATE TABLE dedupes (
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  -- What the commit wrote, as JSON: the session, the seqs of its first and last event, the ids of its messages.
  result TEXT NOT NULL,
  PRIMARY KEY (project_id, scope, key)
) WITHOUT ROWID;

CREATE TABLE leases (
  project_id TEXT NOT NULL DEFAULT 'default',
  name TEXT NOT NULL,
  owner TEXT,
  -- The process the owner lives in.
  process TEXT NOT NULL,
  token INTEGER NOT NULL DEFAULT 1,
  until INTEGER NOT NULL,
  PRIMARY KEY (project_id, name)
) WITHOUT ROWID;
`;
