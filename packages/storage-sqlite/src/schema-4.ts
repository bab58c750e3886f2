/** To the fourth schema: the visitors that the team keeps out. They are few, and looked for with every message. */
export const SCHEMA_4 = `
CREATE TABLE blocks (
  project_id TEXT NOT NULL DEFAULT 'default',
  visitor_id TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (project_id, visitor_id),
  FOREIGN KEY (project_id, visitor_id) REFERENCES visitors (project_id, id)
) WITHOUT ROWID;
`;
