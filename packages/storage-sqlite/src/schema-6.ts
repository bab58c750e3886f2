/**
 * To the sixth schema: which sessions were reached, beside their status, so that those of a status are found among the many
 * windows that were opened and said nothing. NULL for no.
 */
export const SCHEMA_6 = `
ALTER TABLE sessions ADD COLUMN reached INTEGER;
UPDATE sessions SET reached = 1 WHERE ordinal IN (SELECT session FROM heads WHERE reached_at IS NOT NULL);
CREATE INDEX sessions_reached ON sessions (project_id, status) WHERE reached IS NOT NULL;
`;
