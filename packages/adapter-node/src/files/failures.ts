import { PocketPingError } from '@pocketping/core';

/**
 * What the system's error codes mean to whoever runs the app.
 * @see https://man7.org/linux/man-pages/man3/errno.3.html
 */
const ADVICE: readonly (readonly [codes: RegExp, advice: (folder: string) => string])[] = [
  [
    /^(ENOSPC|EDQUOT)$/,
    (folder) => `The disk that holds ${folder} is full. Free some space; nothing was written.`,
  ],
  [
    /^EFBIG$/,
    (folder) => `The file is larger than the system lets one in ${folder} become; nothing was written.`,
  ],
  [
    /^(EACCES|EPERM|EROFS)$/,
    (folder) => `${folder} cannot be used. Give this process the right to read and write in it.`,
  ],
  [
    /^(ENOTDIR|EEXIST)$/,
    (folder) => `${folder} is not a folder, or something in it is not one of the store's. Name another.`,
  ],
  [/^ENOENT$/, (folder) => `${folder} is gone. Call init() first, and leave the folder to the store.`],
  [
    /^(EMFILE|ENFILE)$/,
    () => 'Too many files are open. Raise the limit (ulimit -n); the call may be repeated.',
  ],
  [/^EIO$/, (folder) => `The disk that holds ${folder} failed to read or write. See the system's log.`],
];

/** A failure of the file system in words that help; every other error as it is. */
export const explained = (error: unknown, folder: string): unknown => {
  if (!isOfSystem(error)) return error;
  const advice = ADVICE.find(([codes]) => codes.test(error.code))?.[1];
  return advice ? new PocketPingError('unavailable', advice(folder), { cause: error }) : error;
};

export const isMissing = (error: unknown): boolean => isOfSystem(error) && error.code === 'ENOENT';

const isOfSystem = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
