import AsyncDatabase from 'libsql/promise';

/**
 * Moves what was written from the write-ahead log into the file, on another thread and by a connection of its own: moving
 * waits for the disk, and nobody else should. What is written meanwhile stays for the next time.
 * @see https://www.sqlite.org/wal.html#ckpt
 */
export class Checkpoints {
  readonly #file: string;
  #database: AsyncDatabase | null = null;
  #written = 0;
  #running: Promise<void> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Counts writes, and starts when there were enough. */
  written(works: number): void {
    this.#written += works;
    if (this.#written < WORKS || this.#running) return;
    this.#written = 0;
    this.#running = this.#move().finally(() => {
      this.#running = null;
    });
  }

  async close(): Promise<void> {
    await this.#running;
    this.#database?.close();
    this.#database = null;
  }

  /** A failure is none: the log keeps growing, and the writer's own connection tries too, and tells what is wrong. */
  async #move(): Promise<void> {
    try {
      this.#database ??= new AsyncDatabase(this.#file, {});
      await this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      this.#database?.close();
      this.#database = null;
    }
  }
}

/** Some 40 MiB of log. The more is moved at once, the fewer pages: one that changed a hundred times is moved once. */
const WORKS = 1500;
