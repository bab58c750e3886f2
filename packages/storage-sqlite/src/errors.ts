import { PocketPingError } from '@pocketping/core';

/**
 * What SQLite's result codes mean to whoever runs the app.
 * @see https://www.sqlite.org/rescode.html
 */
const ADVICE: readonly (readonly [code: RegExp, advice: (file: string) => string])[] = [
  [/FULL/, (file) => `The disk that holds ${file} is full. Free some space; nothing was written.`],
  [
    /READONLY|SQLITE_PERM/,
    (file) => `${file} cannot be written. Give this process write access to the file and its folder.`,
  ],
  [
    /CANTOPEN|ConnectionFailed|^E(ACCES|ROFS|NOTDIR|EXIST|PERM)$/,
    (file) => `${file} cannot be opened. It must be a file in a folder that this process may write to.`,
  ],
  [/NOTADB/, (file) => `${file} is not a SQLite database. Name another file, or move this one away.`],
  [
    /CORRUPT/,
    (file) =>
      `${file} is damaged. Stop every process that uses it and restore a backup, or try "sqlite3 ${file} .recover".`,
  ],
  [
    /BUSY|LOCKED/,
    (file) => `Another process keeps ${file} locked. Find it and let it finish; the call may be repeated.`,
  ],
  [/IOERR/, (file) => `The disk that holds ${file} failed to read or write. See the system's log.`],
];

/** A failure of the database in words that help; every other error as it is. */
export const explained = (error: unknown, file: string): unknown => {
  if (!(error instanceof Error) || PocketPingError.isInstance(error)) return error;
  const code = 'code' in error && typeof error.code === 'string' && error.code ? error.code : error.message;
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1];
  return advice ? new PocketPingError('unavailable', advice(file), { cause: error }) : error;
};

/** Whether somebody else held the lock for longer than `busy_timeout`. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  /BUSY|LOCKED/.test(String(error.cause.code));
