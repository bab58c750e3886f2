import type { Storage, StoredMessage, StoredSession } from '@pocketping/core';
import pg from 'pg';

/** As the documentation of the Python SDK shows it: a connection for each call. */
export class PostgresStorage implements Storage {
  constructor(private dsn: string) {}

  async createSession(session: StoredSession): Promise<void> {
    const conn = await this.connect();
    await conn.query('INSERT INTO sessions (id, visitor_id, created_at) VALUES ($1, $2, $3)', [
      session.id,
      session.visitorId,
      session.createdAt,
    ]);
    await conn.end();
  }

  async getSession(sessionId: string): Promise<object | null> {
    const conn = await this.connect();
    const { rows } = await conn.query('SELECT * FROM sessions WHERE id = $1', [sessionId]);
    await conn.end();
    return rows[0] ? { ...rows[0] } : null;
  }

  async saveMessage(sessionId: string, message: StoredMessage): Promise<void> {
    const conn = await this.connect();
    await conn.query(
      'INSERT INTO messages (id, session_id, content, type, created_at) VALUES ($1, $2, $3, $4, $5)',
      [message.id, sessionId, message.content, message.type, message.createdAt],
    );
    await conn.end();
  }

  async getMessages(sessionId: string): Promise<object[]> {
    const conn = await this.connect();
    const { rows } = await conn.query('SELECT * FROM messages WHERE session_id = $1 ORDER BY created_at', [
      sessionId,
    ]);
    await conn.end();
    return rows.map((row) => ({ ...row }));
  }

  private async connect(): Promise<pg.Client> {
    const conn = new pg.Client({ connectionString: this.dsn });
    await conn.connect();
    return conn;
  }
}
