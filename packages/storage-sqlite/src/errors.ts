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
  const code = codeOf(error);
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1];
  return advice ? new PocketPingError('unavailable', advice(file), { cause: error }) : error;
};

/** libsql names primary result codes only; an extended one has the primary one in its lowest byte. */
const codeOf = (error: Error): string => {
  const { code, rawCode } = error as { code?: unknown; rawCode?: unknown };
  const primary = typeof rawCode === 'number' ? PRIMARY[rawCode & 0xff] : undefined;
  return primary ?? (typeof code === 'string' && code !== '' ? code : error.message);
};

const PRIMARY: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** Whether somebody else has a lock, and trying again later may help. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && /BUSY|LOCKED/.test(codeOf(error.cause));
