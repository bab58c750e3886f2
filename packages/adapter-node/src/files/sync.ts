import { open } from 'node:fs/promises';

/**
 * Makes what was created, renamed or removed in a folder survive a power cut: on Linux that takes a sync of the folder
 * itself. Windows knows no such thing, and some network file systems refuse it.
 * @see https://man7.org/linux/man-pages/man2/fsync.2.html
 */
export const syncFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNSUPPORTED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
};

const UNSUPPORTED = new Set(['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP', 'ENOSYS']);
