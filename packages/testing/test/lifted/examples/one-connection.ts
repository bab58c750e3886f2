import type { Storage, StoredMessage, StoredSession } from '@pocketping/core';
import pg from 'pg';

/** As the documentation of the Ruby SDK shows it: one connection, and the first row or nothing. */
export class PostgresStorage implements Storage {
  private conn: pg.Client;

  constructor(connectionString: string) {
    this.conn = new pg.Client({ connectionString });
    this.conn.connect();
  }

  createSession(session: StoredSession) {
    return this.conn.query('INSERT INTO sessions (id, visitor_id, created_at) VALUES ($1, $2, $3)', [
      session.id,
      session.visitorId,
      session.createdAt,
    ]);
  }

  async getSession(id: string) {
    const result = await this.conn.query('SELECT * FROM sessions WHERE id = $1', [id]);
    return result.rows[0];
  }

  saveMessage(sessionId: string, message: StoredMessage) {
    return this.conn.query(
      'INSERT INTO messages (id, session_id, content, type, created_at) VALUES ($1, $2, $3, $4, $5)',
      [message.id, sessionId, message.content, message.type, message.createdAt],
    );
  }

  async getMessages(sessionId: string) {
    const result = await this.conn.query('SELECT * FROM messages WHERE session_id = $1 ORDER BY created_at', [
      sessionId,
    ]);
    return result.rows;
  }

  close() {
    return this.conn.end();
  }
}
