import type { Committed, Conflict, Message, WriteSet } from '@pocketping/core';
import type { Connection } from './connection.js';
import { readLog, readMessage, readSession } from './reads.js';
import { PROJECT } from './rows.js';

type Dedupe = NonNullable<WriteSet['dedupe']>;

/** What a commit wrote, to find it again. */
interface Result {
  readonly session: string | null;
  /** The seqs of its first and its last event, empty if the last is lower. */
  readonly events: readonly [first: number, last: number];
  readonly messages: readonly string[];
}

/** @returns false when the key is known already */
export const remember = (connection: Connection, { scope, key, digest }: Dedupe, result: Result): boolean =>
  connection.run(REMEMBER, [scope, key, digest, JSON.stringify(result)]) > 0;

/** What an earlier commit with this key came to; undefined if there was none. */
export const repeated = (
  connection: Connection,
  { scope, key, digest }: Dedupe,
): Committed | Conflict | undefined => {
  const earlier = connection.get<[digest: string, result: string]>(EARLIER, [scope, key]);
  if (!earlier) return undefined;
  if (earlier[0] !== digest) return { conflict: 'dedupe' };
  const { session, events, messages } = JSON.parse(earlier[1]) as Result;
  const [first, last] = events;
  const page = { after: first - 1, limit: last - first + 1 };
  return {
    session: session === null ? null : readSession(connection, session),
    events: session === null ? [] : readLog(connection, session, page).map(({ event }) => event),
    messages: messages.map((id) => readMessage(connection, id) as Message),
    duplicate: true,
  };
};

const REMEMBER = `INSERT INTO dedupes (scope, key, digest, result) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const EARLIER = `SELECT digest, result FROM dedupes WHERE project_id = ${PROJECT} AND scope = ? AND key = ?`;
