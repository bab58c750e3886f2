PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE dedupes (
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  -- What the commit wrote, as JSON: the session, the seqs of its first and last event, the ids of its messages.
  result TEXT NOT NULL,
  PRIMARY KEY (project_id, scope, key)
) WITHOUT ROWID;
INSERT INTO "dedupes" VALUES('default','connect','secret','','{"session":"sess_1","events":[1,1],"messages":[]}');
INSERT INTO "dedupes" VALUES('default','edit','e1','d','{"session":"sess_1","events":[3,3],"messages":["msg_1"]}');
INSERT INTO "dedupes" VALUES('default','send/sess_1','c1','d','{"session":"sess_1","events":[2,2],"messages":["msg_1"]}');
INSERT INTO "dedupes" VALUES('default','site','s1','d','{"session":null,"events":[1,0],"messages":[]}');
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
INSERT INTO "events" VALUES(1,1,1,1,'session_started',NULL,NULL,'{"kind":"visitor","id":"vis_1"}','all',NULL);
INSERT INTO "events" VALUES(1,3,4,3,'message_edited','msg_1',NULL,'{"kind":"visitor","id":"vis_1"}','all',NULL);
INSERT INTO "events" VALUES(2,1,5,5,'session_started',NULL,NULL,'{"kind":"visitor","id":"vis_2"}','all',NULL);
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
INSERT INTO "messages" VALUES(1,2,'default','msg_1',2,2,'{"kind":"visitor","id":"vis_1"}','all','hello!',2,NULL,'c1',3,NULL,NULL,NULL,NULL);
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  -- The newest number given to an event's position or a task.
  numbered INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "projects" VALUES('default',5);
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
INSERT INTO "sessions" VALUES(1,'default','sess_1','vis_1','open',1,3,3,0,2,0,0,0,0,'{"url":"https://shop.example/"}',NULL);
INSERT INTO "sessions" VALUES(2,'default','sess_2','vis_2','open',5,5,1,0,NULL,0,0,0,0,'{}',NULL);
CREATE TABLE state (
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (project_id, scope, key)
) WITHOUT ROWID;
INSERT INTO "state" VALUES('default','site','pause','true',1);
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
INSERT INTO "tasks" VALUES('default','bridge/support','deliver/sess_1',3,'deliver','sess_1',NULL,1000,0,1,NULL,NULL,0);
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
CREATE TABLE tokens (
  project_id TEXT NOT NULL DEFAULT 'default',
  hash TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  PRIMARY KEY (project_id, hash),
  FOREIGN KEY (project_id, visitor_id) REFERENCES visitors (project_id, id)
) WITHOUT ROWID;
INSERT INTO "tokens" VALUES('default','hash_1','vis_1');
INSERT INTO "tokens" VALUES('default','hash_2','vis_2');
CREATE TABLE visitors (
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, id)
) WITHOUT ROWID;
INSERT INTO "visitors" VALUES('default','vis_1',1);
INSERT INTO "visitors" VALUES('default','vis_2',5);
CREATE INDEX sessions_of_visitor ON sessions (project_id, visitor_id);
CREATE INDEX sessions_by_status ON sessions (project_id, status);
CREATE INDEX threads_of_session ON threads (project_id, session_id, bridge);
CREATE INDEX links_of_message ON links (project_id, bridge, message_id, part) WHERE message_id <> '';
CREATE INDEX tasks_due ON tasks (project_id, queue, run_at, number);
PRAGMA user_version = 1;
COMMIT;
