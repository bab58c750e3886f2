import type { Connection } from './connection.js';

/**
 * What a message would change at a place of its session's own is left out, taken together with others', or told by what
 * stands in an index anyway.
 */
const SCHEMA_3 = `
-- With what a session's newest message says of its head.
DROP INDEX messages_by_place;
CREATE INDEX messages_by_place ON messages (place, created_at);

-- An index that is written many at a time. Those after \`indexed_dedupes\` stand in the table alone.
DROP INDEX dedupes_by_hash;
CREATE TABLE dedupes_by_hash (
  hash INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (hash, ordinal)
) WITHOUT ROWID;
INSERT INTO dedupes_by_hash SELECT hash, ordinal FROM dedupes ORDER BY hash;
ALTER TABLE projects ADD COLUMN indexed_dedupes INTEGER NOT NULL DEFAULT 0;
UPDATE projects SET indexed_dedupes = (SELECT coalesce(max(ordinal), 0) FROM dedupes) WHERE id = 'default';

-- Who holds a token is read with every request of theirs that is new here: from one table.
ALTER TABLE tokens ADD COLUMN visitor_created_at INTEGER NOT NULL DEFAULT 0;
UPDATE tokens SET visitor_created_at =
  (SELECT created_at FROM visitors WHERE visitors.project_id = tokens.project_id AND visitors.id = visitor_id);

-- How many tasks each queue has.
CREATE TABLE queues (
  project_id TEXT NOT NULL,
  queue TEXT NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (project_id, queue)
) WITHOUT ROWID;
INSERT INTO queues SELECT project_id, queue, count(*) FROM tasks GROUP BY project_id, queue;
CREATE TRIGGER task_added AFTER INSERT ON tasks BEGIN
  INSERT INTO queues (project_id, queue, tasks) VALUES (new.project_id, new.queue, 1)
    ON CONFLICT (project_id, queue) DO UPDATE SET tasks = tasks + 1;
END;
CREATE TRIGGER task_removed AFTER DELETE ON tasks BEGIN
  UPDATE queues SET tasks = tasks - 1 WHERE project_id = old.project_id AND queue = old.queue;
END;
`;

/** To the third schema. */
export const toSchema3 = (connection: Connection): void => connection.exec(SCHEMA_3);
