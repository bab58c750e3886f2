import type { Storage, StoredMessage, StoredSession } from '@pocketping/core';
import pg from 'pg';

export class PostgresStorage implements Storage {
  readonly #pool: pg.Pool;

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ connectionString });
  }

  async init() {
    await this.#pool.query(`
      CREATE TABLE IF NOT EXISTS sessions (
        id text PRIMARY KEY, visitor_id text NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL,
        metadata jsonb NOT NULL, identity jsonb, state text NOT NULL
      );
      CREATE TABLE IF NOT EXISTS messages (
        id text PRIMARY KEY, session_id text NOT NULL REFERENCES sessions ON DELETE CASCADE, type text NOT NULL,
        content text NOT NULL, created_at timestamptz NOT NULL, state text NOT NULL
      );
      CREATE INDEX IF NOT EXISTS messages_of_session ON messages (session_id, created_at)`);
  }

  async createSession(session: StoredSession) {
    const { id, visitorId, status, createdAt, metadata, identity, state } = session;
    await this.#pool.query(
      `INSERT INTO sessions (id, visitor_id, status, created_at, metadata, identity, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (id) DO UPDATE SET status = $3, metadata = $5, identity = $6, state = $7`,
      [id, visitorId, status, createdAt, metadata, identity, state],
    );
  }

  updateSession(session: StoredSession) {
    return this.createSession(session);
  }

  async getSession(id: string) {
    const { rows } = await this.#pool.query('SELECT * FROM sessions WHERE id = $1', [id]);
    return rows[0];
  }

  async getSessions() {
    const { rows } = await this.#pool.query("SELECT * FROM sessions WHERE status <> 'ended'");
    return rows;
  }

  async saveMessage(sessionId: string, message: StoredMessage) {
    const { id, type, content, createdAt, state } = message;
    await this.#pool.query(
      `INSERT INTO messages (id, session_id, type, content, created_at, state) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET content = $4, state = $6`,
      [id, sessionId, type, content, createdAt, state],
    );
  }

  updateMessage(sessionId: string, message: StoredMessage) {
    return this.saveMessage(sessionId, message);
  }

  // The type of a note is 'note', and comes back from its column.
  saveNote(sessionId: string, note: StoredMessage) {
    return this.saveMessage(sessionId, note);
  }

  async getMessages(sessionId: string) {
    const { rows } = await this.#pool.query(
      'SELECT * FROM messages WHERE session_id = $1 ORDER BY created_at',
      [sessionId],
    );
    return rows;
  }

  close() {
    return this.#pool.end();
  }
}
