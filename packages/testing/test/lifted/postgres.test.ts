import { PocketPing, type Storage } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describeWith, postgresDatabase } from '@pocketping/testing/servers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitor } from '../engine/house.js';
import { PostgresStorage as OneConnection } from './examples/one-connection.js';
import { PostgresStorage } from './examples/postgres-storage.js';

describeWith(await postgresDatabase(), 'the documented storages on a real PostgreSQL', ({ url, stop }) => {
  const client = new pg.Client({ connectionString: url });
  beforeAll(() => client.connect());
  afterAll(async () => {
    await client.end();
    await stop();
  });

  describe.each<[string, string, () => Storage]>([
    ['a connection for each call', 'timestamptz', () => new PostgresStorage(url)],
    ['one connection', 'timestamptz', () => new OneConnection(url)],
    ['columns without a time zone', 'timestamp', () => new OneConnection(url)],
  ])('with %s', (_, type, create) => {
    beforeAll(async () => {
      await client.query(`
        DROP TABLE IF EXISTS messages, sessions;
        CREATE TABLE sessions (id text PRIMARY KEY, visitor_id text NOT NULL, created_at ${type} NOT NULL);
        CREATE TABLE messages (
          id text PRIMARY KEY, session_id text NOT NULL REFERENCES sessions, content text NOT NULL, type text NOT NULL,
          created_at ${type} NOT NULL
        )`);
    });
    const begin = () => new PocketPing({ storage: create(), logger: recordingLogger() });
    const shown = async (pp: PocketPing, sessionId: string) => ({
      session: await pp.getSession(sessionId),
      messages: await pp.getMessages(sessionId),
    });
    const visited = async () => {
      const pp = begin();
      const guest = await visitor({ pp });
      await Promise.all([guest.say('hello'), pp.sendMessage(guest.sessionId, { content: 'Hi', type: 'ai' })]);
      await pp.sendMessage(guest.sessionId, { content: 'I am Ada', name: 'Ada' });
      await guest.say("Robert'); DROP TABLE messages; --");
      const before = await shown(pp, guest.sessionId);
      expect(before.messages).toHaveLength(4);
      await pp.stop();
      return { ...guest, before };
    };

    it('shows sessions and messages after a restart: what there are columns for', async () => {
      const { sessionId, before } = await visited();
      const pp = begin();
      const after = await shown(pp, sessionId);
      const { id, visitorId, createdAt } = before.session ?? {};
      expect(after.session).toMatchObject({ id, visitorId, createdAt, status: 'open' });
      const columns = ({ messages }: typeof before) =>
        messages.map(({ id, sender, content, timestamp }) => ({
          id,
          sender,
          content,
          timestamp: +timestamp,
        }));
      const exact = columns(before).map((message) => ({
        ...message,
        // Those of one millisecond are told apart by the next.
        timestamp: expect.closeTo(message.timestamp, -1),
      }));
      expect(columns(after)).toEqual(exact);
      await pp.stop();
    });

    it('says that visitors begin anew, and opens the old conversation to nobody', async () => {
      const { sessionId, token, before } = await visited();
      const logger = recordingLogger();
      const pp = new PocketPing({ storage: create(), logger });
      await expect(pp.conversation.authenticate(token)).rejects.toMatchObject({ code: 'unauthorized' });
      expect(logger.lines.filter(({ message }) => message.includes('without its state'))).toHaveLength(1);
      const anew = await visitor({ pp }, before.session?.visitorId);
      expect(anew.actor.id).not.toBe(before.session?.visitorId);
      await expect(pp.conversation.messages(anew.actor, { sessionId, limit: 9 })).rejects.toMatchObject({
        code: 'session_not_found',
      });
      await pp.sendMessage(sessionId, { content: 'for the record' });
      const { rows } = await client.query('SELECT type FROM messages WHERE session_id = $1', [sessionId]);
      expect(rows).toHaveLength(5);
      await pp.stop();
    });

    it('commits nothing that the database refuses', async () => {
      const { sessionId } = await visited();
      const pp = begin();
      await expect(pp.sendMessage(sessionId, { content: 'a \u0000 byte' })).rejects.toMatchObject({
        code: expect.stringMatching(/unavailable|validation_failed/),
      });
      expect(await pp.getMessages(sessionId)).toHaveLength(4);
      expect(await pp.sendMessage(sessionId, { content: 'without' })).toMatchObject({ content: 'without' });
      await pp.stop();
    });
  });
});
