import { PocketPingError } from '@pocketping/core';
import type { Connection } from './connection.js';
import { SCHEMA_1 } from './schema-1.js';
import { toSchema2 } from './schema-2.js';
import { toSchema3 } from './schema-3.js';
import { SCHEMA_4 } from './schema-4.js';
import { SCHEMA_5 } from './schema-5.js';
import { SCHEMA_6 } from './schema-6.js';
import { SCHEMA_7 } from './schema-7.js';

/** In order; a file's `user_version` counts those it has been through. Never change one that was released. */
const MIGRATIONS: readonly ((connection: Connection) => void)[] = [
  (connection) => connection.exec(SCHEMA_1),
  toSchema2,
  toSchema3,
  (connection) => connection.exec(SCHEMA_4),
  (connection) => connection.exec(SCHEMA_5),
  (connection) => connection.exec(SCHEMA_6),
  (connection) => connection.exec(SCHEMA_7),
];

/**
 * Brings the file to this version's schema, all of it or nothing. Of several processes that start at once one migrates
 * and the others wait for it.
 * @throws PocketPingError when a newer version has been at the file
 */
export const migrate = (connection: Connection, file: string): void => {
  if (versionOf(connection, file) === MIGRATIONS.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of MIGRATIONS.slice(versionOf(connection, file))) migration(connection);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    connection.rollBack();
    throw error;
  }
};

const versionOf = (connection: Connection, file: string): number => {
  const [version] = connection.get<[number]>('PRAGMA user_version', []) ?? [0];
  if (version <= MIGRATIONS.length) return version;
  throw new PocketPingError(
    'unavailable',
    `${file} was written by a newer @pocketping/storage-sqlite (schema ${version}; this one knows ${MIGRATIONS.length}). Update the package, or name another file.`,
  );
};
