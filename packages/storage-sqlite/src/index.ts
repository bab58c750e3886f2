export type { SqliteDatabase, SqliteStatement, SqliteValue } from './connection.js';
export { SqliteStorage, type SqliteStorageOptions } from './storage.js';
