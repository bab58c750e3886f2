PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE "dedupes" (
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
INSERT INTO "dedupes" VALUES(1,1769795030649505,'default','connect','secret','',1,0,1,NULL);
INSERT INTO "dedupes" VALUES(2,2874025677153652,'default','send/sess_1','c1','d',1,1,2,NULL);
INSERT INTO "dedupes" VALUES(3,2874025590002126,'default','send/sess_1','c2','d',1,2,3,NULL);
INSERT INTO "dedupes" VALUES(4,1847456276523047,'default','edit','e1','d',1,3,4,'["msg_1"]');
INSERT INTO "dedupes" VALUES(5,8060641194613659,'default','send/sess_2','c3','d',2,1,2,NULL);
INSERT INTO "dedupes" VALUES(6,1498128886277437,'default','site','s1','d',NULL,0,0,NULL);
CREATE TABLE "events" (
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
INSERT INTO "events" VALUES(67108865,1,1,'session_started',NULL,NULL,'{"kind":"visitor","id":"vis_1"}','all',NULL);
INSERT INTO "events" VALUES(67108868,6,4,'message_edited','msg_1',NULL,'{"kind":"visitor","id":"vis_1"}','all',NULL);
INSERT INTO "events" VALUES(134217729,7,5,'session_started',NULL,NULL,'{"kind":"visitor","id":"vis_2"}','all',NULL);
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
INSERT INTO "heads" VALUES(1,4,4,0,2,0,0,0,0);
INSERT INTO "heads" VALUES(2,6,2,0,6,0,0,0,0);
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
CREATE TABLE "messages" (
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
INSERT INTO "messages" VALUES(2,67108866,'default','msg_1',2,'{"kind":"visitor","id":"vis_1"}','all','hello!',2,NULL,'c1',4,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(4,67108867,'default','msg_2',1,'{"kind":"visitor","id":"vis_1"}','all','hello 2',3,NULL,'c2',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(8,134217730,'default','msg_3',1,'{"kind":"visitor","id":"vis_2"}','all','hello 3',6,NULL,'c3',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  -- The newest number given to an event's position or a task.
  numbered INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "projects" VALUES('default',500);
CREATE TABLE sessions (
  -- The order of creation, and the session's name in the other tables.
  ordinal INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL DEFAULT 'default',
  id TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  identity TEXT,
  UNIQUE (project_id, id)
);
INSERT INTO "sessions" VALUES(1,'default','sess_1','vis_1','open',1,'{"url":"https://a.example"}',NULL);
INSERT INTO "sessions" VALUES(2,'default','sess_2','vis_2','open',5,'{}',NULL);
CREATE TABLE state (
  project_id TEXT NOT NULL DEFAULT 'default',
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (project_id, scope, key)
) WITHOUT ROWID;
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
INSERT INTO "tasks" VALUES('default','bridge/support','sess_1',3,'deliver','sess_1',NULL,3,0,2,NULL,NULL,0);
INSERT INTO "tasks" VALUES('default','bridge/support','sess_2',9,'deliver','sess_2',NULL,6,0,1,NULL,NULL,0);
INSERT INTO "tasks" VALUES('default','other','k',10,'x',NULL,NULL,9,0,1,NULL,NULL,0);
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
CREATE INDEX dedupes_by_hash ON dedupes (hash);
CREATE INDEX links_of_message ON links (project_id, bridge, message_id, part) WHERE message_id <> '';
CREATE UNIQUE INDEX messages_by_place ON messages (place);
CREATE INDEX sessions_by_status ON sessions (project_id, status);
CREATE INDEX sessions_of_visitor ON sessions (project_id, visitor_id);
CREATE INDEX tasks_due ON tasks (project_id, queue, run_at, number);
CREATE INDEX threads_of_session ON threads (project_id, session_id, bridge);
PRAGMA user_version = 2;
COMMIT;
