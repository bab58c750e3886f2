import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftBehind, nameOfWrite } from './writers.js';

/**
 * Where files are while they are being written: a folder beside the finished ones, on the same disk, so that a rename
 * finishes them. Whatever is in it when no process writes is rubbish, and one look finds it all.
 */
export class Incoming {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder, and removes what processes that died left in it. */
  async init(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      // Whoever wrote it may finish, or clean up as we do, between two of these steps.
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() && isLeftBehind(name, found.mtimeMs)) await unlink(path).catch(() => {});
    }
  }

  /**
   * Writes all of a stream, and waits until the disk has it. What fails leaves no file, and cancels the stream.
   * @returns the file's path
   */
  async write(bytes: ReadableStream<Uint8Array>): Promise<string> {
    const path = join(this.#folder, nameOfWrite());
    try {
      const handle = await open(path, 'wx', 0o600);
      try {
        for await (const chunk of bytes) {
          for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      return path;
    } catch (error) {
      if (!bytes.locked) await bytes.cancel(error).catch(() => {});
      await unlink(path).catch(() => {});
      throw error;
    }
  }
}
