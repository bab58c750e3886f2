import { createServer } from 'node:http';
import Database from 'libsql';
import { databaseFile } from './database-file.js';
import { readJson } from './read-json.js';
import { listen, type Subject } from './subject.js';

/** One row for each request, by the driver that the SQLite storage uses, in a file set up as it sets up its own. */
export async function rawInsert(): Promise<Subject> {
  const database = new Database(databaseFile());
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536',
  );
  database.exec(
    `CREATE TABLE messages (id INTEGER PRIMARY KEY, session TEXT NOT NULL, client_message_id TEXT NOT NULL,
      content TEXT NOT NULL, created_at INTEGER NOT NULL)`,
  );
  const insert = database.prepare(
    'INSERT INTO messages (session, client_message_id, content, created_at) VALUES (?, ?, ?, ?)',
  );
  const server = createServer((req, res) => {
    readJson(req, (body) => {
      const { sessionId, clientMessageId, content } = body as Record<string, string>;
      const now = Date.now();
      const { lastInsertRowid } = insert.run([sessionId, clientMessageId, content, now]);
      const json = JSON.stringify({ messageId: Number(lastInsertRowid), timestamp: new Date(now) });
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
      res.end(json);
    });
  });
  return { port: await listen(server) };
}
